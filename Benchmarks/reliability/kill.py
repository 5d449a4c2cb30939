#!/usr/bin/env python3
"""kill -9 under load, with a real Postfix in front: no message may be lost. As root, with postfix.

    kill.py SIFTD [MESSAGES] [KILLS]

Clients send distinct messages over SMTP (2,000 unless said otherwise) and keep each until it is answered
with 250. siftd is killed at random moments (25 times) and started again. In the end every message must
lie in the Maildir at least once, judged, or marked as unscanned where siftd died with it in work.
"""
import collections, pathlib, queue, random, re, smtplib, socket, subprocess, sys, threading, time

from daemon import HAM, HERE, SPAM, Report, Siftd

SCRIPT = HERE.parents[1] / "Tests/Integration/private-postfix.sh"
CLIENTS = 8


class Client(threading.Thread):
    """Several messages on an SMTP session; whatever isn't answered 250 goes back into the queue."""

    def __init__(self, port, waiting, goes_on):
        super().__init__(daemon=True)
        self.port, self.waiting, self.goes_on = port, waiting, goes_on
        self.accepted, self.retries = [], collections.Counter()

    def run(self):
        while self.goes_on():
            try:
                with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as session:
                    for _ in range(random.randrange(1, 30)):
                        if not self.send(session):
                            break
            except (OSError, smtplib.SMTPException) as error:
                self.retries[type(error).__name__] += 1
                time.sleep(0.1)

    def send(self, session):
        try:
            number = self.waiting.get(timeout=0.2)
        except queue.Empty:
            return False
        code = 0
        try:
            # Each is a message of its own: for siftd's crash journal, too.
            text = (SPAM if number % 2 else HAM).replace(b"Message-ID: <", b"Message-ID: <%d." % number)
            text += b"\nNumber %d.\n" % number
            if number % 16 == 0:
                # A megabyte keeps siftd busy for a while, so that kills meet messages in work.
                text += text.partition(b"\n\n")[2] * 2_500
            session.sendmail("sender@example.net", ["inbox@example.org"], text.replace(b"\n", b"\r\n"))
            code = 250
        except smtplib.SMTPDataError as error:
            code = error.smtp_code
        except smtplib.SMTPSenderRefused as error:
            code = error.smtp_code
        except smtplib.SMTPRecipientsRefused as error:
            code = list(error.recipients.values())[0][0]
        finally:
            if code == 250:
                self.accepted.append(number)
            else:
                self.waiting.put(number)
        if code != 250:
            self.retries[code] += 1
            session.rset()
            # As a sender would, only sooner.
            time.sleep(0.1)
        return True


def main():
    total = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000
    kills = int(sys.argv[3]) if len(sys.argv) > 3 else 25
    report = Report("kill -9 under load, behind Postfix")
    with Siftd(sys.argv[1], {"milter.mode": '"0666"'}) as daemon:
        folder = pathlib.Path(daemon.folder)
        daemon.stop()
        daemon.configure(**{"scan.crash_journal": f'"{folder}/journal"'})
        daemon.start()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        mta = str(folder / "postfix")
        subprocess.run([SCRIPT, "start", mta, daemon.path, str(port)], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        try:
            run(daemon, folder / "postfix", port, total, kills, report)
        finally:
            subprocess.run([SCRIPT, "stop", mta], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    report.finish()


def run(daemon, mta, port, total, kills, report):
    waiting, numbers, killed, is_over = queue.Queue(), 0, 0, threading.Event()
    clients = [Client(port, waiting, lambda: not is_over.is_set()) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    accepted = lambda: sum(len(client.accepted) for client in clients)
    start, next_kill, starts = time.monotonic(), time.monotonic() + 1, []
    while True:
        # More than wanted, as long as there are kills to come.
        while waiting.qsize() < 2 * CLIENTS and (numbers < total or killed < kills):
            waiting.put(numbers)
            numbers += 1
        if killed < kills and time.monotonic() > next_kill:
            daemon.process.kill()
            daemon.process.wait()
            killed += 1
            # The supervisor takes a moment.
            time.sleep(random.uniform(0, 0.3))
            before = time.monotonic()
            daemon.start()
            starts.append(time.monotonic() - before)
            next_kill = time.monotonic() + random.uniform(0.05, 2.5)
        if killed >= kills and numbers >= total and accepted() >= numbers:
            break
        if time.monotonic() - start > 480:
            report.expect(False, f"only {accepted()} of {numbers} messages were accepted in 480 s")
            break
        time.sleep(0.01)
    is_over.set()
    for client in clients:
        client.join(70)
    seconds = time.monotonic() - start
    inbox = mta / "mail/inbox/new"
    # Postfix delivers what it has accepted by itself.
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if inbox.exists() and len(list(inbox.iterdir())) >= accepted() and not any(
                path.is_file() for name in ("incoming", "active", "maildrop")
                for path in (mta / "spool" / name).rglob("*")):
            break
        time.sleep(0.5)
    count(daemon, inbox, numbers, clients, report, killed, seconds, starts)


def count(daemon, inbox, numbers, clients, report, killed, seconds, starts):
    copies, kinds, wrong = collections.Counter(), collections.Counter(), 0
    for path in inbox.iterdir():
        text = path.read_text(errors="replace")
        number = int(re.search(r"^Message-ID: <(\d+)\.", text, re.M)[1])
        copies[number] += 1
        header = text.partition("\n\n")[0]
        flag = re.search(r"^X-Spam-Flag: (\w+)", header, re.M)
        reason = re.search(r"tests=UNSCANNED.*?(reason=\S+)?$", header, re.M)
        kinds["unscanned" if reason else "judged" if flag else "without a header"] += 1
        wrong += bool(flag and not reason and (flag[1] == "YES") != bool(number % 2))
    lost = [number for number in range(numbers) if number not in copies]
    log = daemon.log()
    remembered = [int(value) for value in re.findall(r"msg=crash_journal (\d+)", log)]
    retries = sum((client.retries for client in clients), collections.Counter())
    report.expect(not lost, f"lost: {lost[:10]}")
    report.expect(wrong == 0, f"{wrong} wrong verdicts")
    report.expect(kinds["without a header"] == 0, "mail passed without a trace of siftd")
    # A client has one message in work: no more can be remembered of one death.
    report.expect(kinds["unscanned"] <= killed * CLIENTS, f"{kinds['unscanned']} messages passed unscanned")
    report.add("kills", killed)
    report.add("messages", f"{numbers} in {seconds:.0f} s")
    report.add("delivered", len(copies))
    report.add("lost", len(lost))
    report.add("duplicates", sum(copies.values()) - len(copies))
    report.add("retries", ", ".join(f"{value} after {key}" for key, value in retries.most_common()))
    for kind in "judged", "unscanned", "without a header":
        report.add(f"copies {kind}", kinds[kind])
    report.add("remembered by the crash journal", remembered[-1] if remembered else 0)
    report.add("time to start, longest", f"{max(starts):.2f} s")


main()
