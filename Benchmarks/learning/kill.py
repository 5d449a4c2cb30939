#!/usr/bin/env python3
"""kill -9 of the daemon while labels are given: none that was acknowledged may be lost or counted twice.

    kill.py SIFTD CORPORA [ROUNDS]

In each round (200) the daemon starts on the same labels, four clients teach, relabel and forget messages,
and the daemon is killed at a random moment. Then every message must be as its last acknowledged answer
left it, or as a request in progress would have; the daemon must start and hold as many labels as that;
and its layer must give the same score as a replay without the cache.
"""
import json, os, random, re, subprocess, sys, threading, time, urllib.request

from control import Connection, mail, ready, settings
from daemon import Siftd

binary, corpora = sys.argv[1:3]
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 200
CLIENTS = 4

messages = [message for label in ("ham", "spam") for _, message in mail(corpora, "recent-2025", label)]
folder = "/tmp/siftd-kill-learn"
subprocess.run(["rm", "-rf", folder])
os.mkdir(folder)
random.seed(7)

known = {}      # number of a message: the label that was acknowledged last
pending = {}    # number of a message: what a request in progress wants
acknowledged = 0


def work(client, path):
    """Teaches the messages of its own share until the daemon dies."""
    global acknowledged
    control = Connection(path)
    while True:
        number = random.randrange(len(messages) // CLIENTS) * CLIENTS + client
        if number >= len(messages):
            continue
        label = random.choice(["spam", "ham", "spam", "ham", "forget"])
        pending[number] = label
        try:
            control.teach(messages[number], label)
        except Exception:
            return
        known[number] = label
        del pending[number]
        acknowledged += 1


def score(port, message):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/classify", message,
                                     {"Content-Type": "message/rfc822"})
    return json.load(urllib.request.urlopen(request))


def check():
    """Compares the store with what was acknowledged."""
    rows = subprocess.run(
        ["sqlite3", folder + "/labels.sqlite", "PRAGMA integrity_check; "
         "SELECT count(*), count(DISTINCT digest), sum(state = 'active') FROM label"],
        capture_output=True, text=True, check=True).stdout.split()
    assert rows[0] == "ok", rows
    count, distinct, active = (int(field or 0) for field in rows[1].split("|"))
    assert count == distinct, f"{count} labels of {distinct} messages"
    sure = sum(label != "forget" for number, label in known.items() if number not in pending)
    assert sure <= count <= sure + len(pending), f"{count} labels, {sure} sure, {len(pending)} pending"
    # Near-identical messages count once.
    return active


for number in range(rounds):
    pending.clear()
    with Siftd(binary, settings(folder)) as siftd:
        ready(siftd, folder)
        threads = [threading.Thread(target=work, args=(client, folder + "/control.sock"), daemon=True)
                   for client in range(CLIENTS)]
        for thread in threads:
            thread.start()
        time.sleep(random.uniform(0.05, 1.0))
        siftd.process.kill()
        siftd.process.wait()
        for thread in threads:
            thread.join()
    open_requests = dict(pending)
    count = check()
    with Siftd(binary, settings(folder)) as siftd:
        port = ready(siftd, folder)
        held = int(re.search(r"learning_started labels=(\d+)", siftd.log()).group(1))
        assert held == count, f"the layer has {held} labels, the store {count}"
        control = Connection(folder + "/control.sock")
        # What each message's label is now: teaching it again must be known already.
        for message, label in known.items():
            if message in open_requests or label == "forget" or random.random() > 0.1:
                continue
            answer = control.teach(messages[message], label)
            assert answer["outcome"] == "alreadyKnown", (message, label, answer)
        # What a request in progress left behind is settled now.
        for message in open_requests:
            control.teach(messages[message], "forget")
            known[message] = "forget"
        if number % 20 == 0:
            live = score(port, messages[0])["spam_probability"]
            os.path.exists(folder + "/layer") and os.remove(folder + "/layer")
            replayed = json.loads(subprocess.run(
                [binary, "classify", "--json", "--config", siftd.config, "--model",
                 re.search(r'directory = "([^"]*starter)"', open(siftd.config).read()).group(1), "-"],
                input=messages[0], capture_output=True).stdout)["spam_probability"]
            assert live == replayed, (live, replayed)
    if number % 20 == 19:
        print(f"{number + 1} rounds, {acknowledged} labels acknowledged, {count} in force", flush=True)
print(f"{rounds} kills: store and layer valid after each, {acknowledged} acknowledged, none lost, "
      "none counted twice")
