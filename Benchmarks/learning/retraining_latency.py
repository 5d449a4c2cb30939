#!/usr/bin/env python3
"""Time at end-of-message while a retraining runs, and without one.

    retraining_latency.py SIFTD CORPORA [MESSAGES]

Four connections send MESSAGES messages in all (2,000) of recent-2025 over the milter's socket, first alone, then
while `siftd retrain` refines the starter model as the daemon would: niced, with idle scheduling and idle I/O.
Rounds of both alternate, three of each. Prints median and p99 of the time from the end of the body to the answer,
with the load of the host.
"""
import glob, os, pathlib, signal, statistics, subprocess, sys, threading, time

from control import mail, ready
import milter
from daemon import STARTER, Siftd
from poison import read, write

binary, corpora = os.path.abspath(sys.argv[1]), sys.argv[2]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 2_000
CONNECTIONS, ROUNDS = 4, 3
folder = "/tmp/siftd-retraining-latency"
subprocess.run(["rm", "-rf", folder])
for name in ("labels", "registry"):
    os.makedirs(f"{folder}/{name}")
reservoir = pathlib.Path(__file__).resolve().parents[2] / "share/siftd/reservoir.bin"
messages = [message for label in ("ham", "spam") for _, message in mail(corpora, "recent-2025", label)]


def times(path):
    """Seconds at end-of-message."""
    found = []

    def work(offset):
        with milter.Connection(path) as connection:
            connection.greet()
            for number in range(offset, count, CONNECTIONS):
                connection.begin(messages[number % len(messages)])
                start = time.monotonic()
                connection.end(f"4X{number}")
                connection.outcome()
                found.append(time.monotonic() - start)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(1000 * t for t in found)


def child(process):
    """The process that trains; nil before it starts."""
    for path in glob.glob(f"/proc/{process.pid}/task/*/children"):
        found = open(path).read().split()
        if found:
            return int(found[0])
    return None


settings = {"learn.reservoir": f'"{reservoir}"', "learn.directory": f'"{folder}/labels"',
            "learn.socket": f'"{folder}/control.sock"', "learn.retrain_after": 0}
with Siftd(binary, settings) as siftd:
    ready(siftd, folder)
    write(f"{folder}/labels.csv", read(pathlib.Path(corpora))[0])
    retrain = [binary, "retrain", "--now", "--inactive", "--store", f"{folder}/labels", "--registry",
               f"{folder}/registry", "--model", str(STARTER), "--reservoir", str(reservoir), "--config", siftd.config]
    times(siftd.path)
    for number in range(ROUNDS):
        for running in (False, True):
            process = None
            if running:
                process = subprocess.Popen([*retrain, "--csv", f"{folder}/labels.csv"], stdout=subprocess.DEVNULL,
                                           stderr=subprocess.DEVNULL)
                # The table is stored first, by the parent.
                while not child(process):
                    assert process.poll() is None, "no retraining started"
                    time.sleep(0.1)
                trainer = child(process)
                time.sleep(2)
            result = times(siftd.path)
            word = "with a retraining" if running else "alone"
            still = "" if not process or process.poll() is None else ", which ended meanwhile"
            print(f"round {number + 1}, {word}{still}: median {statistics.median(result):.2f} ms, "
                  f"p99 {result[int(0.99 * (len(result) - 1))]:.2f} ms, load {os.getloadavg()[0]:.1f}", flush=True)
            if process:
                if process.poll() is None:
                    os.kill(trainer, signal.SIGKILL)
                process.wait()
