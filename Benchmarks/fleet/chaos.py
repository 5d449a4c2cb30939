#!/usr/bin/env python3
"""Three filter hosts under mail and relabelling, while hosts, network, database and trainer fail.

    chaos.py SIFTD CORPORA MODEL [MESSAGES] [SECONDS]

MESSAGES (200,000) pass a real Postfix, HAProxy and three daemons that share one PostgreSQL (rig.py);
SECONDS ends the run earlier. Every 20 s a daemon is killed and started again. In turn the database
is stopped for a minute, one host is cut off the network for 30 s, a trainer is killed in training,
and the model is rolled back. Prints what was lost, doubled or different, and how long the hosts
took to agree after the last fault; exits 1 if anything was. Needs root.
"""
import asyncio, collections, json, os, pathlib, random, smtplib, subprocess, sys, threading, time

from rig import MILTER, Site, mail, probabilities, run, wait

siftd, corpora, model = sys.argv[1:4]
wanted = int(sys.argv[4]) if len(sys.argv) > 4 else 200_000
limit = float(sys.argv[5]) if len(sys.argv) > 5 else float("inf")
CONNECTIONS, LABELLERS, SMTP, SINK = 8, 3, 2525, 2526
# Seconds for which a request without an answer may still arrive, by TCP's retransmissions.
LATEST = 120
here = pathlib.Path(__file__).resolve().parent
random.seed(19)
began = time.time()


def say(text):
    print(f"{time.time() - began:7.1f} s  {text}", flush=True)


class Sink(threading.Thread):
    """The next hop: counts the messages that arrive, by their number."""

    def __init__(self):
        super().__init__(daemon=True)
        self.arrived = collections.Counter()

    async def session(self, reader, writer):
        def answer(line):
            writer.write(line + b"\r\n")

        answer(b"220 sink")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                answer(b"354 go on")
                number = None
                while (line := await reader.readline()) != b".\r\n":
                    if not line:
                        return
                    if number is None and line.startswith(b"X-Chaos: "):
                        number = int(line[9:])
                self.arrived[number] += 1
                answer(b"250 ok")
            elif word == b"QUIT":
                answer(b"221 bye")
                await writer.drain()
                break
            else:
                answer(b"250 ok")
            await writer.drain()
        writer.close()

    def run(self):
        async def serve():
            server = await asyncio.start_server(self.session, "127.0.0.1", SINK, limit=1 << 20)
            async with server:
                await server.serve_forever()

        asyncio.run(serve())


class Senders:
    """Sends numbered messages to Postfix, each again until it is accepted."""

    def __init__(self, messages):
        self.messages, self.lock = messages, threading.Lock()
        self.next, self.accepted, self.deferred, self.stopped = 0, set(), 0, threading.Event()
        self.threads = [threading.Thread(target=self.work, daemon=True) for _ in range(CONNECTIONS)]
        for thread in self.threads:
            thread.start()

    def take(self):
        with self.lock:
            if self.next == wanted or self.stopped.is_set() or time.time() - began > limit:
                return None
            self.next += 1
            return self.next - 1

    def work(self):
        client = None
        while (number := self.take()) is not None:
            message = self.messages[number % len(self.messages)]
            data = b"X-Chaos: %d\n" % number + message
            while True:
                try:
                    client = client or smtplib.SMTP("127.0.0.1", SMTP, timeout=120)
                    client.sendmail("sender@example.net", ["inbox@example.org"], data)
                    with self.lock:
                        self.accepted.add(number)
                    break
                except (smtplib.SMTPException, OSError) as error:
                    with self.lock:
                        self.deferred += 1
                    code = getattr(error, "smtp_code", 0)
                    if 500 <= code < 600:
                        say(f"message {number} was refused: {error}")
                        break
                    client = None
                    time.sleep(.2)

    def join(self):
        for thread in self.threads:
            thread.join()


class Labellers:
    """People who change their minds about some messages, over the HTTP ports of all hosts."""

    def __init__(self, site, messages):
        self.site, self.messages = site, messages
        self.stopped, self.lock = threading.Event(), threading.Lock()
        # By source and message the labels that may hold: the last acknowledged one, or later ones.
        self.labels, self.acknowledged, self.failed, self.times = {}, 0, 0, []
        # Labels without an answer: they may be stored late, when a network is whole again.
        self.unanswered = collections.defaultdict(list)
        self.threads = [threading.Thread(target=self.work, args=(number,), daemon=True)
                        for number in range(LABELLERS)]
        for thread in self.threads:
            thread.start()

    def work(self, number):
        chance, last = random.Random(number), {}
        while not self.stopped.is_set():
            message = chance.randrange(len(self.messages))
            # A store orders the labels of one source about one message by the second.
            if time.time() - last.get(message, 0) < 2.5:
                time.sleep(.01)
                continue
            last[message] = time.time()
            label, host = chance.choice(["spam", "ham"]), chance.choice(self.site.hosts)
            source = f"admin:chaos{number}"
            key = source, message
            start = time.time()
            try:
                status, answer = host.request(
                    f"/v1/feedback?label={label}&source={source}", data=self.messages[message], timeout=15)
            except OSError:
                status, answer = 0, b""
            with self.lock:
                if status in (200, 202) and json.loads(answer)["stored"]:
                    late = {one for one, when in self.unanswered[key] if start - when < LATEST}
                    self.labels[key] = {label} | late
                    self.acknowledged += 1
                    self.times.append(time.time() - start)
                else:
                    # It may have been stored, its answer lost.
                    self.unanswered[key].append((label, start))
                    self.labels[key] = self.labels.get(key, {None}) | {label}
                    self.failed += 1
            time.sleep(.02)

    def stop(self):
        self.stopped.set()
        for thread in self.threads:
            thread.join()


def start_proxy(site):
    """The HAProxy of share/siftd/fleet, with this site's addresses."""
    text = (here.parent.parent / "share/siftd/fleet/haproxy.cfg").read_text()
    text = text.replace("/run/haproxy/admin.sock", f"{site.folder}/haproxy.sock").replace("10.0.0.", "10.77.0.")
    path = site.folder / "haproxy.cfg"
    path.write_text(text)
    run("haproxy", "-c", "-f", path)
    return subprocess.Popen(["haproxy", "-f", path, "-db"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def start_postfix(site):
    script, folder = here.parent.parent / "Tests/Integration/private-postfix.sh", site.folder / "postfix"
    run(script, "start", folder, "/unused", SMTP)
    for setting in (f"smtpd_milters=inet:127.0.0.1:{MILTER}", f"virtual_transport=smtp:[127.0.0.1]:{SINK}",
                    "milter_connect_timeout=5s", "milter_command_timeout=10s", "milter_content_timeout=30s",
                    "smtp_destination_concurrency_limit=50", "minimal_backoff_time=5s", "maximal_backoff_time=10s",
                    "queue_run_delay=5s", "default_process_limit=200", "smtpd_client_connection_count_limit=0",
                    "smtpd_error_sleep_time=0", "smtpd_hard_error_limit=100000"):
        run("postconf", "-c", folder / "etc", setting)
    run("postfix", "-c", folder / "etc", "reload")
    return folder


def queue_is_empty(folder):
    return "Mail queue is empty" in run("postqueue", "-c", folder / "etc", "-p", check=False).stdout


class Faults:
    """What fails, one thing every 20 s."""

    def __init__(self, site):
        self.site, self.counts, self.last = site, collections.Counter(), time.time()
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def work(self):
        special = [self.kill_trainer, self.stop_database, self.cut_host, self.roll_back]
        for number in range(10 ** 9):
            if self.stopped.wait(20):
                return
            self.kill_host(self.site.hosts[number % len(self.site.hosts)])
            if number % 2 == 1:
                special[number // 2 % len(special)]()
            self.last = time.time()

    def kill_host(self, host):
        self.counts["daemons killed"] += 1
        host.kill()
        self.stopped.wait(2)
        host.start()

    def stop_database(self):
        say("the database stops for a minute")
        self.counts["database stops"] += 1
        self.site.database.stop()
        self.stopped.wait(60)
        self.site.database.start()

    def cut_host(self):
        host = random.choice(self.site.hosts)
        say(f"{host.name} is cut off for 30 s")
        self.counts["partitions"] += 1
        host.space.cut(True)
        self.stopped.wait(30)
        host.space.cut(False)

    def kill_trainer(self):
        host = self.site.hosts[0]
        trainer = subprocess.Popen(
            host.space.command(siftd, "retrain", "--config", host.folder / "siftd.toml"),
            stdout=host.log, stderr=host.log)
        self.stopped.wait(6)
        pids = run("pgrep", "-f", "siftd.* retrain --run", check=False).stdout.split()
        for pid in pids:
            run("kill", "-9", pid, check=False)
        trainer.kill()
        trainer.wait()
        self.counts["trainers killed"] += len(pids) > 0

    def roll_back(self):
        """Back to the older version, or forward again, asked of any host."""
        host, version = random.choice(self.site.hosts), self.site.versions[self.counts["roll backs"] % 2]
        try:
            status, answer = host.request(f"/v1/models/{version}/activate", data=b"", timeout=60)
        except OSError as error:
            status, answer = 0, str(error).encode()
        say(f"{version} activated on {host.name}: {status} {answer[:100].decode()}")
        self.counts["roll backs"] += status == 200

    def stop(self):
        self.stopped.set()
        self.thread.join()


def states(site):
    """Model and label revision of each host, as it says itself."""
    found = []
    for host in site.hosts:
        try:
            fleet = host.read("/v1/fleet", timeout=5)
        except (OSError, ValueError):
            return [None]
        own = next((one for one in fleet["hosts"] if one["host"] == host.name), {})
        found.append((own.get("model"), own.get("label_revision"), own.get("spool_entries")))
    return found


def main():
    messages, labelled = mail(corpora, "trec07p", 2_000), mail(corpora, "modern-mail", 150) + mail(corpora, "modern-spam", 150)
    site = Site(siftd, model, 3)
    sink, ok = Sink(), True
    sink.start()
    proxy, postfix = start_proxy(site), start_postfix(site)
    try:
        say(f"{len(site.hosts)} hosts serve; {wanted} messages")
        senders, labellers = Senders(messages), Labellers(site, labelled)
        faults = Faults(site)
        while any(thread.is_alive() for thread in senders.threads):
            time.sleep(20)
            say(f"{len(senders.accepted)} accepted, {sum(sink.arrived.values())} delivered, "
                f"{labellers.acknowledged} labels")
        faults.stop()
        labellers.stop()
        for host in site.hosts:
            wait(f"{host.name} is ready", host.is_ready, 60)
        last = time.time()

        changes = []

        def agree():
            now = states(site)
            if not changes or changes[-1][1] != now:
                changes.append((time.time() - last, now))
            return None not in now and len({state[:2] for state in now}) == 1 and not any(s[2] for s in now)

        try:
            wait("the hosts agree", agree, 120)
        except SystemExit as late:
            say(f"{late}: {states(site)}")
            ok = False
        agreed = time.time() - last
        if agreed > 10:
            for when, now in changes:
                say(f"{when:.1f} s after the last fault: {now}")
        wait("Postfix's queue is empty", lambda: queue_is_empty(postfix), 300)
        lost = senders.accepted - set(sink.arrived)
        twice = sum(count > 1 for count in sink.arrived.values())
        rows = collections.Counter()
        classes = {}
        for source, digest, label in site.database.rows("SELECT source, encode(digest, 'hex'), class FROM label"):
            rows[source, digest] += 1
            classes[source, digest] = label
        doubled = sum(count > 1 for count in rows.values())
        by_source = collections.Counter(source for source, _ in rows)
        digests = {}
        for index, text in enumerate(labelled):
            answer = site.hosts[0].request("/v1/feedback?label=forget&source=admin:nobody", data=text)
            digests[index] = json.loads(answer[1])["digest"]
        wrong = [key for key, allowed in labellers.labels.items()
                 if classes.get((key[0], digests[key[1]])) not in allowed]
        for key in wrong:
            say(f"{key}: {classes.get((key[0], digests[key[1]]))}, not {labellers.labels[key]}")
        certain = {(key[0], digests[key[1]]) for key in labellers.labels}
        unknown = [key for key in rows if key not in certain]
        sample = mail(corpora, "spamassassin", 5_000)
        answers = [probabilities(host, sample) for host in site.hosts]
        differing = sum(len(set(one)) > 1 for one in zip(*answers))
        print(f"faults: {dict(faults.counts)}")
        print(f"messages: {len(senders.accepted)} accepted, {senders.deferred} attempts deferred, {len(lost)} lost, "
              f"{twice} delivered twice, {len(senders.accepted) / (last - began):.0f} a second")
        print(f"labels: {labellers.acknowledged} acknowledged, {labellers.failed} without an answer, "
              f"{len(rows)} rows of {dict(by_source)}, {len(wrong)} wrong, {doubled} doubled, {len(unknown)} unknown")
        times = sorted(labellers.times)
        print(f"answers to labels: median {1000 * times[len(times) // 2]:.0f} ms, "
              f"p99 {1000 * times[len(times) * 99 // 100]:.0f} ms")
        print(f"hosts: the same model and revision {agreed:.1f} s after the last fault: {states(site)[0]}")
        print(f"bits: {differing} of {len(sample)} messages differ between hosts")
        ok = ok and not (lost or wrong or doubled or unknown or differing) and agreed <= 10
    finally:
        proxy.terminate()
        run("postfix", "-c", postfix / "etc", "stop", check=False)
        if os.environ.get("KEEP"):
            print(f"kept {site.folder}")
            for host in site.hosts:
                host.process.kill()
            site.database.stop()
        else:
            site.stop()
    sys.exit(not ok)


main()
