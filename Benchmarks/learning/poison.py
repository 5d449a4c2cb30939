#!/usr/bin/env python3
"""What wrong labels do: a table in which some labels are flipped, and one source that calls spam ham.

    poison.py SIFTD MODEL RESERVOIR CORPORA

SIFTD is the binary, MODEL a bundle that was not trained on the sets used here (the starter model),
RESERVOIR its base data, CORPORA the folder with wanted-mail, office-mail and recent-spam. Their
train parts are taught, their dev and test parts are measured: false positives and recall at the tag
threshold, by model and labels together. Each case begins with an empty label store and registry.
"""

import csv
import email
import email.policy
import html
import io
import json
import pathlib
import random
import re
import subprocess
import sys
import tarfile
import tempfile

SETS = ["wanted-mail", "office-mail", "recent-spam"]
FLIPPED = [0, 5, 20, 50]
ATTACKS = 500


def text(raw):
    """Subject and body as a row of a table holds them."""
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    subject = str(email.header.make_header(email.header.decode_header(message["Subject"] or "")))
    plain, marked = "", ""
    for part in message.walk():
        if part.get_content_maintype() != "text":
            continue
        payload = part.get_payload(decode=True) or b""
        content = payload.decode("utf-8", "replace")
        if part.get_content_subtype() == "html":
            content = re.sub(r"(?is)<(style|script|head)\b.*?</\1>", " ", content)
            marked += html.unescape(re.sub(r"<[^>]*>", " ", content))
        else:
            plain += content
    body = marked if len(marked) > len(plain) else plain
    return f"Subject: {subject}\n\n{body}".replace("\0", "")


def read(corpora):
    """Texts by part: (text, label)."""
    train, rest = [], []
    for name in SETS:
        lines = (corpora / f"{name}.split.tsv").read_text().splitlines()
        parts = {line.split("\t")[0]: line.split("\t")[1:] for line in lines}
        packed = subprocess.run(
            ["zstd", "-dc", corpora / f"{name}.tar.zst"], capture_output=True, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            for member in archive:
                if not member.isfile() or member.name not in parts:
                    continue
                label, part = parts[member.name]
                row = (text(archive.extractfile(member).read()), label)
                if row[0].strip():
                    (train if part == "train" else rest).append(row)
    return train, rest


def write(path, rows):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        writer.writerows(rows)


class Site:
    """A label store and a registry that are empty at first."""

    def __init__(self, folder, siftd, model, reservoir):
        self.folder, self.siftd, self.model, self.reservoir = folder, siftd, model, reservoir
        for name in ["labels", "models"]:
            (folder / name).mkdir(parents=True)
        self.settings(model)

    def settings(self, model):
        self.current = model
        (self.folder / "siftd.toml").write_text(
            f'[model]\ndirectory = "{model}"\n[learn]\ndirectory = "{self.folder}/labels"\n'
            f'reservoir = "{self.reservoir}"\nsocket = "{self.folder}/none.sock"\n')

    def run(self, *arguments):
        command = [self.siftd, *arguments, "--config", self.folder / "siftd.toml"]
        return subprocess.run(command, capture_output=True, text=True)

    def retrain(self, *arguments):
        done = self.run(
            "retrain", "--registry", self.folder / "models", "--hurry", "--json",
            "--method", "refine", *arguments)
        start = done.stdout.find("{")
        end = done.stdout.rfind("}")
        figures = json.loads(done.stdout[start:end + 1]) if start >= 0 else {"failure": done.stderr}
        if figures.get("active"):
            self.settings(self.folder / "models" / "active")
        return figures

    def measure(self, rows, *arguments):
        """False-positive rate and recall in per cent."""
        table = self.folder / "measured.csv"
        write(table, rows)
        done = self.run("classify", "--json", "--model", self.current, *arguments, table)
        verdicts = [json.loads(line)["verdict"] for line in done.stdout.splitlines()]
        assert len(verdicts) == len(rows), done.stderr
        def share(label):
            mine = [v for v, row in zip(verdicts, rows) if row[1] == label]
            return 100 * mine.count("spam") / len(mine)
        return f"{share('ham'):5.1f} / {share('spam'):5.1f}"


def main():
    siftd, model, reservoir, corpora = sys.argv[1:5]
    train, rest = read(pathlib.Path(corpora))
    count = {label: sum(row[1] == label for row in rest) for label in ["ham", "spam"]}
    print(f"{len(train)} rows taught, {count['ham']} ham and {count['spam']} spam measured")
    other = {"ham": "spam", "spam": "ham"}
    with tempfile.TemporaryDirectory() as scratch:
        def site(name):
            return Site(pathlib.Path(scratch) / name, siftd, model, reservoir)
        print("model alone:", site("plain").measure(rest, "--no-labels"))
        for percent in FLIPPED:
            rows = train[:]
            random.Random(7).shuffle(rows)
            wrong = len(rows) * percent // 100
            rows = [(t, other[l]) for t, l in rows[:wrong]] + rows[wrong:]
            random.Random(8).shuffle(rows)
            place = site(f"flip{percent}")
            write(place.folder / "labels.csv", rows)
            figures = place.retrain("--csv", place.folder / "labels.csv")
            report = figures.get("report") or {}
            print(
                f"{percent} % flipped: {report.get('decision', 'failed')} "
                f"({figures.get('method')}, {figures.get('seconds', 0):.0f} s, "
                f"{figures.get('memory', 0) / 1e6:.0f} MB); "
                f"model and labels {place.measure(rest)}, model {place.measure(rest, '--no-labels')}"
                f"; {'; '.join(report.get('reasons', [])) or figures.get('failure', '')}",
                flush=True)
            place.run("learn", "--undo", "--labels", "by=admin")
            place.settings(model)
            print(f"    undone: {place.measure(rest)}", flush=True)
        spam = [(t, "ham") for t, l in train if l == "spam"]
        spam = (spam * (ATTACKS // len(spam) + 1))[:ATTACKS]
        for source in ["user:mallory@example.org", "admin:mallory"]:
            place = site(source.split(":")[0])
            write(place.folder / "right.csv", train[::4])
            place.retrain("--csv", place.folder / "right.csv")
            place.settings(model)
            before = place.measure(rest)
            attack = place.folder / "attack.csv"
            write(attack, spam)
            place.run("learn", "--ham", "--source", source, "--json", attack)
            status = json.loads(place.run("learn", "--status", "--json").stdout)
            mine = [s for s in status["sources"] if s["source"] == source]
            after = place.measure(rest)
            place.run("learn", "--undo", "--labels", f"by={source}")
            print(
                f"{ATTACKS} spams called ham by {source}: before {before}, after {after}, "
                f"undone {place.measure(rest)}; {mine}", flush=True)


if __name__ == "__main__":
    main()
