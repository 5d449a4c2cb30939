"""siftd's spamd port and SpamAssassin's spamd in a folder of their own, and mail to send them."""
import os, re, shutil, signal, socket, subprocess, sys, tarfile, tempfile, time

here = os.path.dirname(os.path.abspath(__file__))
checkout = os.path.dirname(os.path.dirname(here))


def cpu_seconds(pid):
    """Of a process and its children."""
    total = 0
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    parents[int(name)] = file.read().rpartition(")")[2].split()
            except OSError:
                pass
    found = [pid]
    for one in found:
        found += [child for child, fields in parents.items() if int(fields[1]) == one]
    for one in found:
        if one in parents:
            total += int(parents[one][11]) + int(parents[one][12])
    return total / os.sysconf("SC_CLK_TCK")


class Daemon:
    def __init__(self, name, command, path, log, wait):
        self.name, self.path, self.log = name, path, log
        with open(log, "wb") as file:
            self.process = subprocess.Popen(command, stdout=file, stderr=file)
        for _ in range(600):
            if self.process.poll() is not None:
                break
            if os.path.exists(path):
                time.sleep(wait)
                return
            time.sleep(0.1)
        with open(log, errors="replace") as file:
            sys.exit(f"{name} did not start: {file.read()[-500:]}")

    @property
    def pid(self):
        return self.process.pid

    def ask(self, command, message):
        """Sends one request as spamc does; gives the answer's bytes."""
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(self.path)
            client.sendall(b"%s SPAMC/1.5\r\nUser: nobody\r\nContent-length: %d\r\n\r\n"
                           % (command, len(message)) + message)
            client.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: client.recv(65536), b""))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Rig:
    """A temporary folder with daemons, all of which end with it."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="siftd-spamd-")
        os.chmod(self.folder, 0o755)
        self.daemons = []
        return self

    def __exit__(self, *_):
        for daemon in self.daemons:
            daemon.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def siftd(self, binary, model):
        path = f"{self.folder}/siftd.sock"
        with open(f"{self.folder}/siftd.toml", "w") as file:
            file.write(f"""[milter]
socket = "unix:{self.folder}/milter.sock"
[http]
port = 0
[learn]
enabled = false
[spamd]
socket = "unix:{path}"
mode = "0666"
[model]
directory = "{model}"
""")
        command = [binary, "serve", "--config", f"{self.folder}/siftd.toml"]
        self.daemons.append(Daemon("siftd", command, path, f"{self.folder}/siftd.log", 2))
        return self.daemons[-1]

    def spamd(self, children):
        program = shutil.which("spamd", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if not program:
            sys.exit("SpamAssassin's spamd is not installed")
        path = f"{self.folder}/spamd.sock"
        count = str(children)
        # Local tests only, without users' preferences; children are not replaced meanwhile.
        command = [program, "-L", "-x", "-u", "nobody", "-m", count, f"--min-children={count}",
                   f"--min-spare={count}", f"--max-spare={count}", "--max-conn-per-child=1000000",
                   f"--socketpath={path}", "--socketmode=0666", "--syslog=stderr"]
        # All children must be there, or the first round would start them.
        self.daemons.append(Daemon("SpamAssassin", command, path, f"{self.folder}/spamd.log", 5))
        return self.daemons[-1]


def mail(source, limit):
    """Raw messages of a folder or of an archive (tar.zst), at most `limit`, spread evenly."""
    if os.path.isdir(source):
        paths = sorted(os.path.join(folder, name)
                       for folder, _, names in os.walk(source) for name in names)
        chosen = paths[:: max(1, len(paths) // limit)][:limit]
        return [open(path, "rb").read() for path in chosen]
    pipe = subprocess.Popen(["zstd", "-dcq", source], stdout=subprocess.PIPE)
    with tarfile.open(fileobj=pipe.stdout, mode="r|") as archive:
        messages = [archive.extractfile(member).read() for member in archive if member.isfile()]
    pipe.wait()
    return messages[:: max(1, len(messages) // limit)][:limit]


def load():
    with open("/proc/loadavg") as file:
        return " ".join(file.read().split()[:3])


def score(answer):
    """Whether an answer is of a judged message."""
    return re.match(rb"SPAMD/\S+ 0 EX_OK\r\n(?:.*\r\n)*?Spam: (True|False|Yes|No) ;", answer)
