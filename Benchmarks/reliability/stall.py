#!/usr/bin/env python3
"""A session that libmilter forgets while a client is stuck inside a packet.

    stall.py SIFTD [TRIES]

libmilter hands a session with something to read to an idle worker thread, or starts one where none is
idle. It counts a worker as idle until that one runs: two sessions that become ready at once may both be
left to the same worker. If the first client is inside a packet, that worker waits for it, and the second
session waits for any worker to become free, which may be long on a quiet server. In each try some clients
send a piece of a packet, and two others come. A stall is an answer that takes longer than two seconds; it
is libmilter's, and no failure here as long as further clients set the session going again.
"""
import random, sys, time

import milter
from daemon import Report, Siftd

CLIENTS = 20

# A command without an answer, sent in pieces.
PACKET = milter.macros(b"C", j="mx")


def session(daemon):
    """Seconds until the negotiation of a new session is answered."""
    with milter.Connection(daemon.address, negotiate=False, timeout=2) as connection:
        connection.raw(milter.negotiation())
        start = time.monotonic()
        try:
            connection.receive()
        except TimeoutError:
            # Each further client sets one waiting session going, in their order.
            connection.socket.settimeout(0.2)
            for _ in range(2 * CLIENTS):
                other = milter.Connection(daemon.address, negotiate=False)
                other.raw(milter.negotiation())
                try:
                    connection.receive()
                    break
                except TimeoutError:
                    pass
                finally:
                    other.close()
            else:
                return float("inf")
        return time.monotonic() - start


def attempt(daemon, slow):
    for index, (connection, position) in enumerate(slow):
        end = position + random.randrange(1, len(PACKET))
        connection.raw((PACKET * 2)[position:end])
        slow[index] = connection, end % len(PACKET)
    # The second one comes while the first is still being closed.
    return max(session(daemon), session(daemon))


def main():
    report, tries = Report("stalls of libmilter"), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    with Siftd(sys.argv[1]) as daemon:
        slow = [(milter.Connection(daemon.address), 0) for _ in range(CLIENTS)]
        waits = [attempt(daemon, slow) for _ in range(tries)]
        stalls = sum(wait > 2 for wait in waits)
        report.add("tries", tries)
        report.add("stalls", stalls)
        report.add("longest wait", f"{max(waits):.2f} s")
        report.expect(max(waits) < 30, "a session was not set going by further clients")
        for connection, _ in slow:
            connection.close()
    report.finish()


main()
