#!/usr/bin/env python3
"""Throughput of /v1/classify for single messages and lists of 64, beside ONNX Runtime behind a small
server in Python (onnx_server.py) with the same weights.

    classify.py SIFTD CORPORA MODEL [ROUNDS] [SECONDS]

MODEL is a bundle. siftd gets texts of messages and does all of the work; the other server gets ids and
buckets, ready to be scored, and finds no reasons either. wrk asks both over eight connections in turn, in
ROUNDS (5) of SECONDS (8) each. Prints messages a second, CPU milliseconds of a message, and the ratios.
Needs wrk (Debian), and numpy, onnxruntime, orjson, starlette, uvicorn with httptools and uvloop (PyPI).
"""

import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import rig

binary, corpora, bundle = sys.argv[1:4]
rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 5
seconds = int(sys.argv[5]) if len(sys.argv) > 5 else 8
CONNECTIONS = 8
SAMPLE, LIST = 256, 64
here = pathlib.Path(__file__).resolve().parent


def read(mail, folder):
    """Text and tokens of each message, as siftd reads it."""
    paths = []
    for number, raw in enumerate(mail):
        paths.append(f"{folder}/{number:05}.eml")
        pathlib.Path(paths[-1]).write_bytes(raw)
    lines = subprocess.run([binary, "extract", "--json"] + paths, check=True, stdout=subprocess.PIPE,
                           text=True).stdout.splitlines()
    return [json.loads(line) for line in lines]


def buckets(ids, bits):
    """The buckets of words and pairs, each once; docs/keras.md."""
    found, mask, before = {}, 2 ** 64 - 1, None
    for number in ids:
        word = number + 1
        if before is not None:
            found[((before * 0x100000001B3 & mask) ^ (word + 7919)) * 0x9E3779B97F4A7C15 % 2 ** 64
                  >> (64 - bits)] = None
        found[word * 0x9E3779B97F4A7C15 % 2 ** 64 >> (64 - bits)] = None
        before = word
    return list(found)


def lua(path, bodies, kind):
    """A script for wrk that sends these bodies in turn."""
    digits = ",\n".join(f'"{body.hex()}"' for body in bodies)
    path.write_text("local hex = {\n" + digits + """}
local bodies = {}
for number, text in ipairs(hex) do
  bodies[number] = text:gsub("..", function(digits) return string.char(tonumber(digits, 16)) end)
end
local next_body = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = \"""" + kind + """\"
function request()
  next_body = next_body % #bodies + 1
  return wrk.format(nil, nil, nil, bodies[next_body])
end
""")
    return str(path)


def lists(items):
    return [items[start:start + LIST] for start in range(0, len(items), LIST)]


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    (folder / "mail").mkdir()
    mail = rig.unpack(corpora)
    contents = read(mail[::max(1, len(mail) // SAMPLE)][:SAMPLE], folder / "mail")
    texts = [f"{item['subject']}\n\n{item['visible']}" for item in contents]
    config = json.loads((pathlib.Path(bundle) / "config.json").read_text())
    bits = config.get("linear_bits") or 0
    numbers = {word: number for number, word in enumerate(
        (pathlib.Path(bundle) / "vocabulary.txt").read_text(encoding="utf-8").split("\n"))}
    # What the vocabulary lacks is some other word here: that changes no time.
    ids = [[numbers.get(token, 2) for token in item["tokens"]] for item in contents]
    # As many as the model reads.
    spec = config["text_pipeline"]
    head, tail = spec["token_head"], spec["token_tail"]
    ids = [one if len(one) <= head + tail else one[:head] + one[-tail:] for one in ids]
    ready = [[one, buckets(one, bits)] if bits else [one] for one in ids]
    dump = lambda value: json.dumps(value).encode()  # noqa: E731
    scripts = {
        ("siftd", 1): lua(folder / "a.lua", [dump({"text": text}) for text in texts], "application/json"),
        ("siftd", LIST): lua(folder / "b.lua", [dump(part) for part in lists(texts)], "application/json"),
        ("onnx", 1): lua(folder / "c.lua", [dump([one]) for one in ready], "application/json"),
        ("onnx", LIST): lua(folder / "d.lua", [dump(part) for part in lists(ready)], "application/json")}
    subprocess.run([binary, "model", "export", "--model", bundle, "--format", "onnx", "--output",
                    folder / "model.onnx"], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, here / "onnx_server.py", folder / "model.onnx", str(port)]
                              + ([str(bits)] if bits else []))
    siftd = rig.Siftd(os.path.abspath(binary), name,
                      f'[model]\ndirectory = "{os.path.abspath(bundle)}"\n')
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        urls = {"siftd": f"http://127.0.0.1:{siftd.port}/v1/classify",
                "onnx": f"http://127.0.0.1:{port}/classify"}
        pids = {"siftd": siftd.process.pid, "onnx": server.pid}
        runs = {}
        for turn in range(rounds + 1):
            for key in sorted(scripts, reverse=turn % 2 == 1):
                # A list takes the server in Python so long that a short run would end before it.
                time_limit = seconds * (4 if key == ("onnx", LIST) else 1)
                before = rig.cpu_seconds(pids[key[0]])
                result = rig.wrk(urls[key[0]], scripts[key], time_limit, CONNECTIONS)
                messages = result["rate"] * key[1]
                result["messages"] = messages
                result["cpu"] = 1000 * (rig.cpu_seconds(pids[key[0]]) - before) / max(
                    messages * time_limit, 1)
                # The first turn warms up.
                if turn:
                    runs.setdefault(key, []).append(result)
        print(f"{len(texts)} messages, {statistics.mean(map(len, texts)) / 1000:.1f} kB of text and "
              f"{statistics.mean(map(len, ids)):.0f} tokens on average; {rounds} rounds of {seconds} s, "
              f"{CONNECTIONS} connections, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
        print("| server | messages a request | messages/s (lowest–highest) | CPU ms a message | "
              "p99 of a request, ms | not 2xx |\n|---|---|---|---|---|---|")
        median = lambda key, name: statistics.median(run[name] for run in runs[key])  # noqa: E731
        for key in sorted(runs, key=lambda key: key[1]):
            rates = [run["messages"] for run in runs[key]]
            print(f"| {key[0]} | {key[1]} | {median(key, 'messages'):.0f} ({min(rates):.0f}–"
                  f"{max(rates):.0f}) | {median(key, 'cpu'):.3f} | {median(key, 'p99'):.1f} | "
                  f"{sum(run['failed'] + run['errors'] for run in runs[key])} |")
        for count in (1, LIST):
            pairs = [a["messages"] / b["messages"]
                     for a, b in zip(runs["siftd", count], runs["onnx", count])]
            print(f"\nsiftd / ONNX Runtime in Python, {count} messages a request: "
                  f"{statistics.median(pairs):.1f} ({min(pairs):.1f}–{max(pairs):.1f})")
    finally:
        siftd.stop()
        server.terminate()
        server.wait()
