#!/usr/bin/env python3
"""siftd's throughput beside its peers': messages a second, CPU time a message of the filter, and how
long an MTA waits at end-of-message, on the same mail from the same client.

    throughput.py --siftd SIFTD --replay REPLAY --corpora CORPORA [options]     see --help

Three milters on unix sockets take turns in each round: a filter that does nothing, siftd with its
defaults, and rspamd without what needs a network, and without its Bayes, which needs Redis and training;
both are in its favour. They run all the time, idle when it is not their turn, and write their usual logs
to files. Then each gets half of its own top rate, as messages come at random times;
last spamd, by its own protocol, since SpamAssassin has no milter of its own. What is not installed is
skipped. Tables are Markdown; a figure is the median of all rounds.

Needs libmilter-dev and a C compiler, and of Debian's packages what shall be compared: rspamd,
spamassassin. Nothing else should run on the machine meanwhile.
"""
import argparse, os, platform, random, re, shutil, signal, socket, statistics, subprocess, sys, tarfile
import tempfile, threading, time

# Recent mail, people's and companies'. Not the test parts, which are for detection only.
SETS = ["recent-2025", "newsletters", "modern-mail"]
RSPAMD_OFF = """rbl spf dkim dkim_signing dmarc arc asn fuzzy_check mx_check url_redirector rspamd_update
    greylist ratelimit reputation replies history_redis neural bimi clickhouse elastic metadata_exporter
    metric_exporter hfilter p0f external_services antivirus dcc""".split()
here = os.path.dirname(os.path.abspath(__file__))


class Skip(Exception):
    pass


def say(text):
    print(text, file=sys.stderr, flush=True)


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def find(program):
    found = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if not found:
        raise Skip(f"{program} is not installed")
    return found


def stat(pid):
    """The fields of /proc/PID/stat that follow the name; empty when there is no such process."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return []


def cpu_seconds(pids):
    fields = [stat(pid) for pid in pids]
    return sum(int(f[11]) + int(f[12]) for f in fields if f) / os.sysconf("SC_CLK_TCK")


class Daemon:
    """A filter in a folder of its own. `start` gives the command line and sets `path`, its socket."""
    name = "?"
    # The field that shows that a message was judged.
    field = "none"

    def __init__(self, folder):
        self.folder = f"{folder}/{self.name.replace(' ', '-')}"
        os.makedirs(self.folder)
        os.chmod(self.folder, 0o755)
        self.path = f"{self.folder}/sock"
        # libmilter's notation, so that a TCP port can take its place.
        self.socket = f"unix:{self.path}"
        command = self.command()
        with open(f"{self.folder}/log", "wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            self.wait()
        except Exception:
            self.stop()
            raise

    def wait(self):
        for _ in range(600):
            if self.process.poll() is not None:
                break
            if self.answers():
                return
            time.sleep(0.1)
        with open(f"{self.folder}/log", errors="replace") as log:
            raise Skip(f"{self.name} did not start: {' / '.join(log.read().splitlines()[-3:])}")

    def answers(self):
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(self.path) == 0

    def pids(self):
        """All processes of the filter: rspamd and spamd have workers."""
        parents = {int(p): stat(p) for p in os.listdir("/proc") if p.isdigit()}
        found = [self.process.pid]
        for pid in found:
            found += [p for p, fields in parents.items() if fields and int(fields[1]) == pid]
        return found

    def settle(self, limit=240):
        """Waits until the filter has done what it does in the background after its start."""
        quiet = 0
        for _ in range(limit // 3):
            before = cpu_seconds(self.pids())
            time.sleep(3)
            quiet = quiet + 1 if cpu_seconds(self.pids()) - before < 0.05 else 0
            # Once is not enough: rspamd pauses between compiling and loading.
            if quiet == 2:
                return
        say(f"{self.name} is still busy by itself after {limit} s")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Nothing(Daemon):
    name = "do-nothing"

    def command(self):
        built = f"{self.folder}/nothing"
        compiled = subprocess.run([find("cc"), "-O2", "-Wall", "-Wextra", "-o", built, f"{here}/nothing.c",
                                   "-lmilter", "-lpthread"], stderr=subprocess.PIPE, text=True)
        if compiled.returncode != 0:
            raise Skip(f"nothing.c can't be built; is libmilter-dev there? {compiled.stderr[:200]}")
        return [built, self.socket]


class Siftd(Daemon):
    name, field = "siftd", "X-Spam-Flag"

    def command(self):
        model = f'[model]\ndirectory = "{os.path.abspath(options.model)}"\n' if options.model else ""
        write(f"{self.folder}/siftd.toml",
              f'[milter]\nsocket = "{self.socket}"\n[http]\nport = 0\n{model}')
        return [options.siftd, "serve", "--config", f"{self.folder}/siftd.toml"]


class Rspamd(Daemon):
    name, field = "rspamd", "X-Spam-Status"

    def command(self):
        program = find("rspamd")
        local = f"{self.folder}/local.d"
        for module in RSPAMD_OFF:
            write(f"{local}/{module}.conf", "enabled = false;\n")
        # Looks each link up in the DNS.
        write(f"{local}/phishing.conf", "phishtank_enabled = false;\n")
        write(f"{local}/worker-normal.inc", "enabled = false;\n")
        # Reads and scans in the same process; as many as there are cores.
        write(f"{local}/worker-proxy.inc", f"""milter = yes;
bind_socket = "{self.path} mode=0666";
upstream "local" {{ default = yes; self_scan = yes; }}
count = {os.cpu_count()};
""")
        write(f"{local}/worker-controller.inc", f'bind_socket = "{self.folder}/controller mode=0666";\n')
        # Nobody answers there: a lookup that is left fails at once.
        write(f"{local}/options.inc",
              'dns { nameserver = ["127.0.0.1:15353:1"]; timeout = 0.01s; retransmits = 1; }\n')
        write(f"{local}/actions.conf",
              "reject = null; greylist = null; add_header = 6; rewrite_subject = null;\n")
        write(f"{local}/milter_headers.conf",
              'use = ["x-spamd-result", "x-spam-status"]; skip_local = false;\n')
        write(f"{local}/logging.inc", 'type = "console";\n')
        for folder in "db", "run":
            os.makedirs(f"{self.folder}/{folder}")
            os.chmod(f"{self.folder}/{folder}", 0o777)
        return [program, "-f", "-i", f"--var=LOCAL_CONFDIR={self.folder}",
                f"--var=DBDIR={self.folder}/db", f"--var=RUNDIR={self.folder}/run"]


class Spamd(Daemon):
    name = "SpamAssassin"
    children = 2

    def command(self):
        # Children must not be replaced: the CPU time of dead ones is not read.
        count = str(self.children)
        return [find("spamd"), "-L", "-x", "-m", count, f"--min-children={count}", f"--min-spare={count}",
                f"--max-spare={count}", "--max-conn-per-child=1000000", f"--socketpath={self.path}",
                "--socketmode=0666", "--syslog=stderr"]

    def scan(self, message):
        """Sends one message as spamc does; gives the seconds it took, or None when it failed."""
        message = message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        begun = time.monotonic()
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(self.path)
            client.sendall(b"PROCESS SPAMC/1.5\r\nContent-length: %d\r\n\r\n" % len(message) + message)
            client.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: client.recv(65536), b""))
        if re.match(rb"SPAMD/\S+ 0 ", answer) and b"X-Spam-Status:" in answer:
            return time.monotonic() - begun
        return None


def unpack(folder):
    """The mail as files in one folder, in random order so that no set comes in a block."""
    messages = []
    for name in SETS:
        with open(f"{options.corpora}/{name}.split.tsv") as file:
            rows = [line.rstrip("\n").split("\t") for line in file]
        wanted = {path for path, _, part in rows if part in ("train", "dev")}
        pipe = subprocess.Popen(["zstd", "-dcq", f"{options.corpora}/{name}.tar.zst"],
                                stdout=subprocess.PIPE)
        with tarfile.open(fileobj=pipe.stdout, mode="r|") as archive:
            messages += [(m.name, archive.extractfile(m).read()) for m in archive
                         if m.isfile() and m.name in wanted]
        pipe.wait()
    messages.sort()
    random.Random(1).shuffle(messages)
    os.makedirs(folder)
    for number, (_, raw) in enumerate(messages):
        with open(f"{folder}/{number:05}.eml", "wb") as file:
            file.write(raw)
    return [raw for _, raw in messages]


def replay(filter, connections, messages, per_connection, rate=None):
    command = [options.replay, "--field", filter.field] + (["--rate", f"{rate:.1f}"] if rate else [])
    command += [filter.path, ",".join(map(str, filter.pids())), str(connections), str(messages),
                str(per_connection), f"{work}/mail"]
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    last = re.search(r"connection: (\d+) messages/s, ([\d.]+) ms CPU a message, (\d+) failures", text)
    reply = re.search(r"to reply: p50 ([\d.]+), p90 ([\d.]+), p99 ([\d.]+)", text)
    whole = re.search(r"start of message to reply: p50 ([\d.]+), p90 ([\d.]+), p99 ([\d.]+)", text)
    behind = re.search(r"behind schedule: .* p99 ([\d.]+)", text)
    result = {"rate": float(last[1]), "cpu": float(last[2]), "failures": int(last[3]),
              "p50": float(reply[1]), "p90": float(reply[2]), "p99": float(reply[3]),
              "whole50": float(whole[1]), "whole99": float(whole[3]),
              "behind": float(behind[1]) if behind else 0}
    if result["failures"]:
        say(f"{filter.name}, {connections} connections: {text}")
    return result


def median(runs, key):
    return statistics.median(run[key] for run in runs)


def spread(runs):
    rates = [run["rate"] for run in runs]
    digits = 0 if median(runs, "rate") >= 100 else 1
    return f"{median(runs, 'rate'):.{digits}f} ({min(rates):.{digits}f}–{max(rates):.{digits}f})"


def table(title, columns, rows):
    print(f"\n{title}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |")
    sys.stdout.flush()


def start(kinds):
    started = []
    for kind in kinds:
        try:
            # Kept at once, so that all are stopped when a later one fails.
            started.append(kind(work))
            running.append(started[-1])
            say(f"{kind.name} started")
        except Skip as reason:
            print(f"Skipped: {kind.name}: {reason}", flush=True)
    for filter in started:
        filter.settle()
    return started


def measure_milters():
    filters = start([Nothing, Siftd, Rspamd])
    if not filters:
        return
    for filter in filters:
        # Twice: rspamd goes on compiling while the first mail comes.
        replay(filter, 8, options.warm_up, 50)
        filter.settle()
        replay(filter, 8, options.warm_up, 50)
    runs = {}
    for turn in range(options.rounds):
        for connections in options.connections:
            for per_connection in 50, 1:
                # Each begins a round as often as the others.
                for filter in filters[turn % len(filters):] + filters[:turn % len(filters)]:
                    runs.setdefault((per_connection, connections, filter), []).append(
                        replay(filter, connections, options.messages, per_connection))
        say(f"round {turn + 1} of {options.rounds} done")
    for per_connection in 50, 1:
        title = f"{per_connection} message{'s' * (per_connection > 1)} a connection"
        table(f"### Full speed, {title}",
              ["connections", "filter", "messages/s (lowest–highest)", "CPU ms/message", "p50 ms", "p99 ms",
               "whole message p50 ms", "p99 ms", "failures"],
              [[connections, filter.name, spread(r), f"{median(r, 'cpu'):.3f}", f"{median(r, 'p50'):.3f}",
                f"{median(r, 'p99'):.3f}", f"{median(r, 'whole50'):.3f}", f"{median(r, 'whole99'):.3f}",
                sum(run["failures"] for run in r)]
               for connections in options.connections for filter in filters
               for r in [runs[per_connection, connections, filter]]])
    half = {}
    tops = {f: max(median(runs[50, c, f], "rate") for c in options.connections) for f in filters}
    for turn in range(options.rounds):
        for filter in filters[turn % len(filters):] + filters[:turn % len(filters)]:
            # As many connections as there are, so that messages seldom wait for one.
            half.setdefault(filter, []).append(
                replay(filter, max(options.connections), int(tops[filter] / 2 * options.seconds), 50,
                       tops[filter] / 2))
        say(f"round {turn + 1} of {options.rounds} at half rate done")
    table("### At half of each filter's top rate, messages at random times",
          ["filter", "offered/s", "messages/s (lowest–highest)", "CPU ms/message", "p50 ms", "p90 ms",
           "p99 ms", "p99 ms behind schedule", "failures"],
          [[f.name, f"{tops[f] / 2:.0f}", spread(half[f]), f"{median(half[f], 'cpu'):.3f}"]
           + [f"{median(half[f], key):.3f}" for key in ("p50", "p90", "p99", "behind")]
           + [sum(run["failures"] for run in half[f])] for f in filters])


def measure_spamassassin(messages):
    """SpamAssassin is so slow that a part of the mail must do; the client's own time does not matter."""
    filters = start([Spamd])
    if not filters:
        return
    spamd = filters[0]
    sample = messages[:options.spamassassin]
    runs = []
    for turn in range(options.rounds + 1):
        left, times, failures = list(sample if turn else sample[:20]), [], []

        def client():
            while True:
                try:
                    message = left.pop()
                except IndexError:
                    return
                try:
                    seconds = spamd.scan(message)
                except OSError:
                    seconds = None
                (failures if seconds is None else times).append(seconds)

        pids = spamd.pids()
        before, begun = cpu_seconds(pids), time.monotonic()
        clients = [threading.Thread(target=client) for _ in range(spamd.children)]
        for thread in clients:
            thread.start()
        for thread in clients:
            thread.join()
        elapsed, cpu = time.monotonic() - begun, cpu_seconds(pids) - before
        times.sort()
        # The first turn only warms up.
        if turn:
            if spamd.pids() != pids:
                say("spamd replaced a child: its CPU time is too low")
            runs.append({"rate": len(sample) / elapsed, "cpu": cpu / len(sample) * 1000,
                         "p50": times[len(times) // 2] * 1000 if times else 0,
                         "p99": times[len(times) * 99 // 100] * 1000 if times else 0,
                         "failures": len(failures)})
    table(f"### SpamAssassin: spamd -L, {spamd.children} children, as many clients, {len(sample)} messages",
          ["messages/s (lowest–highest)", "CPU ms/message", "whole message p50 ms", "p99 ms", "failures"],
          [[spread(runs), f"{median(runs, 'cpu'):.1f}", f"{median(runs, 'p50'):.1f}",
            f"{median(runs, 'p99'):.1f}", sum(run["failures"] for run in runs)]])


def first_line(command):
    try:
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return run.stdout.strip().splitlines()[0]
    except (OSError, IndexError):
        return f"no {os.path.basename(command[0])}"


parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--siftd", required=True, help="built with -c release")
parser.add_argument("--replay", required=True, help="of the package Benchmarks, built with -c release")
parser.add_argument("--corpora", required=True, help="folder of the mail sets and their splits")
parser.add_argument("--model", help="model bundle; siftd's own choice unless given")
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--messages", type=int, default=5000, help="a run (default 5000)")
parser.add_argument("--connections", type=lambda text: list(map(int, text.split(","))),
                    default=[1, 8, 32, 100], help="numbers with commas between (default 1,8,32,100)")
parser.add_argument("--warm-up", type=int, default=2000, help="messages before the first run (2000)")
parser.add_argument("--seconds", type=float, default=10, help="of each run at half rate (default 10)")
parser.add_argument("--spamassassin", type=int, default=400, help="messages for it; 0 leaves it out")
options = parser.parse_args()
# Stopped from outside, it still stops the filters.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

running = []
with tempfile.TemporaryDirectory() as work:
    os.chmod(work, 0o755)
    try:
        mail = unpack(f"{work}/mail")
        sizes = sorted(map(len, mail))
        cpus = re.findall(r"model name\s*: (.*)", open("/proc/cpuinfo").read())
        print(f"{cpus[0] if cpus else platform.machine()}, {os.cpu_count()} cores, {platform.release()}; "
              f"siftd {first_line([options.siftd, '--version'])}; {first_line(['rspamd', '--version'])}; "
              f"{first_line(['spamassassin', '--version'])}.")
        print(f"{len(mail)} messages of {', '.join(SETS)} (train and dev parts): median "
              f"{sizes[len(sizes) // 2] / 1000:.1f} kB, mean {sum(sizes) / len(sizes) / 1000:.1f} kB. "
              f"{options.messages} a run, medians of {options.rounds} rounds.")
        print("p50 and p99 are the time from end-of-message to the reply; a whole message counts from its "
              "first byte, or from connecting where it has a connection of its own.", flush=True)
        measure_milters()
        if options.spamassassin:
            measure_spamassassin(mail)
    finally:
        for daemon in running:
            daemon.stop()
