#!/usr/bin/env python3
"""A site's first 300 labels, with the real daemon behind Postfix. As root, with postfix.

    story.py SIFTD CORPORA [LABELS]

The starter model judges mail of kinds that it gets wrong: the dev parts of recent-2025, wanted-mail,
modern-newsletters and recent-spam, sent over SMTP and read from the Maildir. LABELS messages (300) of the train parts are
taught in random order; after 1, 10, 50 and all of them the same mail is sent again. Then the daemon must
retrain by itself, a rollback must restore the scores before it bit for bit, and taking back all labels
those of the beginning. Prints false positives and recall at each step, and seconds.
"""
import collections, email, json, os, pathlib, random, re, shutil, smtplib, socket, subprocess, sys, time, urllib.request

from control import Connection, mail, ready, settings
from daemon import HERE, Siftd

binary, corpora = os.path.abspath(sys.argv[1]), sys.argv[2]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 300
SCRIPT = HERE.parents[1] / "Tests/Integration/private-postfix.sh"
STARTER = HERE.parents[1] / "share/siftd/models/starter"
SETS = [("recent-2025", "ham"), ("recent-2025", "spam"), ("wanted-mail", "ham"),
        ("modern-newsletters", "ham"), ("recent-spam", "spam")]
random.seed(11)


def draw(part, limit):
    found = []
    for name, label in SETS:
        chosen = mail(corpora, name, label, part)
        random.shuffle(chosen)
        found += [(label, message) for _, message in chosen[:limit]]
    random.shuffle(found)
    return found


lessons = draw("train", 120)[:count]
probes = draw("dev", 60)
print(f"{len(lessons)} labels: {collections.Counter(label for label, _ in lessons)}; "
      f"{len(probes)} messages to judge: {collections.Counter(label for label, _ in probes)}")

folder = pathlib.Path("/tmp/siftd-story")
shutil.rmtree(folder, ignore_errors=True)
(folder / "models").mkdir(parents=True)
os.chmod(folder, 0o755)
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    smtp_port = free.getsockname()[1]
chosen = settings(str(folder)) | {
    "learn.registry": f'"{folder}/models"', "learn.retrain_after": count * 4 // 5,
    "model.directory": f'"{folder}/models/active"', "milter.mode": '"0666"'}
subprocess.run([binary, "model", "--help"], check=True, stdout=subprocess.DEVNULL)
# The starter model is the registry's first version.
starter = json.loads((STARTER / "config.json").read_text())["id"]
shutil.copytree(STARTER, folder / "models/versions" / starter)
os.symlink(f"versions/{starter}", folder / "models/active")


def deliver(siftd):
    """What became of the probes, by Postfix: false positives, recall."""
    inbox = folder / "postfix/mail/inbox/new"
    known = set(os.listdir(inbox)) if inbox.exists() else set()
    with smtplib.SMTP("127.0.0.1", smtp_port, timeout=120) as session:
        for number, (_, message) in enumerate(probes):
            text = b"X-Probe: %d\r\n" % number + message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            session.sendmail("probe@example.net", ["inbox@example.org"], text)
    end = time.monotonic() + 120
    while len(os.listdir(inbox)) < len(known) + len(probes) and time.monotonic() < end:
        time.sleep(0.1)
    spam = collections.Counter()
    judged = 0
    for name in set(os.listdir(inbox)) - known:
        parsed = email.message_from_bytes((inbox / name).read_bytes())
        label = probes[int(parsed["X-Probe"])][0]
        judged += parsed["X-Spam-Status"] is not None
        spam[label] += (parsed["X-Spam-Status"] or "").startswith("Yes")
    totals = collections.Counter(label for label, _ in probes)
    assert judged == len(probes), f"{judged} of {len(probes)} judged"
    return f"false positives {100 * spam['ham'] / totals['ham']:.1f} %, recall {100 * spam['spam'] / totals['spam']:.1f} %"


def scores(port):
    result = []
    for _, message in probes[:60]:
        request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/classify", message,
                                         {"Content-Type": "message/rfc822"})
        result.append(json.load(urllib.request.urlopen(request))["spam_probability"])
    return result


with Siftd(binary, chosen) as siftd:
    port = ready(siftd, str(folder))
    subprocess.run([SCRIPT, "start", folder / "postfix", siftd.path, str(smtp_port)], check=True,
                   env=os.environ | {"ACTION": "tempfail"})
    try:
        first = scores(port)
        print(f"{0:4} labels: {deliver(siftd)}", flush=True)
        control = Connection(f"{folder}/control.sock")
        for number, (label, message) in enumerate(lessons, 1):
            if number == len(lessons):
                before = scores(port)
            control.teach(message, label)
            if number in (1, 10, 50, len(lessons)):
                print(f"{number:4} labels: {deliver(siftd)}", flush=True)
        taught = scores(port)
        start = time.monotonic()
        siftd.wait_until(lambda: "retraining_ended" in siftd.log(), 3_600, "the retraining")
        print(re.search(r"retraining_ended[^\n]*", siftd.log()).group(0)[:400])
        print(f"  {time.monotonic() - start:.0f} s after the last label")
        active = os.readlink(folder / "models/active")
        if starter not in active:
            time.sleep(3)
            print(f"retrained : {deliver(siftd)}, {active}", flush=True)
            assert scores(port) != taught
            subprocess.run([binary, "model", "rollback", "--registry", folder / "models"], check=True)
            siftd.process.send_signal(1)
            siftd.wait_until(lambda: "msg=reloaded" in siftd.log(), 60, "the reload")
            assert scores(port) == taught, "the rollback does not restore the scores"
            print("rollback restores the scores bit for bit")
        removed = control.call("DELETE", "/v1/feedback", all=1)
        assert scores(port) == first, "taking back all labels does not restore the scores"
        print(f"{removed['labels']} labels taken back restore the first scores bit for bit")
    finally:
        subprocess.run([SCRIPT, "stop", folder / "postfix"], check=False)
