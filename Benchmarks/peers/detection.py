#!/usr/bin/env python3
"""siftd beside bogofilter, fastText, TF-IDF + logistic regression and SpamAssassin: trained on the same
train parts, measured on the same test parts.

    detection.py SIFTD CORPORA WORK table MODEL [PEER...]         all sets, by set
    detection.py SIFTD CORPORA WORK leave-out SET=MODEL... [PEER...]
    detection.py SIFTD CORPORA WORK tricks FOLDER [MODEL] [PEER...]
    detection.py SIFTD CORPORA WORK padding FOLDER MODEL [without=SET,SET] [PEER...]

tricks and padding read a FOLDER that `obfuscation` wrote, padding one written with `--padding`; with
`without` the peers are trained without these sets, as MODEL then was.

PEERs: bogofilter fasttext tfidf spamassassin (all but the last unless said otherwise). MODEL is a bundle
trained on the same parts; with leave-out, one that was trained without SET, which is
`recent-2025+newsletters` for the two together. WORK keeps what was read and may be deleted.

TF-IDF and fastText read siftd's own tokens, bogofilter Subject and body (its favour: with all fields it
learns which collection a message is from), SpamAssassin the whole message, 8,000 of train and 1,200 of
test, since it takes 60 ms a message. phishing-pot is left out: it may not be learnt from.
"""
import csv, gzip, json, os, random, re, subprocess, sys, tarfile

import numpy as np

csv.field_size_limit(10**9)
SETS = ["enron", "lingspam", "spamassassin", "trec07p", "mailing-lists", "recent-2025", "newsletters",
        "modern-mail", "modern-newsletters", "modern-spam", "modern-templates", "modern-written",
        "wanted-mail", "wanted-political", "office-mail", "recent-spam"]
siftd, corpora, work, command = sys.argv[1:5]
arguments = sys.argv[5:]
known = ["bogofilter", "fasttext", "tfidf", "spamassassin"]
peers = [a for a in arguments if a in known] or known[:3]
arguments = [a for a in arguments if a not in known]
os.makedirs(work, exist_ok=True)


class Message:
    def __init__(self, set, path, label, part, file, tokens):
        self.set, self.path, self.file, self.tokens = set, path, file, tokens
        self.is_spam, self.part = label == "spam", part


def extract(paths):
    """The tokens of messages by the last part of their path, by siftd."""
    process = subprocess.Popen([siftd, "extract", "--json"] + paths, stdout=subprocess.PIPE, text=True)
    tokens = {}
    for line in process.stdout:
        entry = json.loads(line)
        # A message that looks like a mailbox comes in several.
        tokens.setdefault(entry["path"].split("#")[0], []).extend(entry["tokens"])
    return {path: " ".join(found) for path, found in tokens.items()}


def plain_copy(raw, is_text=False):
    """Subject and body, and what it takes to decode the body; text has no header but `Subject:`."""
    if is_text:
        return re.sub(rb"\A(Subject:[^\n]*)\n*", rb"\1\n\n", raw)
    raw = re.sub(rb"\AFrom .*\r?\n", b"", raw)
    head, body = (re.split(rb"\r?\n\r?\n", raw, maxsplit=1) + [b""])[:2]
    fields = re.split(rb"\r?\n(?![ \t])", head)
    kept = [f for f in fields if re.match(rb"(?i)(subject|content-[a-z-]+|mime-version):", f)]
    return b"\n".join(kept) + b"\n\n" + body


def load():
    """All messages of the fixed parts; files and tokens are kept in WORK."""
    messages = []
    for name in SETS:
        splits = dict((line.split("\t")[0], line.rstrip("\n").split("\t")[1:])
                      for line in open(f"{corpora}/{name}.split.tsv"))
        folder = f"{work}/mail/{name}"
        cache = f"{work}/{name}.tokens"
        if not os.path.exists(cache):
            os.makedirs(folder, exist_ok=True)
            names = []
            if os.path.exists(f"{corpora}/{name}.csv.gz"):
                rows = csv.DictReader(gzip.open(f"{corpora}/{name}.csv.gz", "rt", encoding="utf-8"))
                contents = ((row["id"], row["text"].encode()) for row in rows)
            else:
                pipe = subprocess.Popen(["zstd", "-dcq", f"{corpora}/{name}.tar.zst"],
                                        stdout=subprocess.PIPE)
                archive = tarfile.open(fileobj=pipe.stdout, mode="r|")
                contents = ((m.name, archive.extractfile(m).read()) for m in archive if m.isfile())
            for path, raw in contents:
                if path not in splits:
                    continue
                file = f"{folder}/{len(names)}"
                raw = re.sub(rb"(?im)^X-Spam[^:\n]*:.*\r?\n([ \t].*\r?\n)*", b"", raw)
                open(file, "wb").write(raw)
                is_text = os.path.exists(f"{corpora}/{name}.csv.gz")
                open(file + ".plain", "wb").write(plain_copy(raw, is_text))
                names.append(path)
            texts = extract([f"{corpora}/{name}.csv.gz"]) if os.path.exists(
                f"{corpora}/{name}.csv.gz") else None
            with open(cache, "w") as out:
                for first in range(0, len(names), 500):
                    numbers = range(first, min(first + 500, len(names)))
                    tokens = texts or extract([f"{folder}/{n}" for n in numbers])
                    for n in numbers:
                        found = tokens.get(names[n] if texts else str(n), "")
                        out.write(json.dumps([names[n], f"{folder}/{n}", found]) + "\n")
        for line in open(cache):
            path, file, tokens = json.loads(line)
            label, part = splits[path]
            messages.append(Message(name, path, label, part, file, tokens))
    return messages


class Tfidf:
    def train(self, messages):
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        self.vectors = TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), min_df=3,
                                       sublinear_tf=True, max_features=600_000, dtype=np.float32)
        x = self.vectors.fit_transform(m.tokens for m in messages)
        self.model = LogisticRegression(C=30, solver="liblinear")
        self.model.fit(x, [m.is_spam for m in messages])

    def scores(self, messages):
        return self.model.predict_proba(self.vectors.transform(m.tokens for m in messages))[:, 1]


class FastText:
    def train(self, messages):
        self.model = f"{work}/fasttext"
        with open(self.model + ".txt", "w") as file:
            order = list(messages)
            random.Random(1).shuffle(order)
            for m in order:
                file.write(f"__label__{'spam' if m.is_spam else 'ham'} {m.tokens}\n")
        subprocess.run(["fasttext", "supervised", "-input", self.model + ".txt", "-output", self.model,
                        "-wordNgrams", "2", "-epoch", "10", "-lr", "0.3", "-thread", "1"],
                       check=True, capture_output=True)

    def scores(self, messages):
        with open(self.model + ".in", "w") as file:
            file.writelines((m.tokens or "-") + "\n" for m in messages)
        out = subprocess.run(["fasttext", "predict-prob", self.model + ".bin", self.model + ".in", "2"],
                             check=True, capture_output=True, text=True).stdout
        scores = []
        for line in out.rstrip("\n").split("\n"):
            fields = line.split()
            scores.append(dict(zip(fields[::2], map(float, fields[1::2]))).get("__label__spam", 0))
        return np.array(scores)


class Bogofilter:
    def train(self, messages):
        self.folder = f"{work}/bogofilter"
        subprocess.run(["rm", "-rf", self.folder])
        os.makedirs(self.folder)
        for is_spam, option in ((True, "-s"), (False, "-n")):
            files = "\n".join(m.file + ".plain" for m in messages if m.is_spam == is_spam)
            subprocess.run(["bogofilter", "-d", self.folder, option, "-b"], input=files, text=True,
                           check=True)

    def scores(self, messages):
        files = "\n".join(m.file + ".plain" for m in messages)
        out = subprocess.run(["bogofilter", "-d", self.folder, "-TT", "-b"], input=files, text=True,
                             capture_output=True).stdout
        found = {}
        for line in out.split("\n"):
            # Names may hold spaces.
            file, _, rest = line.partition(".plain ")
            if rest:
                found[file] = float(rest.split()[-1])
        return np.array([found.get(m.file, 0.5) for m in messages])


class SpamAssassin:
    def train(self, messages):
        self.folder = f"{work}/spamassassin"
        subprocess.run(["rm", "-rf", self.folder])
        os.makedirs(self.folder)
        with open(f"{self.folder}/user_prefs", "w") as file:
            file.write(f"bayes_path {self.folder}/bayes\nbayes_auto_learn 0\nuse_bayes 1\n")
        self.options = ["-p", f"{self.folder}/user_prefs"]
        chosen = random.Random(1).sample([m for m in messages if m.set != "lingspam"], 8000)
        for is_spam, option in ((True, "--spam"), (False, "--ham")):
            with open(f"{self.folder}/list", "w") as file:
                file.writelines(m.file + "\n" for m in chosen if m.is_spam == is_spam)
            subprocess.run(["sa-learn", "-L", option, "--no-sync"] + self.options
                           + ["-f", f"{self.folder}/list"], check=True, capture_output=True)
        subprocess.run(["sa-learn", "--sync"] + self.options, check=True, capture_output=True)

    def scores(self, messages):
        scores = []
        for m in messages:
            out = subprocess.run(["spamassassin", "-L", "-t"] + self.options, stdin=open(m.file, "rb"),
                                 capture_output=True).stdout
            found = re.search(rb"score=(-?[\d.]+)", out)
            scores.append(float(found.group(1)) if found else 0)
        return np.array(scores)


CLASSES = {"tfidf": Tfidf, "fasttext": FastText, "bogofilter": Bogofilter,
           "spamassassin": SpamAssassin}


def siftd_scores(model, messages):
    sets = sorted({m.set for m in messages})
    data = [f"{corpora}/{s}.csv.gz" if os.path.exists(f"{corpora}/{s}.csv.gz")
            else f"{corpora}/{s}.tar.zst" for s in sets]
    file = f"{work}/siftd.tsv"
    command = [siftd, "evaluate", "--model", model, "--data"] + data
    command += ["--split"] + [f"{corpora}/{s}.split.tsv" for s in sets] + ["--scores", file]
    subprocess.run(command, check=True, capture_output=True)
    found = {}
    for line in list(open(file))[1:]:
        fields = line.rstrip("\n").split("\t")
        found[fields[0], fields[1]] = float(fields[3])
    return np.array([found[m.set, m.path] for m in messages])


def auc(scores, spam):
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    for value in np.unique(scores):
        same = scores == value
        if same.sum() > 1:
            ranks[same] = ranks[same].mean()
    n = spam.sum()
    return (ranks[spam].sum() - n * (n + 1) / 2) / (n * (len(scores) - n))


def threshold(ham, rate):
    ham = np.sort(ham)[::-1]
    allowed = int(rate * len(ham))
    return ham[allowed] if allowed < len(ham) else -1


def row(name, scores, messages, cut=0.5):
    spam = np.array([m.is_spam for m in messages])
    said = scores >= cut
    tp, fp, fn = (said & spam).sum(), (said & ~spam).sum(), (~said & spam).sum()
    cells = [f"{(said == spam).mean():.4f}"]
    cells.append(f"{2 * tp / max(2 * tp + fp + fn, 1):.4f}" if spam.any() else "-")
    if spam.any() and (~spam).any():
        cells.append(f"{auc(scores, spam):.4f}")
        cells += [f"{(scores[spam] > threshold(scores[~spam], r)).mean():.3f}" for r in (.005, .01)]
    else:
        cells += ["-"] * 3
    cells.append(f"{fp / max((~spam).sum(), 1):.4f}" if (~spam).any() else "-")
    return f"| {name} | " + " | ".join(cells) + " |"


HEAD = "| filter | accuracy | F1 | AUC | recall at 0.5 % | at 1 % | false positives |\n|---|---|---|---|---|---|---|"


def table():
    messages = load()
    train = [m for m in messages if m.part == "train"]
    test = [m for m in messages if m.part == "test"]
    results = {"siftd": (siftd_scores(arguments[0], test), test, 0.5)}
    for peer in peers:
        model = CLASSES[peer]()
        model.train(train)
        part, cut = test, 0.5
        if peer == "spamassassin":
            part, cut = random.Random(2).sample(test, 1200), 5
        results[peer] = (model.scores(part), part, cut)
    for name in ["all sets"] + SETS:
        print(f"\n{name}\n{HEAD}")
        for peer, (scores, part, cut) in results.items():
            own = [i for i, m in enumerate(part) if name in ("all sets", m.set)]
            if own:
                print(row(peer, scores[own], [part[i] for i in own], cut), flush=True)


def leave_out():
    messages = load()
    for argument in arguments:
        names, model = argument.split("=")
        sets = names.split("+")
        train = [m for m in messages if m.part == "train" and m.set not in sets]
        test = [m for m in messages if m.set in sets]
        print(f"\n{names} left out of training, all {len(test)} of its messages\n{HEAD}", flush=True)
        print(row("siftd", siftd_scores(model, test), test), flush=True)
        for peer in peers:
            trained = CLASSES[peer]()
            trained.train(train)
            print(row(peer, trained.scores(test), test), flush=True)


def read_folder(folder):
    """The messages that `obfuscation` wrote into a folder, as the peers read them."""
    files = sorted(f"{folder}/{f}" for f in os.listdir(folder) if f.endswith(".eml"))
    read = []
    for first in range(0, len(files), 500):
        tokens = extract(files[first:first + 500])
        for file in files[first:first + 500]:
            with open(file, "rb") as original, open(file + ".plain", "wb") as copy:
                copy.write(plain_copy(original.read()))
            read.append(Message("made", file, "spam", "test", file, tokens[os.path.basename(file)]))
    return read


class Siftd:
    """A bundle, at its own threshold; what is unsure is not marked."""
    def __init__(self, model):
        self.model = model
        with open(f"{model}/config.json") as file:
            self.cut = json.load(file)["thresholds"]["tag"]["probability"]

    def scores(self, messages):
        scores = []
        for first in range(0, len(messages), 500):
            files = [m.file for m in messages[first:first + 500]]
            # Exit codes tell verdicts.
            out = subprocess.run([siftd, "classify", "--json", "--model", self.model] + files,
                                 stdout=subprocess.PIPE, text=True).stdout
            answers = {a["path"]: a for a in map(json.loads, out.splitlines())}
            scores += [0 if answers[f]["verdict"] == "unsure" else answers[f]["spam_probability"]
                       for f in files]
        return np.array(scores)


def trained_filters(model, without=()):
    """siftd and the peers by name, each with the threshold at which it marks: the peers' is that of
    0.5 % false positives on dev."""
    messages = [m for m in load() if m.set not in without]
    train = [m for m in messages if m.part == "train"]
    ham = [m for m in messages if m.part == "dev" and not m.is_spam]
    filters = {}
    if model:
        filters["siftd"] = (Siftd(model), Siftd(model).cut)
    for peer in peers:
        trained = CLASSES[peer]()
        trained.train(train)
        filters[peer] = (trained, np.nextafter(threshold(trained.scores(ham), .005), np.inf))
    return filters


def tricks():
    filters = trained_filters(arguments[1] if len(arguments) > 1 else None)

    def shares(trick):
        read = read_folder(f"{arguments[0]}/{trick}")
        return {name: model.scores(read) >= cut for name, (model, cut) in filters.items()}
    plain = "none"
    before = shares(plain)
    print("| trick | " + " | ".join(filters) + " |\n|---|" + "---|" * len(filters))
    print("| found plainly | " + " | ".join(f"{before[p].mean():.3f}" for p in filters) + " |")
    for trick in sorted(os.listdir(arguments[0])):
        if trick != plain:
            now = shares(trick)
            cells = [f"{now[p][before[p]].mean():.3f}" for p in filters]
            print(f"| {trick} | " + " | ".join(cells) + " |", flush=True)


def padding():
    folder, model = arguments[:2]
    without = [s for a in arguments[2:] if a.startswith("without=") for s in a[8:].split(",")]
    filters = trained_filters(model, without)
    variants = sorted(os.listdir(folder), key=lambda v: (" bare" not in v, v))
    scores = {}
    for variant in variants:
        read = read_folder(f"{folder}/{variant}")
        scores[variant] = {name: f.scores(read) for name, (f, _) in filters.items()}
    strict = {name: np.nextafter(threshold(scores["ham bare"][name], .005), np.inf) for name in filters}
    for title, cuts in (("at the threshold of 0.5 % on dev ham, siftd's own",
                         {name: cut for name, (_, cut) in filters.items()}),
                        ("at 0.5 % of the bare ham", strict)):
        print(f"\nSpam found {title}: share of those found bare, of all in brackets")
        print("| spam | " + " | ".join(filters) + " |\n|---|" + "---|" * len(filters))
        for variant in (v for v in variants if v.startswith("spam ")):
            cells = []
            for name in filters:
                base = scores["spam bare"][name] >= cuts[name]
                now = scores[variant][name] >= cuts[name]
                cells.append(f"{(base & now).sum() / max(base.sum(), 1):.3f} ({now.mean():.3f})")
            print(f"| {variant[5:]} | " + " | ".join(cells) + " |")
        print(f"\nHam called spam {title}")
        print("| ham | " + " | ".join(filters) + " |\n|---|" + "---|" * len(filters))
        for variant in (v for v in variants if v.startswith("ham ")):
            print(f"| {variant[4:]} | " + " | ".join(
                f"{100 * (scores[variant][n] >= cuts[n]).mean():.1f} %" for n in filters) + " |")


{"table": table, "leave-out": leave_out, "tricks": tricks, "padding": padding}[command]()
