#!/usr/bin/env python3
"""More messages at once than siftd wants.

    overload.py SIFTD [CONNECTIONS]

500 connections (unless said otherwise) each send a message with a body of 200 KB, interleaved and slowly,
all end at the same time, then send small ones as fast as they can: with the default
milter.message_limit, with 50, and with 50 and on_overload = "accept". Afterwards a fresh message must be
judged at once, and threads and descriptors must go back.
"""
import collections, sys, time

import milter
from daemon import HAM, SPAM, Report, Siftd

STEPS, STEP = 25, 8192
FAST_ROUNDS = 10


def body():
    text = HAM.partition(b"\n\n")[2].replace(b"\n", b"\r\n")
    return (text * (STEPS * STEP // len(text) + 1))[:STEPS * STEP]


def slow_load(connections, counts):
    """Every connection's message grows by one chunk at a time."""
    for connection in connections:
        connection.mail()
        connection.rcpt()
        connection.header(b"Subject", b"minutes")
        connection.header(b"From", b"<sender@example.net>")
        connection.eoh()
    data, skipped = body(), set()
    for step in range(STEPS):
        going = [connection for connection in connections if connection not in skipped]
        for connection in going:
            connection.send(b"B", data[step * STEP:(step + 1) * STEP])
        for connection in going:
            if connection.receive()[0] == b"s":
                skipped.add(connection)
        time.sleep(0.1)
    start = time.monotonic()
    for number, connection in enumerate(connections):
        connection.end(f"4XSLOW{number}")
    for connection in connections:
        counts[connection.outcome().kind] += 1
    return time.monotonic() - start


def fast_load(connections, counts):
    """All connections send whole messages at once, without waiting for each other's answers."""
    fields, text = milter.split(SPAM)
    start = time.monotonic()
    for count in range(FAST_ROUNDS):
        for number, connection in enumerate(connections):
            connection.mail()
            connection.rcpt()
            for name, value in fields:
                connection.header(name, value)
            connection.eoh()
            connection.send(b"B", text)
            connection.end(f"4XFAST{count}N{number}")
        for connection in connections:
            command, _ = connection.receive()
            if command not in b"cs":
                raise milter.ProtocolError(f"a body was answered with {command}")
            outcome = connection.outcome()
            counts[outcome.kind if outcome.is_spam is not False else "wrong verdict"] += 1
    return time.monotonic() - start


def scenario(binary, name, settings, allowed, count, report):
    with Siftd(binary, settings) as daemon:
        daemon.check()
        before = daemon.usage()
        connections = [milter.Connection(daemon.address, timeout=60) for _ in range(count)]
        for connection in connections:
            connection.greet()
        slow, fast = collections.Counter(), collections.Counter()
        slow_seconds = slow_load(connections, slow)
        middle = daemon.usage()
        fast_seconds = fast_load(connections, fast)
        start = time.monotonic()
        daemon.check("4XFRESH")
        fresh = time.monotonic() - start
        for connection in connections:
            connection.quit()
            connection.close()
        expected = before["threads"] + 8, before["fds"] + 4
        end = time.monotonic() + 15
        while time.monotonic() < end:
            after = daemon.usage()
            if after["threads"] <= expected[0] and after["fds"] <= expected[1]:
                break
            time.sleep(0.2)
        report.expect(after["threads"] <= expected[0], f"{name}: {after['threads']} threads stay")
        report.expect(after["fds"] <= expected[1], f"{name}: {after['fds']} descriptors stay")
        for counts in slow, fast:
            report.expect(set(counts) <= allowed, f"{name}: answers {dict(counts)}")
        # Of messages that all are there at once as many as may be in work are judged.
        limit = settings.get("milter.message_limit", 1000)
        report.expect(slow["judged"] == min(count, limit), f"{name}: {slow['judged']} large messages judged")
        report.expect(fresh < 2, f"{name}: {fresh:.1f} s to a fresh verdict")
        lines = daemon.logged()
        report.expect(sum(lines.values()) == count * (1 + FAST_ROUNDS) + 4, f"{name}: {sum(lines.values())} lines")
        text = lambda counts: ", ".join(f"{value} {key}" for key, value in sorted(counts.items()))
        report.add(name, "")
        report.add("  large messages", f"{text(slow)}; all answered in {slow_seconds:.2f} s")
        report.add("  small messages", f"{text(fast)}; {sum(fast.values()) / fast_seconds:.0f} a second")
        report.add("  RSS before, peak, after", "%.0f, %.0f, %.0f MiB" % (before["rss"], after["peak"], after["rss"]))
        for key in "threads", "fds":
            report.add(f"  {key} before, in it, after", f"{before[key]}, {middle[key]}, {after[key]}")
        report.add("  a fresh ham and spam judged in", f"{fresh * 1000:.0f} ms")


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    report = Report(f"{count} connections")
    scenario(sys.argv[1], "message_limit 1000", {}, {"judged"}, count, report)
    scenario(sys.argv[1], "message_limit 50", {"milter.message_limit": 50}, {"judged", "451"}, count, report)
    scenario(sys.argv[1], "message_limit 50, on_overload accept",
             {"milter.message_limit": 50, "policy.on_overload": '"accept"'}, {"judged", "unscanned"}, count, report)
    report.finish()


main()
