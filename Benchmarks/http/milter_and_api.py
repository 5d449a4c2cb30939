#!/usr/bin/env python3
"""What the MTA notices of requests to /v1/classify: how long it waits at end-of-message, with and without.

    milter_and_api.py SIFTD REPLAY CORPORA [ROUNDS] [SECONDS]

SIFTD is a release build, REPLAY the built `replay` of the package Benchmarks. First the milter's top rate
is measured; then messages come at random times at half of it, in ROUNDS (7) pairs of SECONDS (10), once
without requests and once while wrk sends messages to /v1/classify over eight connections as fast as
answers come. In every other pair the order is reversed. The MTA and wrk run on this machine, so wrk gets
what both of them and siftd leave (nice 19): else the table would show what a client takes from the
cores, which are somewhere else in practice. Needs wrk (Debian) and zstd.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile

import rig

binary, replay, corpora = sys.argv[1:4]
rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 7
seconds = int(sys.argv[5]) if len(sys.argv) > 5 else 10
CONNECTIONS = 8

with tempfile.TemporaryDirectory() as folder:
    os.chmod(folder, 0o755)
    os.mkdir(f"{folder}/mail")
    mail = rig.unpack(corpora)
    for number, raw in enumerate(mail):
        with open(f"{folder}/mail/{number:05}.eml", "wb") as file:
            file.write(raw)
    # Messages for wrk, as hexadecimal digits so that Lua's quoting does not matter.
    script = f"{folder}/classify.lua"
    sample = sorted(mail, key=len)[len(mail) // 4:len(mail) * 3 // 4:max(1, len(mail) // 200)]
    with open(script, "w", encoding="utf-8") as file:
        file.write("local hex = {\n" + ",\n".join(f'"{raw.hex()}"' for raw in sample) + """}
local bodies = {}
for number, text in ipairs(hex) do
  bodies[number] = text:gsub("..", function(digits) return string.char(tonumber(digits, 16)) end)
end
local next_body = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "message/rfc822"
function request()
  next_body = next_body % #bodies + 1
  return wrk.format(nil, nil, nil, bodies[next_body])
end
""")
    siftd = rig.Siftd(binary, folder)

    def run(messages, rate=None):
        command = [replay, "--field", "X-Spam-Flag"] + (["--rate", f"{rate:.1f}"] if rate else [])
        command += [siftd.socket, str(siftd.process.pid), str(CONNECTIONS), str(messages), "50",
                    f"{folder}/mail"]
        text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        last = re.search(r"connection: (\d+) messages/s, ([\d.]+) ms CPU a message, (\d+) failures", text)
        reply = re.search(r"to reply: p50 ([\d.]+), p90 ([\d.]+), p99 ([\d.]+)", text)
        return {"rate": float(last[1]), "failures": int(last[3]), "p50": float(reply[1]),
                "p90": float(reply[2]), "p99": float(reply[3])}

    try:
        run(2000)
        top = statistics.median(run(4000)["rate"] for _ in range(3))
        print(f"top rate {top:.0f} messages/s, half of it offered; {rounds} pairs of {seconds} s, "
              f"{CONNECTIONS} connections; load {os.getloadavg()[0]:.1f}", flush=True)
        url = f"http://127.0.0.1:{siftd.port}/v1/classify"
        alone, beside, requests = [], [], []
        for turn in range(rounds):
            for with_requests in (turn % 2 == 1, turn % 2 == 0):
                if not with_requests:
                    alone.append(run(int(top / 2 * seconds), top / 2))
                    continue
                client = subprocess.Popen(
                    [sys.executable, "-c",
                     f"import rig; print(rig.wrk({url!r}, {script!r}, {seconds + 4}, {CONNECTIONS}, 19))"],
                    stdout=subprocess.PIPE, text=True, cwd=os.path.dirname(os.path.abspath(__file__)))
                subprocess.run(["sleep", "2"], check=True)
                beside.append(run(int(top / 2 * seconds), top / 2))
                requests.append(eval(client.communicate()[0]))  # what rig.wrk has printed
            print(f"pair {turn + 1}: p99 {alone[-1]['p99']:.2f} ms alone, {beside[-1]['p99']:.2f} ms with "
                  f"{requests[-1]['rate']:.0f} requests/s", flush=True)
        print("\n| milter | p50 ms | p90 ms | p99 ms | messages/s | failures |\n|---|---|---|---|---|---|")
        for name, runs in (("alone", alone), ("with requests", beside)):
            figures = " | ".join(f"{statistics.median(r[k] for r in runs):.3f}" for k in ("p50", "p90", "p99"))
            print(f"| {name} | {figures} | {statistics.median(r['rate'] for r in runs):.0f} | "
                  f"{sum(r['failures'] for r in runs)} |")
        ratios = [b["p99"] / a["p99"] for a, b in zip(alone, beside)]
        print(f"\np99 with requests / alone: median of pairs {statistics.median(ratios):.2f} "
              f"({min(ratios):.2f} to {max(ratios):.2f}); "
              f"requests/s median {statistics.median(r['rate'] for r in requests):.0f}, "
              f"refused {sum(r['failed'] for r in requests)}, errors {sum(r['errors'] for r in requests)}; "
              f"load {os.getloadavg()[0]:.1f}")
    finally:
        siftd.stop()
