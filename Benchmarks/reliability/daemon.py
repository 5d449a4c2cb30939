"""A siftd process under test, what it uses, what it logged; sample messages; tables of results."""
import collections, os, pathlib, re, shutil, signal, socket, subprocess, sys, tempfile, time

import milter

# So that `with` stops siftd when the script is stopped.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

HERE = pathlib.Path(__file__).resolve().parent
STARTER = HERE.parents[1] / "share/siftd/models/starter"

HAM = b"""From: Anna Berg <anna@example.net>
To: inbox@example.org
Subject: Minutes of Tuesday's meeting
Message-ID: <minutes@example.net>

Hello all,

here are the minutes of our meeting. Peter will send the corrected patch for the parser to the list
before Friday, and I will look at the failing test on the build machine. We meet again next Tuesday
at ten, in the small room. Please tell me if I forgot anything.

Regards, Anna
"""
SPAM = b"""From: Best Pills <offer@example.net>
To: inbox@example.org
Subject: Cheap pills without prescription
Message-ID: <pills@example.net>

Buy cheap viagra and cialis online now! No prescription needed, lowest prices, 100% satisfaction
guaranteed. Free shipping worldwide. Click here to order now: http://pills.example.com/buy
Limited time offer, save 80% today! Act now! Unsubscribe: http://pills.example.com/remove
"""


def toml(settings):
    """The text of a settings file of {"group.key": value}; values are given as TOML has them."""
    groups = collections.defaultdict(list)
    for name, value in settings.items():
        group, key = name.split(".")
        groups[group].append(f"{key} = {value}\n")
    return "".join(f"[{group}]\n" + "".join(lines) for group, lines in groups.items())


class Siftd:
    """One process with a folder of its own: settings file, socket, log. `with` stops and cleans up."""

    def __init__(self, binary, settings={}, tcp=False):
        self.binary = os.path.abspath(binary)
        self.folder = tempfile.mkdtemp(prefix="siftd-reliability-")
        os.chmod(self.folder, 0o755)
        self.path = self.folder + "/siftd.sock"
        self.config, self.log_path = self.folder + "/siftd.toml", self.folder + "/log"
        self.address, where = self.path, f"unix:{self.path}"
        if tcp:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.address = free.getsockname()
            where = f"inet:{self.address[1]}@127.0.0.1"
        self.settings = {"milter.socket": f'"{where}"', "http.port": 0, "model.directory": f'"{STARTER}"',
                         **settings}
        self.configure()
        self.start()

    def configure(self, **changes):
        self.settings.update(changes)
        self.write(toml(self.settings))

    def write(self, text):
        """In one go, as a careful admin's editor would."""
        with open(self.config + ".new", "w") as file:
            file.write(text)
        os.replace(self.config + ".new", self.config)

    def start(self):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen([self.binary, "serve", "--config", self.config],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.wait_until(self.answers, 60, "the start")

    def answers(self):
        if self.process.poll() is not None:
            sys.exit(f"siftd ended with {self.process.returncode}:\n{self.log()[-2000:]}")
        try:
            milter.Connection(self.address, timeout=5).close()
            return True
        except (OSError, milter.ProtocolError):
            return False

    @staticmethod
    def wait_until(condition, seconds, what):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"{what} took longer than {seconds} s")
            time.sleep(0.01)

    @property
    def is_alive(self):
        return self.process.poll() is None

    def log(self):
        return pathlib.Path(self.log_path).read_text(errors="replace")

    def logged(self):
        """How often each queue id has a line with a verdict."""
        return collections.Counter(re.findall(r"^(\S+): verdict=", self.log(), re.M))

    def usage(self):
        """RSS and its peak in MiB, threads, descriptors."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        number = lambda key: int(re.search(rf"^{key}:\s+(\d+)", status, re.M)[1])
        return {"rss": number("VmRSS") / 1024, "peak": number("VmHWM") / 1024, "threads": number("Threads"),
                "fds": len(os.listdir(f"/proc/{self.process.pid}/fd"))}

    def judge(self, message, queue_id="CHECK", timeout=30):
        """A message on a connection of its own."""
        with milter.Connection(self.address, timeout=timeout) as connection:
            connection.greet()
            outcome = connection.deliver(message, queue_id)
            connection.quit()
            return outcome

    def check(self, queue_id="CHECK"):
        """Whether a ham and a spam are told apart, as they must be at any time."""
        for message, is_spam in (HAM, False), (SPAM, True):
            outcome = self.judge(message, queue_id)
            if outcome.answer != "accept" or outcome.is_spam != is_spam:
                raise milter.ProtocolError(
                    f"a {'spam' if is_spam else 'ham'} was answered {outcome.answer} {outcome.text} "
                    f"{outcome.fields}")

    def stop(self):
        if self.is_alive:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.stop()
        if kind and kind is not KeyboardInterrupt:
            print("end of siftd's log:\n" + self.log()[-2000:], file=sys.stderr)
        shutil.rmtree(self.folder, ignore_errors=True)


def real_mail(corpora, sets=("recent-2025", "modern-mail"), part="dev"):
    """Messages of labelled sets, each with its split beside the archive."""
    messages = []
    for name in sets:
        lines = (pathlib.Path(corpora) / f"{name}.split.tsv").read_text().splitlines()
        wanted = [line.split("\t")[0] for line in lines if line.endswith("\t" + part)]
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["tar", "--zstd", "-xf", f"{corpora}/{name}.tar.zst", "-C", folder] + wanted,
                           check=True)
            messages += [(pathlib.Path(folder) / path).read_bytes() for path in wanted]
    return messages


class Report:
    """Lines of a table; failures are shown last and make the exit status."""

    def __init__(self, title):
        self.title, self.lines, self.failures = title, [], []

    def add(self, name, value):
        self.lines.append((name, value))

    def expect(self, is_right, what):
        if not is_right:
            self.failures.append(what)
            print("FAILED:", what, flush=True)

    def finish(self):
        print(f"\n{self.title}")
        width = max([len(name) for name, _ in self.lines] + [8])
        for name, value in self.lines:
            print(f"  {name:<{width}}  {value}")
        print("  " + "result".ljust(width) + "  " + ("FAILED" if self.failures else "passed"))
        for failure in self.failures:
            print("    " + failure)
        sys.exit(1 if self.failures else 0)
