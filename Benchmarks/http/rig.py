"""What the scripts beside it share: a siftd of their own, mail, and clients."""

import os
import re
import signal
import subprocess
import tarfile
import time

# Recent mail, people's and companies'; not the test parts, which are for detection only.
SETS = ["recent-2025", "newsletters", "modern-mail"]


def unpack(corpora):
    """The messages of the sets, in the order of their names."""
    messages = []
    for name in SETS:
        with open(f"{corpora}/{name}.split.tsv", encoding="utf-8") as file:
            rows = [line.rstrip("\n").split("\t") for line in file]
        wanted = {path for path, _, part in rows if part in ("train", "dev")}
        with subprocess.Popen(["zstd", "-dcq", f"{corpora}/{name}.tar.zst"],
                              stdout=subprocess.PIPE) as pipe:
            with tarfile.open(fileobj=pipe.stdout, mode="r|") as archive:
                messages += [(member.name, archive.extractfile(member).read())
                             for member in archive if member.isfile() and member.name in wanted]
    return [raw for _, raw in sorted(messages)]


class Siftd:
    """A daemon with its defaults but for the socket, the port and the limit of requests."""

    def __init__(self, binary, folder, more=""):
        self.socket = f"{folder}/sock"
        configuration = f"{folder}/siftd.toml"
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(f'[milter]\nsocket = "unix:{self.socket}"\n[http]\nport = 0\nrate_limit = 0\n'
                       f"[learn]\nenabled = false\n{more}")
        self.log = open(f"{folder}/log", "w+", encoding="utf-8")
        self.process = subprocess.Popen([binary, "serve", "--config", configuration],
                                        stderr=self.log, stdout=self.log)
        for _ in range(600):
            with open(f"{folder}/log", encoding="utf-8") as file:
                found = re.search(r"url=http://127.0.0.1:(\d+)/", file.read())
            if found:
                self.port = int(found[1])
                return
            time.sleep(0.1)
        raise SystemExit("siftd did not start")

    def cpu(self):
        return cpu_seconds(self.process.pid)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.log.close()


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wrk(url, script, seconds, connections, nice=0):
    """Requests a second, those that failed, and their latencies in milliseconds."""
    text = subprocess.run(
        ["nice", "-n", str(nice), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s",
         "--latency", "-s", script, url],
        check=True, stdout=subprocess.PIPE, text=True).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    parts = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    return {
        "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),
        "failed": int(failed[1]) if failed else 0,
        "errors": sum(map(int, errors.groups())) if errors else 0,
        "p99": float(parts[1]) * {"us": 0.001, "ms": 1, "s": 1000}[parts[2]]}
