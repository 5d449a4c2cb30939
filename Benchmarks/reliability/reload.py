#!/usr/bin/env python3
"""Reloads of settings and model under load.

    reload.py SIFTD CORPORA [N]

32 connections send real mail (the dev parts of recent-2025 and modern-mail in CORPORA) without pause.
Meanwhile the settings file changes N times (100 unless said otherwise), followed by HUP, and the model
N times, by a switch of the symlink model.directory, followed by HUP or USR1. Every tenth settings file
and every tenth model is broken: it must be refused and the running one stay. After each reload a message
must show the settings and the model that ought to be in force.
"""
import itertools, os, pathlib, random, shutil, signal, subprocess, sys, threading, time

import milter
from daemon import SPAM, STARTER, Report, Siftd, real_mail

CONNECTIONS = 32
BROKEN = ["[policy\n", "[policy]\nno_such_key = 1\n", "[policy]\ntag_threshold = 7\n", "\0\xff\n",
          "[policy]\nmode = 3\n"]


class Client(threading.Thread):
    stop = threading.Event()
    numbers = itertools.count(1)

    def __init__(self, daemon, mail, seed):
        super().__init__(daemon=True)
        self.siftd, self.mail, self.random = daemon, mail, random.Random(seed)
        self.sent, self.errors, self.answers, self.slowest = 0, [], {}, 0
        self.queue_ids = []

    def run(self):
        while not self.stop.is_set():
            try:
                with milter.Connection(self.siftd.address, timeout=60) as connection:
                    connection.greet()
                    # An MTA keeps a connection for some messages.
                    for _ in range(self.random.randrange(1, 20)):
                        queue_id = f"4X{next(self.numbers)}"
                        self.sent += 1
                        start = time.monotonic()
                        kind = connection.deliver(self.random.choice(self.mail), queue_id).kind
                        self.slowest = max(self.slowest, time.monotonic() - start)
                        self.answers[kind] = self.answers.get(kind, 0) + 1
                        self.queue_ids.append(queue_id)
                        if self.stop.is_set():
                            break
                    connection.quit()
            except (OSError, milter.ProtocolError) as error:
                self.errors.append(str(error))


class Reloads:
    def __init__(self, daemon, corpora, report):
        self.daemon, self.report = daemon, report
        self.link = daemon.folder + "/model"
        self.refused = self.done = self.slowest = 0
        self.checks = 0
        folder = pathlib.Path(daemon.folder)
        shutil.copytree(STARTER, folder / "a")
        print("training a second model", flush=True)
        subprocess.run([daemon.binary, "train", "--data", f"{corpora}/recent-2025.tar.zst", "--split",
                        f"{corpora}/recent-2025.split.tsv", "--epochs", "2", "--embedding", "16", "--filters",
                        "32", "--hidden", "0", "--output", str(folder / "b")],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for name, damage in ("cut", lambda data: data[:len(data) // 2]), ("empty", lambda data: b""):
            shutil.copytree(STARTER, folder / name)
            weights = folder / name / "weights.safetensors"
            weights.write_bytes(damage(weights.read_bytes()))
        self.bundle = "a"
        self.stamp = "none"
        self.switch("a")
        daemon.configure(**{"model.directory": f'"{self.link}"'})

    def switch(self, bundle):
        os.symlink(bundle, self.link + ".new")
        os.replace(self.link + ".new", self.link)

    def signal(self, number, is_broken, what):
        """Waits for the log to tell of the reload and compares with what was to be expected."""
        mark = "msg=reload_failed" if is_broken else "msg=reloaded"
        size = os.path.getsize(self.daemon.log_path)
        start = time.monotonic()
        self.daemon.process.send_signal(number)

        def new_log():
            with open(self.daemon.log_path, "rb") as log:
                log.seek(size)
                return log.read().decode(errors="replace")
        try:
            Siftd.wait_until(lambda: "msg=reload" in new_log(), 30, what)
        except TimeoutError as error:
            self.report.expect(False, str(error))
            return
        self.slowest = max(self.slowest, time.monotonic() - start)
        self.report.expect(mark in new_log(), f"{what}: the log lacks {mark}")
        self.refused += is_broken
        self.done += not is_broken

    def settings(self, number):
        if number % 10 == 9:
            self.daemon.write(random.choice(BROKEN))
            self.signal(signal.SIGHUP, True, f"broken settings {number}")
            self.daemon.configure()
        else:
            self.stamp = str(number)
            self.daemon.configure(**{
                "policy.subject_tag": '"[SPAM] "' if number % 2 else '""',
                "policy.tag_threshold": random.choice([0.0, 0.8, 0.95]),
                "headers.fields": f'["X-Spam-Flag: {{flag}}", "X-Spam-Model: {{model}}", "X-Spam-Stamp: {number}"]'})
            self.signal(signal.SIGHUP, False, f"settings {number}")
        self.check(f"settings {number}")

    def model(self, number):
        is_broken = number % 10 == 9
        if is_broken:
            self.switch(random.choice(["cut", "empty", "missing"]))
        else:
            self.bundle = "b" if self.bundle == "a" else "a"
            self.switch(self.bundle)
        self.signal(random.choice([signal.SIGHUP, signal.SIGUSR1]), is_broken, f"model {number}")
        if is_broken:
            self.switch(self.bundle)
        self.check(f"model {number}")

    def check(self, what):
        queue_id = f"4X{next(Client.numbers)}"
        outcome = self.daemon.judge(SPAM, queue_id)
        self.checks += 1
        model = outcome.value("X-Spam-Model") or ""
        self.report.expect(outcome.value("X-Spam-Stamp") == self.stamp,
                           f"{what}: stamp {outcome.value('X-Spam-Stamp')} instead of {self.stamp}")
        self.report.expect(model == self.ids[self.bundle], f"{what}: judged by {model}")


    def learn_ids(self):
        """Which name each bundle has in the header."""
        self.ids = {}
        self.daemon.configure(**{
            "headers.fields": '["X-Spam-Flag: {flag}", "X-Spam-Model: {model}", "X-Spam-Stamp: none"]'})
        for bundle in "b", "a":
            self.switch(bundle)
            self.signal(signal.SIGHUP, False, "start")
            self.ids[bundle] = self.daemon.judge(SPAM, f"4X{next(Client.numbers)}").value("X-Spam-Model")
            self.checks += 1
        self.report.expect(None not in self.ids.values() and self.ids["a"] != self.ids["b"],
                           f"the models can't be told apart: {self.ids}")


def main():
    binary, corpora = sys.argv[1:3]
    number = int(sys.argv[3]) if len(sys.argv) > 3 else 100
    report = Report("reloads under load")
    random.seed(1)
    mail = real_mail(corpora)
    with Siftd(binary) as daemon:
        reloads = Reloads(daemon, corpora, report)
        reloads.learn_ids()
        start = time.monotonic()
        clients = [Client(daemon, mail, seed) for seed in range(CONNECTIONS)]
        for client in clients:
            client.start()
        samples = []
        for count in range(number):
            reloads.settings(count)
            reloads.model(count)
            if count % 10 == 9:
                samples.append(daemon.usage())
                sample = samples[-1]
                print(f"{count + 1:>4} RSS {sample['rss']:.0f} MiB, {sample['threads']} threads, {sample['fds']} fds",
                      flush=True)
            if not daemon.is_alive:
                report.expect(False, f"siftd ended with {daemon.process.returncode}")
                break
        Client.stop.set()
        for client in clients:
            client.join(70)
        seconds = time.monotonic() - start
        report.expect(not any(client.is_alive() for client in clients), "a client never got an answer")
        daemon.stop()
        lines = daemon.logged()
        sent = sum(client.sent for client in clients)
        answers = {}
        for client in clients:
            for kind, count in client.answers.items():
                answers[kind] = answers.get(kind, 0) + count
        errors = [error for client in clients for error in client.errors]
        report.expect(not errors, f"errors of clients: {errors[:3]}")
        report.expect(set(answers) == {"judged"}, f"answers {answers}")
        report.expect(sum(answers.values()) == sent, "messages without an answer")
        report.expect(all(count == 1 for count in lines.values()), "a queue id has two log lines")
        report.expect(len(lines) == sent + reloads.checks, f"{len(lines)} log lines")
        report.expect(daemon.process.returncode == 0, f"exit status {daemon.process.returncode}")
        # Two models are in memory while one is replaced; what the allocator keeps settles early.
        settled = samples[len(samples) // 3:]
        if len(settled) > 1:
            report.expect(settled[-1]["rss"] < settled[0]["rss"] * 1.1 + 20,
                          f"RSS grew from {settled[0]['rss']:.0f} to {settled[-1]['rss']:.0f} MiB")
        report.add("reloads done, refused", f"{reloads.done}, {reloads.refused}")
        report.add("longest reload", f"{reloads.slowest:.2f} s")
        report.add("messages sent", f"{sent} in {seconds:.0f} s")
        for kind, count in sorted(answers.items()):
            report.add(f"  {kind}", count)
        report.add("errors", len(errors))
        report.add("longest answer", f"{max(client.slowest for client in clients) * 1000:.0f} ms")
        report.add("log lines", f"{sum(lines.values())} for {len(lines)} queue ids; "
                                f"{reloads.checks} of them of checks")
        report.add("RSS by tens of reloads", ", ".join(f"{sample['rss']:.0f}" for sample in samples) + " MiB")
    report.finish()


main()
