#!/usr/bin/env python3
"""From a label to a changed score in the running daemon.

    latency.py SIFTD CORPORA [LABELS] [LOAD]

LABELS messages (300) are taught through the control socket, each twice as the other class at first, while
LOAD clients (4) let the daemon classify mail without a pause. After each answer the next score over HTTP
must be another one. Prints milliseconds from the request to the answer, with the label on disk and in
force, and from a start of `siftd learn` to its end.
"""
import json, os, re, statistics, subprocess, sys, threading, time, urllib.request

from control import Connection, mail, ready, settings
from daemon import Siftd

binary, corpora = sys.argv[1:3]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 300
load = int(sys.argv[4]) if len(sys.argv) > 4 else 4


def classify(port, message):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/classify", message, {"Content-Type": "message/rfc822"})
    return json.load(urllib.request.urlopen(request))


def show(name, times):
    times = sorted(1000 * time for time in times)
    print(f"{name}: n {len(times)}, median {statistics.median(times):.2f} ms, "
          f"p99 {times[int(0.99 * (len(times) - 1))]:.2f} ms, largest {times[-1]:.2f} ms")


messages = [message for label in ("ham", "spam") for _, message in mail(corpora, "recent-2025", label)]
folder = "/tmp/siftd-latency"
subprocess.run(["rm", "-rf", folder])
os.mkdir(folder)
with Siftd(binary, settings(folder)) as siftd:
    port = ready(siftd, folder)
    goes_on = True

    def work(offset):
        number = offset
        while goes_on:
            classify(port, messages[number % len(messages)])
            number += 7

    for clients in (0, load):
        goes_on = True
        threads = [threading.Thread(target=work, args=(k,), daemon=True) for k in range(clients)]
        for thread in threads:
            thread.start()
        control = Connection(folder + "/control.sock")
        times, unchanged = [], 0
        for number in range(count):
            message = messages[number % len(messages)]
            before = classify(port, message)["spam_probability"]
            label = "ham" if before > 0.5 else "spam"
            start = time.monotonic()
            control.teach(message, label)
            times.append(time.monotonic() - start)
            unchanged += classify(port, message)["spam_probability"] == before
        show(f"label to effect, {clients} clients classify", times)
        print(f"  scores that did not change, at the bound or sure already: {unchanged}")
        times = []
        for number in range(30):
            start = time.monotonic()
            subprocess.run([binary, "learn", "--config", siftd.config, "--ham", "-"],
                           input=messages[number], check=True, stdout=subprocess.DEVNULL)
            times.append(time.monotonic() - start)
        show(f"siftd learn, {clients} clients classify", times)
        goes_on = False
        for thread in threads:
            thread.join()
