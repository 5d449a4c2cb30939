#!/usr/bin/env python3
"""TERM under load: nothing that was begun before is lost, and siftd ends in order.

    term.py SIFTD [TIMES]

Each time (3 unless said otherwise) 32 connections send messages, eight of them slowly, and siftd gets a
TERM in the middle.
"""
import collections, os, random, sys, threading, time

import milter
from daemon import HAM, SPAM, Report, Siftd

CONNECTIONS, SLOW = 32, 8
# A MAIL this shortly before the TERM may still have been under way when the drain began.
MARGIN = 0.2


class Client(threading.Thread):
    """Sends until nobody listens; notes when each message began and how it ended."""

    def __init__(self, daemon, number):
        super().__init__(daemon=True)
        self.siftd, self.number, self.messages = daemon, number, []
        self.pause = (lambda: time.sleep(random.uniform(0.2, 0.8))) if number < SLOW else (lambda: None)

    def run(self):
        count = 0
        while True:
            try:
                connection = milter.Connection(self.siftd.address, timeout=60)
                connection.greet()
            except (OSError, milter.ProtocolError):
                return
            with connection:
                while True:
                    count += 1
                    queue_id = f"4X{self.number}N{count}"
                    begun = time.monotonic()
                    try:
                        outcome = connection.deliver(SPAM if count % 2 else HAM, queue_id, self.pause)
                        kind = outcome.kind
                        if kind == "judged" and outcome.is_spam != bool(count % 2):
                            kind = "wrong verdict"
                    except (OSError, milter.ProtocolError) as error:
                        kind = f"lost: {error}"
                    self.messages.append((queue_id, begun, kind))
                    if kind.startswith("lost"):
                        break


def once(binary, report, totals):
    with Siftd(binary) as daemon:
        clients = [Client(daemon, number) for number in range(CONNECTIONS)]
        for client in clients:
            client.start()
        time.sleep(random.uniform(3, 6))
        term = time.monotonic()
        daemon.process.terminate()
        status = daemon.process.wait(60)
        seconds = time.monotonic() - term
        for client in clients:
            client.join(60)
        report.expect(not any(client.is_alive() for client in clients), "a client never got an answer")
        report.expect(status == 0, f"exit status {status}")
        report.expect(not os.path.exists(daemon.path), "the socket file is still there")
        answered = set()
        for client in clients:
            for queue_id, begun, kind in client.messages:
                when = "before TERM" if begun < term - MARGIN else "at TERM" if begun < term else "after TERM"
                totals[f"{when}: {kind}"] += 1
                if when == "before TERM":
                    report.expect(kind == "judged", f"a message begun {term - begun:.2f} s before TERM: {kind}")
                else:
                    report.expect(kind in ("judged", "421") or kind.startswith("lost"), f"{when}: {kind}")
                if kind in ("judged", "421"):
                    answered.add(queue_id)
        lines = daemon.logged()
        report.expect(all(count == 1 for count in lines.values()), "a queue id has two log lines")
        report.expect(answered <= set(lines), "an answered message has no log line")
        # A message may be judged and its client lost before the answer got through, no more.
        totals["log lines without an answer"] += len(set(lines) - answered)
        return seconds


def main():
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    report, totals = Report("TERM under load"), collections.Counter()
    seconds = [once(sys.argv[1], report, totals) for _ in range(times)]
    report.add("times", times)
    report.add("time until exit", ", ".join(f"{value:.1f} s" for value in seconds))
    for kind, count in sorted(totals.items()):
        report.add(kind, count)
    report.finish()


main()
