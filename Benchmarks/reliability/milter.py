"""A milter client that plays an MTA: libmilter's protocol, version 6 (mfdef.h), over a unix or TCP socket.

One connection, one thread at a time. Steps can be sent singly and in any order, packets can be made
without being sent, so that a test may break the protocol wherever it likes.
"""
import socket, struct

# Protocol steps (SMFIP_*): those that a filter may ask to leave unanswered, by command.
UNANSWERED = {b"C": 0x1000, b"H": 0x2000, b"M": 0x4000, b"R": 0x8000, b"T": 0x10000, b"U": 0x20000,
              b"L": 0x80, b"N": 0x40000, b"B": 0x80000}
ALL_STEPS = 0x1FFFFF
ALL_ACTIONS = 0x1FF
CHUNK = 65535


class ProtocolError(Exception):
    pass


def packet(command, data=b""):
    return struct.pack(">I", len(data) + 1) + command + data


def negotiation(version=6, actions=ALL_ACTIONS, steps=ALL_STEPS):
    return packet(b"O", struct.pack(">III", version, actions, steps))


def connection_data(name=b"client.example.net", address=b"192.0.2.7"):
    return name + b"\0" + b"4" + struct.pack(">H", 12345) + address + b"\0"


def macros(command, **values):
    return packet(b"D", command + b"".join(
        name.encode() + b"\0" + value.encode() + b"\0" for name, value in values.items()))


def split(message):
    """Header fields and body of a raw message, as an MTA hands them over."""
    message = message.replace(b"\r\n", b"\n").replace(b"\0", b"")
    if message.startswith(b"From "):
        message = message.partition(b"\n")[2]
    header, _, body = message.partition(b"\n\n")
    fields = []
    for line in header.split(b"\n"):
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1][1] += b"\n" + line
        elif b":" in line:
            name, _, value = line.partition(b":")
            fields.append([name, value.lstrip(b" ")])
    return fields, body.replace(b"\n", b"\r\n")


class Outcome:
    """The answer at end-of-message: accept, reject, tempfail, discard, or the reply line's code."""

    def __init__(self):
        self.answer, self.text, self.fields, self.deleted = None, "", [], []

    def value(self, name):
        return next((value for n, value in self.fields if n == name), None)

    @property
    def is_spam(self):
        return {"YES": True, "NO": False}.get(self.value("X-Spam-Flag"))

    @property
    def kind(self):
        """One word for tables: judged, unscanned, plain (accepted without a field), 421, 451, …"""
        if self.answer != "accept":
            return self.answer
        if "UNSCANNED" in (self.value("X-Spam-Status") or ""):
            return "unscanned"
        return "plain" if self.is_spam is None else "judged"


class Connection:
    """`address` is a path, or (host, port)."""

    def __init__(self, address, negotiate=True, version=6, steps=ALL_STEPS, timeout=30):
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        self.steps = 0
        try:
            self.socket.connect(address)
            if family == socket.AF_INET:
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if negotiate:
                self.negotiate(version, steps)
        except BaseException:
            self.socket.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # Packets

    def raw(self, data):
        self.socket.sendall(data)

    def send(self, command, data=b""):
        self.raw(packet(command, data))

    def _read(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise ProtocolError("the filter closed the connection")
            data += part
        return data

    def receive(self):
        length, = struct.unpack(">I", self._read(4))
        if not 1 <= length < 1 << 20:
            raise ProtocolError(f"a packet of {length} bytes")
        data = self._read(length)
        return data[:1], data[1:]

    def step(self, command, data=b""):
        """Sends a command and waits for its answer where there will be one."""
        self.send(command, data)
        if self.steps & UNANSWERED.get(command, 0):
            return b"c"
        answer, _ = self.receive()
        if answer not in b"cs":
            raise ProtocolError(f"{command} was answered with {answer}")
        return answer

    def rest(self):
        """Says that nothing more will come, and reads until the filter closes the connection."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
            while self.socket.recv(65536):
                pass
        except (ConnectionError, BrokenPipeError, OSError) as error:
            if isinstance(error, TimeoutError):
                raise

    def close(self):
        self.socket.close()

    # Steps

    def negotiate(self, version=6, steps=ALL_STEPS):
        self.raw(negotiation(version, steps=steps))
        command, data = self.receive()
        if command != b"O" or len(data) < 12:
            raise ProtocolError(f"negotiation was answered with {command}")
        self.steps = struct.unpack(">I", data[8:12])[0]

    def connect(self):
        self.step(b"C", connection_data())

    def helo(self):
        self.step(b"H", b"client.example.net\0")

    def greet(self):
        self.connect()
        self.helo()

    def mail(self, sender="sender@example.net"):
        self.step(b"M", f"<{sender}>".encode() + b"\0")

    def rcpt(self, recipient="inbox@example.org"):
        self.step(b"R", f"<{recipient}>".encode() + b"\0")

    def header(self, name, value):
        self.step(b"L", name + b"\0" + value + b"\0")

    def eoh(self):
        self.step(b"N")

    def body(self, data):
        for start in range(0, len(data), CHUNK):
            if self.step(b"B", data[start:start + CHUNK]) == b"s":
                return

    def end(self, queue_id):
        self.raw(macros(b"E", i=queue_id))
        self.send(b"E")

    def outcome(self):
        result = Outcome()
        while True:
            command, data = self.receive()
            if command == b"i":
                name, value = data[4:].split(b"\0")[:2]
                result.fields.append((name.decode(), value.decode("utf-8", "replace")))
            elif command == b"m":
                result.deleted.append(data[4:].split(b"\0")[0].decode("utf-8", "replace"))
            elif command == b"y":
                result.text = data.rstrip(b"\0").decode("utf-8", "replace")
                result.answer = result.text[:3]
                return result
            elif command in b"acrtd":
                result.answer = {b"r": "reject", b"t": "tempfail", b"d": "discard"}.get(command, "accept")
                return result
            elif command not in b"p+-q":
                raise ProtocolError(f"end-of-message was answered with {command}")

    def abort(self):
        self.send(b"A")

    def quit(self):
        self.send(b"Q")

    def begin(self, message, pause=lambda: None):
        """MAIL to the last of the body."""
        fields, body = split(message)
        self.mail()
        pause()
        self.rcpt()
        for name, value in fields:
            self.header(name, value)
        pause()
        self.eoh()
        self.body(body)
        pause()

    def deliver(self, message, queue_id, pause=lambda: None):
        self.begin(message, pause)
        self.end(queue_id)
        return self.outcome()
