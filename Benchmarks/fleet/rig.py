"""A site of several filter hosts on one machine, for the benches of this folder. Needs root.

Each host is a network namespace with an address of its own on one bridge: three or more with siftd, one with
PostgreSQL. HAProxy and Postfix stand outside of them. All programs are the real ones, from Debian's packages
iproute2, postgresql, haproxy and postfix.
"""
import base64, hashlib, json, os, pathlib, shutil, signal, subprocess, tarfile, tempfile, time, urllib.error, urllib.request

BRIDGE, PREFIX = "siftd-fleet", "10.77.0"
OUTSIDE, DATABASE = f"{PREFIX}.1", f"{PREFIX}.2"
MILTER, HTTP = 8899, 11380
# Bytes of a message that mail() takes at most.
LONGEST = 20_000
PASSWORD = "fleet-bench"
REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
TOKEN = "fleet-bench-write-token-0123456789"


def run(*command, check=True, **options):
    return subprocess.run([str(word) for word in command], check=check, capture_output=True, text=True, **options)


def wait(what, condition, seconds):
    """Waits until a condition holds; returns the seconds it took."""
    start = time.time()
    while not condition():
        if time.time() - start > seconds:
            raise SystemExit(f"{what}: not within {seconds} s")
        time.sleep(.05)
    return time.time() - start


def mail(corpora, name, count):
    """Some messages of a set, without those that are long."""
    found = []
    with subprocess.Popen(["zstd", "-dc", f"{corpora}/{name}.tar.zst"], stdout=subprocess.PIPE) as packed:
        with tarfile.open(fileobj=packed.stdout, mode="r|") as archive:
            for member in archive:
                if member.isfile() and 300 < member.size < LONGEST:
                    found.append(archive.extractfile(member).read().replace(b"\r\n", b"\n"))
                if len(found) == count:
                    packed.kill()
                    break
    return found


def probabilities(host, messages):
    """Of spam, by a host's HTTP port."""
    found = []
    for first in range(0, len(messages), 64):
        part = [{"message_base64": base64.b64encode(text).decode()} for text in messages[first:first + 64]]
        status, answer = host.request("/v1/classify", data=json.dumps(part).encode(), timeout=60, json=True)
        if status != 200:
            raise SystemExit(f"{host.name} answers {status}: {answer[:300]}")
        found += [one["spam_probability"] for one in json.loads(answer)]
    return found


class Namespace:
    """A host of its own: a network namespace with one address on the bridge."""

    def __init__(self, name, address):
        self.name, self.address, self.link = f"siftd-{name}", address, f"sf-{name}"
        run("ip", "netns", "add", self.name)
        run("ip", "link", "add", self.link, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        run("ip", "link", "set", self.link, "master", BRIDGE, "up")
        self.inside("ip", "addr", "add", f"{address}/24", "dev", "eth0")
        self.inside("ip", "link", "set", "eth0", "up")
        self.inside("ip", "link", "set", "lo", "up")

    def command(self, *words):
        return ["ip", "netns", "exec", self.name, *map(str, words)]

    def inside(self, *words, **options):
        return run(*self.command(*words), **options)

    def cut(self, is_cut):
        """Takes the host off the network, or puts it back."""
        run("ip", "link", "set", self.link, "down" if is_cut else "up")


class Database:
    """A PostgreSQL server with a certificate of its own authority, as verify-full needs it."""

    def __init__(self, folder):
        self.folder, self.space = folder, Namespace("db", DATABASE)
        self.data = folder / "data"
        self.programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        folder.mkdir()
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=siftd fleet",
            "-keyout", folder / "server.key", "-out", folder / "server.crt",
            "-addext", f"subjectAltName=IP:{DATABASE}")
        (folder / "password").write_text(PASSWORD + "\n")
        run("chown", "-R", "postgres", folder)
        run("chmod", "600", folder / "server.key")
        self.user(self.programs / "initdb", "-D", self.data, "-U", "siftd", "--auth-local=trust",
                  "--auth-host=scram-sha-256", f"--pwfile={folder}/password", "-E", "UTF8")
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write(f"listen_addresses = '{DATABASE}'\nunix_socket_directories = '{folder}'\nssl = on\n"
                       f"ssl_cert_file = '{folder}/server.crt'\nssl_key_file = '{folder}/server.key'\n"
                       "max_connections = 200\n")
        with open(self.data / "pg_hba.conf", "a") as access:
            access.write(f"hostssl all all {PREFIX}.0/24 scram-sha-256\n")
        self.start()
        self.user("createdb", "-h", folder, "-U", "siftd", "siftd")

    @property
    def url(self):
        return f"postgresql://siftd@{DATABASE}/siftd?sslmode=verify-full&sslrootcert={self.folder}/server.crt"

    def user(self, *words):
        return run(*self.space.command("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups",
                                       *words), cwd="/")

    def start(self):
        self.user(self.programs / "pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "start")

    def stop(self):
        self.user(self.programs / "pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def rows(self, query):
        answer = run("psql", "-h", self.folder, "-U", "siftd", "-d", "siftd", "-AtF", "\t", "-c", query)
        return [line.split("\t") for line in answer.stdout.splitlines()]


class Host:
    """A filter host."""

    def __init__(self, number, site):
        self.name, self.site = f"mx{number}", site
        self.space = Namespace(self.name, f"{PREFIX}.{10 + number}")
        self.folder = site.folder / self.name
        self.process = None
        shutil.copytree(site.registry, self.folder / "registry", symlinks=True)
        (self.folder / "learn").mkdir()
        self.folder.joinpath("siftd.toml").write_text(site.settings(self))
        self.start()

    @property
    def address(self):
        return self.space.address

    def start(self):
        self.log = open(self.folder / "log", "a")
        self.process = subprocess.Popen(
            self.space.command(self.site.siftd, "serve", "--config", self.folder / "siftd.toml"), stderr=self.log,
            stdout=self.log)

    def kill(self, signal_number=signal.SIGKILL):
        self.process.send_signal(signal_number)
        self.process.wait()

    def is_ready(self):
        try:
            return self.request("/readyz", timeout=1)[0] == 200
        except OSError:
            return False

    def request(self, path, data=None, timeout=10, json=False):
        headers = {"Authorization": f"Bearer {TOKEN}"} | ({"Content-Type": "application/json"} if json else {})
        request = urllib.request.Request(f"http://{self.address}:{HTTP}{path}", data=data, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def read(self, path, **options):
        """A JSON answer."""
        return json.loads(self.request(path, **options)[1])

    def siftd(self, *words, **options):
        return self.space.inside(self.site.siftd, *words, "--config", self.folder / "siftd.toml", **options)


class Site:
    """All of it, in a temporary folder."""

    def __init__(self, siftd, model, hosts, extra="", learn=""):
        """Raises SystemExit when a host does not get ready; its log is in the folder then."""
        self.siftd, self.extra, self.learn = pathlib.Path(siftd).resolve(), extra, learn
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="siftd-fleet-"))
        self.folder.chmod(0o755)
        self.clean()
        run("ip", "link", "add", BRIDGE, "type", "bridge")
        run("ip", "addr", "add", f"{OUTSIDE}/24", "dev", BRIDGE)
        run("ip", "link", "set", BRIDGE, "up")
        (self.folder / "token").write_text(TOKEN + "\n")
        (self.folder / "token").chmod(0o600)
        (self.folder / "password").write_text(PASSWORD + "\n")
        (self.folder / "password").chmod(0o600)
        self.registry = self.make_registry(model)
        self.database = Database(self.folder / "db")
        self.hosts = [Host(number + 1, self) for number in range(hosts)]
        for host in self.hosts:
            wait(f"{host.name} is ready", host.is_ready, 60)

    def make_registry(self, model):
        """A registry with two versions, of which every host begins with a copy: a model, and the
        same with another threshold, which is the older one."""
        registry, model = self.folder / "registry", pathlib.Path(model)
        configuration = json.loads((model / "config.json").read_text())
        self.versions = [configuration["id"] + "-older", configuration["id"]]
        for version in self.versions:
            folder = registry / "versions" / version
            shutil.copytree(model, folder)
            configuration["id"] = version
            configuration["thresholds"]["tag"]["probability"] = .95 if version.endswith("older") else .9
            (folder / "config.json").write_text(json.dumps(configuration))
            sums = (folder / "SHA256SUMS").read_text().split()[1::2]
            (folder / "SHA256SUMS").write_text("".join(
                f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in sums))
        os.symlink(f"versions/{self.versions[1]}", registry / "active")
        return registry

    def settings(self, host):
        return f"""
[milter]
socket = "inet:{MILTER}@{host.address}"
[http]
address = "{host.address}"
port = {HTTP}
read_token_file = "{self.folder}/token"
write_token_file = "{self.folder}/token"
rate_limit = 0
[model]
directory = "{host.folder}/registry/active"
[learn]
directory = "{host.folder}/learn"
registry = "{host.folder}/registry"
reservoir = "{REPOSITORY}/share/siftd/reservoir.bin"
{self.learn}
[store]
url = "{self.database.url}"
password_file = "{self.folder}/password"
[fleet]
host = "{host.name}"
share_models = true
{self.extra}
"""

    def clean(self):
        """Removes what a run before this one has left behind."""
        for line in run("ip", "netns", "list").stdout.splitlines():
            if line.startswith("siftd-"):
                run("ip", "netns", "del", line.split()[0])
        run("ip", "link", "del", BRIDGE, check=False)

    def stop(self):
        for host in self.hosts:
            if host.process.poll() is None:
                host.kill(signal.SIGTERM)
        self.database.stop()
        self.clean()
        shutil.rmtree(self.folder, ignore_errors=True)
