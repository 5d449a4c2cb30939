#!/usr/bin/env python3
"""kill -9 of the retraining process, its parent, or both, while labels are given.

    kill_trainer.py SIFTD CORPORA [MINUTES] [ROUNDS]

A small model with its reservoir is trained first, so that a retraining takes seconds, and a table of 600
labels is stored. In each round `siftd retrain` starts, a daemon on the same store learns and forgets
messages, and processes of the retraining are killed: at a random moment of the whole run, or (half of the
rounds) within a moment of the candidate's first file. Then every acknowledged label must be in the store,
once; the registry must be readable and its active version score a message; the daemon's score must be that of
a replay of all labels without the cache. Every tenth round is not killed and must put a candidate in force.
"""
import collections, glob, json, os, pathlib, random, re, signal, subprocess, sys, threading, time, urllib.request

from control import Connection, mail, ready
from daemon import Siftd
from poison import read, write

binary, corpora = os.path.abspath(sys.argv[1]), sys.argv[2]
minutes = float(sys.argv[3]) if len(sys.argv) > 3 else 25
most = int(sys.argv[4]) if len(sys.argv) > 4 else 1_000
LABELS = {"ham": 350, "spam": 250}
folder = "/tmp/siftd-kill-trainer"
random.seed(11)


def run(*command, **options):
    return subprocess.run([binary, *map(str, command)], capture_output=True, text=True, **options)


subprocess.run(["rm", "-rf", folder])
for name in ("labels", "registry"):
    os.makedirs(f"{folder}/{name}")
done = run("train", "--data", f"{corpora}/modern-mail.tar.zst", "--data", f"{corpora}/modern-spam.tar.zst",
           "--split", f"{corpora}/modern-mail.split.tsv", "--split", f"{corpora}/modern-spam.split.tsv",
           "--vocabulary", 3000, "--filters", 8, "--epochs", 2, "--members", 1, "--output", f"{folder}/model",
           "--keep-reservoir", f"{folder}/reservoir.bin", "--reservoir-size", 300)
assert done.returncode == 0, done.stderr
rows, _ = read(pathlib.Path(corpora))
chosen = [row for label, count in LABELS.items() for row in [r for r in rows if r[1] == label][:count]]
write(f"{folder}/labels.csv", chosen)
messages = [message for label in ("ham", "spam") for _, message in mail(corpora, "recent-2025", label)]
acknowledged, pending = {}, None
retrain = ["retrain", "--now", "--hurry", "--store", f"{folder}/labels", "--registry", f"{folder}/registry",
           "--model", f"{folder}/model", "--reservoir", f"{folder}/reservoir.bin", "--max-accuracy-drop", 1,
           "--max-false-positive-rise", 1]


def sql(text):
    return subprocess.run(["sqlite3", f"{folder}/labels/labels.sqlite", text], capture_output=True, text=True,
                          check=True).stdout.split()


def teach(stop):
    """Teaches and forgets messages until the round is over."""
    global pending
    control = Connection(f"{folder}/control.sock")
    while not stop.is_set():
        number = random.randrange(len(messages))
        label = random.choice(["spam", "ham", "forget"])
        control.teach(messages[number], label)
        acknowledged[number] = label
        stop.wait(0.1)


def children(process):
    """Of any of its threads."""
    found = []
    for path in glob.glob(f"/proc/{process}/task/*/children"):
        try:
            found += [int(p) for p in open(path).read().split()]
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


def alive(process):
    try:
        return open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def check(siftd, port, base):
    """Store, layer and registry."""
    fields = sql("PRAGMA integrity_check; SELECT count(*), count(DISTINCT digest) FROM label; "
                 "SELECT count(*) FROM retraining WHERE state = 'running'; "
                 "SELECT count(*) FROM label WHERE state = 'active'")
    assert fields[0] == "ok", fields
    count, distinct = map(int, fields[1].split("|"))
    sure = sum(label != "forget" for label in acknowledged.values())
    assert count == distinct == base + sure, f"{count} labels of {distinct}, {base} + {sure} acknowledged"
    assert int(fields[2]) <= 1, fields
    listed = run("model", "list", "--json", "--registry", f"{folder}/registry")
    assert listed.returncode == 0, listed.stderr
    # An object a version, or a list.
    text = listed.stdout.strip()
    versions = json.loads(text) if text else []
    active = [v["id"] for v in versions if v["active"]]
    assert len(active) <= 1 and len(active) == os.path.islink(f"{folder}/registry/active"), versions
    for version in active + [v["id"] for v in versions][-1:]:
        scored = run("classify", "--no-labels", "--model", f"{folder}/registry/versions/{version}", "-",
                     input=messages[0].decode("latin-1"))
        assert scored.returncode in (0, 1, 2), scored.stderr
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/classify", messages[0],
                                     {"Content-Type": "message/rfc822"})
    # The daemon looks for labels of others every second.
    live = json.load(urllib.request.urlopen(request))["spam_probability"]
    if os.path.exists(f"{folder}/labels/layer"):
        os.remove(f"{folder}/labels/layer")
    replayed = subprocess.run([binary, "classify", "--json", "--config", siftd.config, "--model",
                               f"{folder}/model", "-"], input=messages[0], capture_output=True).stdout
    assert live == json.loads(replayed)["spam_probability"], (live, replayed)
    return int(fields[3]), len(versions)


settings = {"learn.reservoir": f'"{folder}/reservoir.bin"', "learn.directory": f'"{folder}/labels"',
            "learn.socket": f'"{folder}/control.sock"', "learn.retrain_after": 0,
            "learn.registry": f'"{folder}/registry"', "model.directory": f'"{folder}/model"'}
with Siftd(binary, settings) as siftd:
    port = ready(siftd, folder)
    retrain += ["--config", siftd.config]
    start = time.monotonic()
    first = run(*retrain, "--csv", f"{folder}/labels.csv")
    whole = time.monotonic() - start
    assert first.returncode == 0, (first.stdout, first.stderr)
    print(f"{first.stdout.strip().splitlines()[-1]}; {whole:.1f} s with the table", flush=True)
    start = time.monotonic()
    assert run(*retrain).returncode == 0
    whole = time.monotonic() - start
    base = int(sql("SELECT count(*) FROM label")[0])
    victims, states, rounds, kills, late = collections.Counter(), collections.Counter(), 0, 0, 0
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end and rounds < most:
        rounds += 1
        stop = threading.Event()
        teacher = threading.Thread(target=teach, args=(stop,))
        teacher.start()
        parent = subprocess.Popen([binary, *map(str, retrain)], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        began = time.monotonic()
        child = None
        if rounds % 10 == 0:
            assert parent.wait() == 0, "a retraining that was not killed put no candidate in force"
        else:
            moment = began + random.uniform(0, 1.1 * whole)
            # The moments of writing, adding, activating and archiving are short.
            at_end = random.random() < 0.5
            while parent.poll() is None:
                child = child or next(iter(children(parent.pid)), None)
                if at_end and glob.glob(f"{folder}/labels/candidate-*"):
                    time.sleep(random.uniform(0, 0.4))
                    break
                if not at_end and time.monotonic() > moment:
                    break
                time.sleep(0.002)
            if parent.poll() is None:
                victim = random.choice(["child", "child", "child", "parent", "both"])
                victims[victim] += 1
                kills += 1
                if child and victim != "parent" and alive(child):
                    os.kill(child, signal.SIGKILL)
                if victim != "child" or not child:
                    parent.kill()
            else:
                late += 1
            parent.wait()
            limit = time.monotonic() + 120
            while child and alive(child):
                assert time.monotonic() < limit, "the child goes on without its parent"
                time.sleep(0.05)
        stop.set()
        teacher.join()
        time.sleep(1.2)
        counting, versions = check(siftd, port, base)
        if rounds % 10 == 0:
            run("model", "prune", "--keep", 2, "--registry", f"{folder}/registry")
            print(f"{rounds} rounds, {kills} kills {dict(victims)}, {late} ended before; {base} labels of the "
                  f"table and {len(acknowledged)} messages taught, {counting} in force; {versions} versions; "
                  f"load {os.getloadavg()[0]:.1f}", flush=True)
    for row in sql("SELECT state || '=' || count(*) FROM retraining GROUP BY state"):
        states[row] += 1
    print(f"{kills} kills {dict(victims)}: store, layer and registry valid after each, no acknowledged label lost, "
          f"none counted twice; retrainings: {' '.join(states)}")
