#!/usr/bin/env python3
"""Throughput of siftd's spamd port beside SpamAssassin's spamd: same mail, same client, by turns.

    throughput.py --siftd SIFTD --mail FOLDER_OR_TAR_ZST [--messages N] [--connections N] [--rounds N]

Each round sends the same messages to both, one connection each as spamc does, from a few client
threads. spamd runs with local tests only and as many children as there are connections. Both keep
running, idle when it is not their turn. A figure is the median of all rounds.
"""
import argparse, os, statistics, threading, time
import rig

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
parser.add_argument("--siftd", required=True)
parser.add_argument("--model", default=f"{rig.checkout}/share/siftd/models/starter")
parser.add_argument("--mail", required=True)
parser.add_argument("--messages", type=int, default=150)
parser.add_argument("--connections", type=int, default=os.cpu_count())
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--repeats", type=int, default=10, help="how often siftd gets the mail a round")
options = parser.parse_args()


def measure(daemon, command, messages):
    """Messages a second, and milliseconds of CPU a message."""
    todo = iter(messages)
    lock = threading.Lock()
    failures = []

    def client():
        while True:
            with lock:
                message = next(todo, None)
            if message is None:
                return
            if not rig.score(daemon.ask(command, message)):
                failures.append(1)

    cpu, begun = rig.cpu_seconds(daemon.pid), time.monotonic()
    threads = [threading.Thread(target=client) for _ in range(options.connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - begun
    if failures:
        print(f"{daemon.name}: {len(failures)} of {len(messages)} messages were not judged")
    return len(messages) / seconds, (rig.cpu_seconds(daemon.pid) - cpu) / len(messages) * 1000


messages = rig.mail(options.mail, options.messages)
size = sum(map(len, messages)) / len(messages)
print(f"{len(messages)} messages of {size / 1000:.1f} kB on average, {options.connections} connections, "
      f"{options.rounds} rounds; load before: {rig.load()}")
with rig.Rig() as place:
    daemons = [place.siftd(options.siftd, options.model), place.spamd(options.connections)]
    for daemon in daemons:
        measure(daemon, b"PROCESS", messages[:20])
    for command in (b"PROCESS", b"CHECK"):
        runs = {daemon.name: [] for daemon in daemons}
        for _ in range(options.rounds):
            for daemon in daemons:
                times = options.repeats if daemon.name == "siftd" else 1
                runs[daemon.name].append(measure(daemon, command, messages * times))
        print(f"\n| {command.decode()} | messages/s | lowest to highest | CPU a message |\n|---|---|---|---|")
        for name, results in runs.items():
            rates = [rate for rate, _ in results]
            print(f"| {name} | {statistics.median(rates):.1f} | {min(rates):.1f} to {max(rates):.1f} | "
                  f"{statistics.median(cpu for _, cpu in results):.2f} ms |")
        ratio = [a[0] / b[0] for a, b in zip(runs["siftd"], runs["SpamAssassin"])]
        print(f"\nsiftd / SpamAssassin, median of rounds: {statistics.median(ratio):.0f}")
print(f"load after: {rig.load()}")
