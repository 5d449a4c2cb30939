#!/usr/bin/env python3
"""bogofilter (Debian package) in the protocol of the benchmark `learning`, on the same draws.

    bogofilter.py CORPORA STREAMS WORK SET... [--feedback all,mistakes,...]

STREAMS was written by `learning MODEL RESERVOIR CORPORA --write STREAMS`. SETs are the data sets of the base
mail, those that MODEL was trained on; their train parts are registered first. A message is spam from .99
on, as by default. Fields that other filters added are left out everywhere. WORK keeps the base word list.
"""
import csv, gzip, os, re, shutil, subprocess, sys, tarfile

csv.field_size_limit(10**9)
FEEDBACK = ["none", "all", "delayed", "mistakes", "half", "tenth"]
DELAY = {"delayed": 100, "half": 30}
CUT = 0.99
arguments = sys.argv[1:]
if "--feedback" in arguments:
    at = arguments.index("--feedback")
    FEEDBACK = arguments[at + 1].split(",")
    del arguments[at:at + 2]
corpora, streams, work, *sets = arguments


def without_filter_fields(raw):
    raw = re.sub(rb"\AFrom .*\r?\n", b"", raw)
    return re.sub(rb"(?im)^X-(Spam|Bogos)[^:\n]*:.*\r?\n([ \t].*\r?\n)*", b"", raw)


def base():
    """The word list of the train parts."""
    folder = f"{work}/base"
    if os.path.exists(f"{folder}/done"):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    mail = f"{work}/mail"
    os.makedirs(mail, exist_ok=True)
    lists = {"ham": [], "spam": []}
    for name in sets:
        train = {}
        for line in open(f"{corpora}/{name}.split.tsv"):
            path, label, part = line.rstrip("\n").split("\t")
            if part == "train":
                train[path] = label
        for path, raw in messages(name):
            if path in train:
                file = f"{mail}/{len(lists['ham']) + len(lists['spam'])}"
                open(file, "wb").write(without_filter_fields(raw))
                lists[train[path]].append(file)
    for label, flag in (("ham", "-n"), ("spam", "-s")):
        subprocess.run(["bogofilter", "-d", folder, flag, "-b"], check=True,
                       input="\n".join(lists[label]).encode() + b"\n")
    shutil.rmtree(mail)
    print(f"base: {len(lists['ham'])} ham, {len(lists['spam'])} spam registered")
    open(f"{folder}/done", "w").close()
    return folder


def messages(name):
    """Path and bytes of each message of a set."""
    if os.path.exists(f"{corpora}/{name}.csv.gz"):
        for row in csv.DictReader(gzip.open(f"{corpora}/{name}.csv.gz", "rt", encoding="utf-8")):
            # `Subject: …`, then the text without an empty line between.
            yield row["id"], re.sub(rb"\A(Subject:[^\n]*)\n*", rb"\1\n\n", row["text"].encode())
        return
    pipe = subprocess.Popen(["zstd", "-dcq", f"{corpora}/{name}.tar.zst"], stdout=subprocess.PIPE)
    archive = tarfile.open(fileobj=pipe.stdout, mode="r|")
    for member in archive:
        if member.isfile():
            yield member.name, archive.extractfile(member).read()


def area(scores):
    """100 times (1 - the area under the ROC curve), ties counting half."""
    ordered = sorted(scores)
    below = total = 0.0
    index = 0
    while index < len(ordered):
        end = index
        while end < len(ordered) and ordered[end][0] == ordered[index][0]:
            end += 1
        spam = sum(is_spam for _, is_spam in ordered[index:end])
        ham = end - index - spam
        total += spam * (below + ham / 2)
        below += ham
        index = end
    return 100 * (1 - total / (below * (len(ordered) - below)))


def tells(feedback, is_wrong, chance):
    return {"none": False, "all": True, "delayed": True, "mistakes": is_wrong,
            "half": is_wrong and chance < 0.5, "tenth": chance < 0.1}[feedback]


def run(folder, feedback, start):
    """Scores and labels, labels told, ham of corrected senders wrong again, repeats missed."""
    lists = f"{work}/run-{os.getpid()}"
    shutil.rmtree(lists, ignore_errors=True)
    shutil.copytree(start, lists)
    scores, waiting, told = [], [], 0
    corrected, marked = set(), set()
    again, missed = [0, 0], [0, 0]
    rows = [line.rstrip("\n").split("\t") for line in open(f"{folder}/index.tsv")]
    for index, (number, label, chance, delay, sender, campaign) in enumerate(rows):
        for entry in sorted(w for w in waiting if w[0] <= index):
            waiting.remove(entry)
            _, other, was_wrong = entry
            told += 1
            is_spam = rows[other][1] == "spam"
            subprocess.run(["bogofilter", "-d", lists, "-s" if is_spam else "-n", "-I",
                            f"{folder}/{other}"], check=True)
            if is_spam:
                marked.add(rows[other][5])
            elif was_wrong:
                corrected.add(rows[other][4])
        output = subprocess.run(["bogofilter", "-d", lists, "-TT", "-I", f"{folder}/{number}"],
                                capture_output=True, text=True).stdout
        score, is_spam = float(output.split()[-1]), label == "spam"
        scores.append((score, is_spam))
        is_wrong = (score >= CUT) != is_spam
        if is_spam and campaign in marked:
            missed[0] += is_wrong
            missed[1] += 1
        if not is_spam and sender and sender in corrected:
            again[0] += is_wrong
            again[1] += 1
        if tells(feedback, is_wrong, float(chance)):
            waiting.append((index + 1 + int(float(delay) * DELAY.get(feedback, 0)), index, is_wrong))
    shutil.rmtree(lists)
    return scores, told, again, missed


def rates(scores):
    ham = [s >= CUT for s, is_spam in scores if not is_spam]
    spam = [s >= CUT for s, is_spam in scores if is_spam]
    return f"{100 * sum(ham) / max(1, len(ham)):.1f}/{100 * sum(spam) / max(1, len(spam)):.1f}"


start = base()
print("| stream | feedback | labels | 1-ROCA % | FPR/recall % | second half | recall at 1 % FPR | "
      "ham wrong again | repeats missed |")
print("|---|---|---|---|---|---|---|---|---|")
for name in sorted(os.listdir(streams)):
    for feedback in FEEDBACK:
        scores, told, again, missed = run(f"{streams}/{name}", feedback, start)
        ham = sorted((s for s, is_spam in scores if not is_spam), reverse=True)
        cut = ham[len(ham) // 100]
        caught = [s > cut for s, is_spam in scores if is_spam]
        print(f"| {name} | {feedback} | {told} | {area(scores):.3f} | {rates(scores)} | "
              f"{rates(scores[len(scores) // 2:])} | {100 * sum(caught) / len(caught):.1f} | "
              f"{again[0]}/{again[1]} | {missed[0]}/{missed[1]} |", flush=True)
