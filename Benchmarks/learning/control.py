"""The daemon's control socket, as `siftd learn` uses it, and labelled mail of the corpora."""
import http.client, json, os, pathlib, re, socket, subprocess, sys, tempfile, urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "reliability"))


class Connection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path, timeout=60):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)

    def call(self, method, path, body=b"", **query):
        text = urllib.parse.urlencode(query)
        # The daemon closes connections that are idle for some seconds.
        self.close()
        self.request(method, path + ("?" + text if text else ""), body)
        answer = self.getresponse()
        data = json.loads(answer.read())
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {data}")
        return data

    def teach(self, message, label, source="admin", way="command"):
        return self.call("POST", "/v1/feedback", message, label=label, source=source, way=way)


def settings(folder):
    """Settings of a daemon that keeps its labels in a folder."""
    reservoir = pathlib.Path(__file__).resolve().parents[2] / "share/siftd/reservoir.bin"
    return {"learn.reservoir": f'"{reservoir}"', "learn.directory": f'"{folder}"', "learn.socket": f'"{folder}/control.sock"'}


def ready(siftd, folder):
    """The HTTP port of a daemon, once it and the control socket answer."""
    def port():
        found = re.search(r"http_started url=http://127\.0\.0\.1:(\d+)/", siftd.log())
        return found and int(found.group(1))
    def listens():
        try:
            Connection(folder + "/control.sock").call("GET", "/v1/feedback")
            return True
        except OSError:
            # A daemon that was killed leaves its socket behind.
            return False
    siftd.wait_until(lambda: port() and listens(), 60, "the control socket")
    return port()


def mail(corpora, name, label, part=None):
    """The raw messages of a set by path, sorted, only those of a part of its split file."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="siftd-mail-"))
    archive = pathlib.Path(corpora) / f"{name}.tar.zst"
    subprocess.run(["tar", "--zstd", "-xf", archive, "-C", folder], check=True)
    parts = {}
    split = pathlib.Path(corpora) / f"{name}.split.tsv"
    if split.exists():
        for line in split.read_text().splitlines():
            fields = line.split("\t")
            parts[fields[0]] = fields[-1]
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or label not in path.parts:
            continue
        key = str(path.relative_to(folder))
        if part is None or parts.get(key) == part:
            found.append((key, path.read_bytes()))
    return found
