#!/usr/bin/env python3
"""siftd and clients that are no MTA, or a broken one.

    hostile.py SIFTD [ROUNDS] [--tcp]

Each round (6,000 unless said otherwise) one client misbehaves, then a ham or a spam must be judged right
on a connection of its own. All the while slow clients dribble a well-formed message each and must get a
right answer at its end. Memory, threads and descriptors must not grow. With --tcp clients also break off
with a reset.

One more client greets twice a second, as there is on any mail server: stall.py shows what libmilter does
without it while clients are stuck inside a packet. Rounds that had to wait for it are counted as stalls.
"""
import random, socket, struct, sys, threading, time

import milter
from daemon import HAM, SPAM, Report, Siftd
from milter import connection_data, macros, negotiation, packet

SAMPLE = 500
SLOW_CLIENTS = 20

# The commands with sound data. O, A, Q, K, T, U are here for their order's sake.
COMMANDS = {
    b"O": struct.pack(">III", 6, milter.ALL_ACTIONS, milter.ALL_STEPS), b"C": connection_data(),
    b"H": b"client.example.net\0", b"M": b"<sender@example.net>\0", b"R": b"<inbox@example.org>\0",
    b"D": b"Ei\x004XORDER\0", b"L": b"Subject\0words\0", b"N": b"", b"B": b"Some words of a body.\r\n",
    b"E": b"", b"A": b"", b"T": b"", b"U": b"XCOMMAND\0", b"K": b"", b"Q": b""}
# The order of a sound message.
ORDER = [b"O", b"C", b"H", b"M", b"R", b"L", b"N", b"B", b"E"]


def sound(commands):
    return b"".join(packet(command, COMMANDS[command]) for command in commands)


def message_bytes(body=b"Some words of a body.\r\n", header=packet(b"L", b"Subject\0words\0"), recipients=1):
    """Negotiation to end-of-message."""
    return (sound([b"O", b"C", b"H", b"M"]) + packet(b"R", COMMANDS[b"R"]) * recipients + header
            + packet(b"N") + packet(b"B", body) + macros(b"E", i="4XHOSTILE") + packet(b"E"))


def send(daemon, data, is_reset=False, reads=True):
    """Sends and, unless the client goes away at once, waits until the filter has closed."""
    with milter.Connection(daemon.address, negotiate=False, timeout=30) as connection:
        try:
            connection.raw(data)
        except (BrokenPipeError, ConnectionResetError):
            return  # The filter had enough before we had.
        if is_reset:
            # No linger: close resets the connection, where there is such a thing.
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif reads:
            connection.rest()


def answered(daemon, recipients=1, name=b"X-Field", value=b"words", fields=1, body=b"Some words.\r\n", chunks=1):
    """A huge message, but a sound one: it must be answered."""
    with milter.Connection(daemon.address, timeout=30) as connection:
        connection.greet()
        connection.raw(sound([b"M"]) + sound([b"R"]) * recipients
                       + packet(b"L", name + b"\0" + value + b"\0") * fields + packet(b"N"))
        for _ in range(chunks):
            if connection.step(b"B", body) == b"s":
                break
        connection.end("4XHEAVY")
        outcome = connection.outcome()
        if outcome.answer != "accept":
            raise milter.ProtocolError(f"answered {outcome.answer} {outcome.text}")


# Every kind of misbehaviour: a name and what is done. Those of `heavy` take long and run less
# often.
kinds, heavy = {}, {}


def add(name, data, **options):
    kinds[name] = lambda daemon: send(daemon, data, **options)


add("connect and close", b"", reads=False)
add("connect, then a reset", b"", is_reset=True)
add("text", b"hello\r\nquit\r\n")
add("HTTP request", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
add("SMTP dialogue", b"EHLO probe\r\nMAIL FROM:<>\r\nRCPT TO:<root>\r\nDATA\r\n")
add("TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500))
kinds["random bytes"] = lambda daemon: send(daemon, random.randbytes(random.randrange(1, 5000)))
kinds["random bytes after negotiation"] = lambda daemon: send(
    daemon, negotiation() + random.randbytes(random.randrange(1, 5000)))


def mutated(daemon):
    data = bytearray(message_bytes())
    for _ in range(random.randrange(1, 6)):
        data[random.randrange(len(data))] = random.randrange(256)
    send(daemon, bytes(data))


kinds["random bytes changed"] = mutated
for version in 0, 1, 2, 3, 5, 7, 99, 0xFFFFFFFF:
    add(f"version {version}", negotiation(version) + message_bytes()[len(negotiation()):])
add("negotiation without actions", negotiation(actions=0) + message_bytes()[len(negotiation()):])
add("negotiation without steps", negotiation(steps=0) + message_bytes()[len(negotiation()):])
add("short negotiation", packet(b"O", b"\0\0"))
add("long negotiation", packet(b"O", COMMANDS[b"O"] + bytes(5000)) + message_bytes()[len(negotiation()):])
add("negotiation twice", negotiation() + message_bytes())
for length in 0, 0xFFFFFFFF, 0x80000000, 0x7FFFFFFF, (4 << 20) + 1, 4 << 20:
    add(f"length {length}", struct.pack(">I", length) + b"O" + bytes(12))
    add(f"length {length} in a message", sound(ORDER[:6]) + struct.pack(">I", length) + b"L" + bytes(12))
    add(f"length {length} of a body", sound(ORDER[:7]) + struct.pack(">I", length) + b"B" + bytes(9000))
for code in 0, 0x21, 0x5A, 0x7F, 0xFF:
    add(f"unknown command {code}", sound(ORDER[:5]) + packet(bytes([code]), b"data\0")
        + sound([b"L", b"N", b"B", b"E"]))
for command in ORDER[1:6] + [b"D"]:
    before = ORDER[:ORDER.index(command)] if command in ORDER else ORDER[:4]
    after = sound(ORDER[len(before) + 1:])
    for name, data in [("empty", b""), ("without NUL", b"x" * 50), ("only NULs", bytes(50)),
                       ("many NULs", b"a\0" * 5000), ("high bytes", bytes(range(1, 256)) + b"\0"),
                       ("one long word", b"x" * 1_000_000 + b"\0")]:
        add(f"{command.decode()} {name}", sound(before) + packet(command, data) + after)
add("connect: no address", sound([b"O"]) + packet(b"C", b"host\0") + sound(ORDER[2:]))
add("connect: unknown family", sound([b"O"]) + packet(b"C", b"host\0Z") + sound(ORDER[2:]))
add("connect: bad address", sound([b"O"]) + packet(b"C", b"host\x006\0\x19nonsense\0") + sound(ORDER[2:]))
add("body of NULs", message_bytes(body=bytes(60000)))
add("body after end of message", message_bytes() + packet(b"B", b"x" * 60000) * 5 + packet(b"E"))
add("end of message ten times", message_bytes() + packet(b"E") * 10)
add("a hundred aborts", sound(ORDER[:5]) + packet(b"A") * 100 + sound(ORDER[3:]))
add("message, then another client (K)", message_bytes() + packet(b"K") + sound(ORDER[1:]))
add("K ten times", sound([b"O", b"C"]) + packet(b"K") * 10 + sound([b"C", b"M", b"Q"]))
add("macros of no command", sound(ORDER[:2]) + packet(b"D") + packet(b"D", b"Zi\0x\0") + sound(ORDER[2:]))
add("a hundred sets of macros", sound(ORDER[:3]) + macros(b"M", i="4X", j="mx") * 100 + sound(ORDER[3:]))

for count in range(len(ORDER) + 1):
    reached = "the start" if count == 0 else ORDER[count - 1].decode()
    add(f"gone after {reached}", sound(ORDER[:count]), reads=False)
    add(f"reset after {reached}", sound(ORDER[:count]), is_reset=True)
    add(f"end of input after {reached}", sound(ORDER[:count]))
    if count < len(ORDER):
        data = sound(ORDER[:count]) + packet(ORDER[count], COMMANDS[ORDER[count]])[:-1]
        add(f"gone inside {ORDER[count].decode()}", data, reads=False)
        add(f"gone inside the length of {ORDER[count].decode()}", sound(ORDER[:count]) + b"\0\0", reads=False)
        missing = ORDER[:count] + ORDER[count + 1:]
        add(f"without {ORDER[count].decode()}", sound(missing))
    for command in COMMANDS:
        add(f"{command.decode()} after {reached}, then on",
            sound(ORDER[:count] + [command] + ORDER[count:]))
for command in COMMANDS:
    add(f"{command.decode()} alone, a hundred times", packet(command, COMMANDS[command]) * 100)
    add(f"negotiation, {command.decode()} a hundred times",
        negotiation() + packet(command, COMMANDS[command]) * 100)
backwards = sound(reversed(ORDER))
add("backwards", backwards)
add("backwards after negotiation", negotiation() + backwards)


def shuffled(daemon):
    commands = random.choices(list(COMMANDS), k=random.randrange(2, 40))
    send(daemon, negotiation() + sound(commands))


for number in range(10):
    kinds[f"random order {number}"] = shuffled

for name, options in {
        "10,000 recipients": {"recipients": 10_000}, "20,000 header fields": {"fields": 20_000},
        "20,000 forged fields": {"fields": 20_000, "name": b"X-Spam-Flag"},
        "field of 3 MB": {"value": b"x" * 3_000_000}, "body of 8 MB": {"chunks": 128, "body": b"word " * 13_000},
        "20,000 chunks": {"chunks": 20_000}}.items():
    heavy[name] = lambda daemon, options=options: answered(daemon, **options)


class SlowClient:
    """Sends a well-formed message a few bytes a round."""

    def __init__(self, daemon, number):
        self.is_spam = number % 2 == 0
        self.connection = milter.Connection(daemon.address)
        fields, body = milter.split(SPAM if self.is_spam else HAM)
        self.data = (sound(ORDER[1:5]) + b"".join(packet(b"L", n + b"\0" + v + b"\0") for n, v in fields)
                     + packet(b"N") + packet(b"B", body) + macros(b"E", i=f"4XSLOW{number}") + packet(b"E"))

    def go_on(self):
        """True when the answer was there, and right."""
        count = random.randrange(1, 12)
        self.connection.raw(self.data[:count])
        self.data = self.data[count:]
        if self.data:
            return False
        command, _ = self.connection.receive()
        if command != b"c":
            raise milter.ProtocolError(f"a slow client's body was answered with {command}")
        outcome = self.connection.outcome()
        if outcome.answer != "accept" or outcome.is_spam != self.is_spam:
            raise milter.ProtocolError(f"a slow client's message was answered {outcome.answer} {outcome.text}")
        self.connection.close()
        return True


def greet(daemon, stop):
    while not stop.wait(0.5):
        try:
            with milter.Connection(daemon.address) as connection:
                connection.greet()
        except (OSError, milter.ProtocolError):
            pass  # The rounds will tell.


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--tcp"]
    rounds = int(arguments[1]) if len(arguments) > 1 else 6_000
    report = Report("hostile clients")
    random.seed(1)
    slow_answers = checks = done = stalls = 0
    slowest, slowest_name = 0, ""
    samples = []
    names, heavy_names = list(kinds), list(heavy)
    with Siftd(arguments[0], tcp="--tcp" in sys.argv) as daemon:
        stop = threading.Event()
        threading.Thread(target=greet, args=(daemon, stop), daemon=True).start()
        slow = [SlowClient(daemon, number) for number in range(SLOW_CLIENTS)]
        print(f"{len(kinds) + len(heavy)} kinds\n{'round':>6} {'RSS MiB':>8} {'threads':>8} {'fds':>6}")
        for number in range(rounds):
            # Every 40th round a heavy one.
            name = (heavy_names[number // 40 % len(heavy_names)] if number % 40 == 39
                    else names[number % len(names)])
            start = time.monotonic()
            try:
                (heavy.get(name) or kinds[name])(daemon)
                outcome = daemon.judge(SPAM if number % 2 else HAM, "4XCHECK")
                if outcome.is_spam != bool(number % 2):
                    raise milter.ProtocolError(f"the check was answered {outcome.answer} {outcome.text}")
                checks += 1
                for index, client in enumerate(slow):
                    if client.go_on():
                        slow_answers += 1
                        slow[index] = SlowClient(daemon, slow_answers)
            except (OSError, milter.ProtocolError) as error:
                report.expect(False, f"round {number}, {name}: {type(error).__name__} {error}")
            if time.monotonic() - start > slowest:
                slowest, slowest_name = time.monotonic() - start, name
            # Sound ones take a millisecond, heavy ones half a second.
            if name not in heavy and time.monotonic() - start > 0.2:
                stalls += 1
                print(f"round {number}, {name}: a stall of {time.monotonic() - start:.2f} s", flush=True)
            if not daemon.is_alive:
                report.expect(False, f"round {number}, {name}: siftd ended with {daemon.process.returncode}")
                print(daemon.log()[-1000:])
                break
            done += 1
            if number % SAMPLE == SAMPLE - 1 or number == rounds - 1:
                time.sleep(0.5)
                samples.append(daemon.usage())
                sample = samples[-1]
                print(f"{number + 1:>6} {sample['rss']:>8.1f} {sample['threads']:>8} {sample['fds']:>6}", flush=True)
        if daemon.is_alive:
            daemon.check("4XLAST")
        for client in slow:
            client.connection.close()
        stop.set()
        daemon.stop()
        report.expect(daemon.process.returncode == 0, f"exit status {daemon.process.returncode}")
        report.add("rounds", done)
        report.add("messages judged right between them", checks)
        report.add("stalls", stalls)
        report.add("slow clients answered right", slow_answers)
        report.add("longest round", f"{slowest:.2f} s ({slowest_name})")
        # What the allocator keeps settles slowly: some threads meet the largest messages late.
        settled = samples[len(samples) // 2:]
        if len(settled) > 1:
            for key, slack in ("rss", 24), ("threads", 4), ("fds", 4):
                first, last = settled[0][key], settled[-1][key]
                report.add(f"{key} once settled, at the end", f"{first:.0f}, {last:.0f}")
                report.expect(last <= first + slack, f"{key} grew from {first:.0f} to {last:.0f}")
    report.finish()


main()
