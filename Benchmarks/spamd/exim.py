#!/usr/bin/env python3
"""Many messages through a real Exim whose spam condition asks siftd. As root.

    exim.py --siftd SIFTD --mail FOLDER_OR_TAR_ZST [--messages 1000] [--connections 4]

Each message must be delivered with a score or refused with one; prints how long it took, and what
siftd's log says of the messages.
"""
import argparse, collections, os, re, smtplib, socket, subprocess, sys, threading, time
import rig

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
parser.add_argument("--siftd", required=True)
parser.add_argument("--model", default=f"{rig.checkout}/share/siftd/models/starter")
parser.add_argument("--mail", required=True)
parser.add_argument("--messages", type=int, default=1000)
parser.add_argument("--connections", type=int, default=4)
options = parser.parse_args()
script = f"{rig.checkout}/Tests/Integration/private-exim.sh"

messages = rig.mail(options.mail, options.messages)
while len(messages) < options.messages:
    messages += messages[: options.messages - len(messages)]
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
outcomes = collections.Counter()
print(f"{len(messages)} messages, {options.connections} connections; load before: {rig.load()}")
with rig.Rig() as place:
    siftd = place.siftd(options.siftd, options.model)
    subprocess.run([script, "start", f"{place.folder}/exim", siftd.path, str(port)], check=True,
                   stdout=subprocess.DEVNULL)
    todo, lock = iter(messages), threading.Lock()

    def client():
        server = smtplib.SMTP("127.0.0.1", port)
        server.ehlo("client.example.net")
        while True:
            with lock:
                message = next(todo, None)
            if message is None:
                server.quit()
                return
            try:
                server.sendmail("sender@example.net", ["inbox@example.org"], message)
                outcomes["accepted"] += 1
            except smtplib.SMTPDataError as error:
                outcomes[f"{error.smtp_code} {error.smtp_error.decode()[:40]}"] += 1

    try:
        begun = time.monotonic()
        threads = [threading.Thread(target=client) for _ in range(options.connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - begun
        inbox = f"{place.folder}/exim/mail/inbox/new"
        for _ in range(600):
            delivered = os.listdir(inbox) if os.path.isdir(inbox) else []
            if len(delivered) >= outcomes["accepted"]:
                break
            time.sleep(0.1)
        marked = sum(b"\nX-Spam-Score: " in open(f"{inbox}/{name}", "rb").read() for name in delivered)
    finally:
        subprocess.run([script, "stop", f"{place.folder}/exim"], check=False)
    with open(siftd.log, errors="replace") as file:
        verdicts = collections.Counter(re.findall(r"verdict=(\w+)", file.read()))
print(f"{len(messages) / seconds:.0f} messages/s; load after: {rig.load()}")
print(f"answers: {dict(outcomes)}; delivered: {len(delivered)}, with a score: {marked}")
print(f"siftd judged {sum(verdicts.values())} requests: {dict(verdicts)}")
sys.exit(marked != outcomes["accepted"] or not outcomes["accepted"])
