#!/usr/bin/env python3
"""A Keras CNN from its training to mail that arrives with headers, as docs/keras.md has it.

    story.py SIFTD CORPORA FOLDER [SET …]

SIFTD is a built binary; CORPORA has SET.csv.gz (columns id, label and text; lingspam and enron by default)
with SET.split.tsv, the fixed parts. FOLDER gets everything that is made. Needs keras with TensorFlow, and
as root postfix and swaks; a picture of the page with chromium and selenium. The notebook's seven steps are
those of many public ones: read labelled text, clean it, number its words with a Tokenizer, pad, a
network of parallel convolutions, fit, save. Then siftd imports the model, must give each message of the test
part the probability that Keras gives it, calibrates, serves behind a private Postfix, and says its reasons.
"""
import csv
import gzip
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")
import keras  # noqa: E402
import numpy as np  # noqa: E402
from tensorflow.keras.preprocessing.text import Tokenizer  # noqa: E402

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
POSTFIX = CHECKOUT / "Tests/Integration/private-postfix.sh"
LENGTH = 200
siftd, corpora, folder = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
sets = sys.argv[4:] or ["lingspam", "enron"]
folder = folder.resolve()
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
folder.chmod(0o755)


def run(*command, status=0):
    done = subprocess.run([siftd, *map(str, command)], capture_output=True, text=True)
    assert done.returncode == status, f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


# 1. Labelled text.
csv.field_size_limit(1 << 26)
parts = {"train": [], "dev": [], "test": []}
for name in sets:
    part = dict((line.split("\t")[0], line.split("\t")[2].strip())
                for line in (corpora / f"{name}.split.tsv").open())
    with gzip.open(corpora / f"{name}.csv.gz", "rt", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            parts[part[row["id"]]].append((row["text"], row["label"] == "spam"))
for name, rows in parts.items():
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("label", "text"), *(("spam" if spam else "ham", text) for text, spam in rows)])

# 2 to 4. The Tokenizer lowers the text and drops punctuation; its numbers are padded.
tokenizer = Tokenizer(num_words=20_000, oov_token="<OOV>")
tokenizer.fit_on_texts([text for text, _ in parts["train"]])


def rows(texts):
    return keras.utils.pad_sequences(
        tokenizer.texts_to_sequences(texts), maxlen=LENGTH, padding="post", truncating="post")


inputs = {name: rows([text for text, _ in part]) for name, part in parts.items()}
labels = {name: np.array([spam for _, spam in part], np.float32) for name, part in parts.items()}

# 5 to 7. The network.
keras.utils.set_random_seed(7)
entry = keras.Input((LENGTH,), dtype="int32")
embedded = keras.layers.Embedding(20_000, 64)(entry)
pooled = [keras.layers.GlobalMaxPooling1D()(keras.layers.Conv1D(64, width, activation="relu")(embedded))
          for width in (3, 4, 5)]
units = keras.layers.Dropout(0.5)(keras.layers.Concatenate()(pooled))
output = keras.layers.Dense(1, activation="sigmoid")(keras.layers.Dense(32, activation="relu")(units))
model = keras.Model(entry, output)
model.compile("adam", "binary_crossentropy", metrics=["accuracy", keras.metrics.AUC(name="auc")])
start = time.time()
model.fit(inputs["train"], labels["train"], validation_data=(inputs["dev"], labels["dev"]), batch_size=64,
          epochs=4, verbose=2)
print(f"trained on {len(labels['train'])} messages in {time.time() - start:.0f} s")
model.save(folder / "spam.keras")
(folder / "tokenizer.json").write_text(tokenizer.to_json())
theirs = model.evaluate(inputs["test"], labels["test"], verbose=0, return_dict=True)
scores = model.predict(inputs["test"], verbose=0)[:, 0]
cases = [{"text": text, "output": [float(score)]} for (text, _), score in
         list(zip(parts["test"], scores))[:100] + [(("", False), float(model.predict(rows([""]), verbose=0)[0, 0]))]]
(folder / "check.json").write_text(json.dumps({"cases": cases}))

# The import, as docs/keras.md says it.
print(run("model", "import", folder / "spam.keras", "--tokenizer", folder / "tokenizer.json", "--length", LENGTH,
          "--padding", "post", "--truncating", "post", "--check", folder / "check.json",
          "--output", folder / "model").strip())
report = json.loads(run("evaluate", "--model", folder / "model", "--data", folder / "test.csv",
                        "--scores", folder / "scores.tsv", "--json"))
ours = [line.rstrip("\n").split("\t") for line in (folder / "scores.tsv").open()]
heading, ours = ours[0], ours[1:]
column = next(i for i, name in enumerate(heading) if "prob" in name or name == "p")
numbers = np.array([float(line[column]) for line in ours])
difference = float(np.abs(numbers - scores).max())
at_half = int(((numbers >= 0.5) != (scores >= 0.5)).sum())
accuracy = float(((numbers >= 0.5) == (labels["test"] > 0)).mean())
print(f"Keras evaluate on {len(scores)} messages: {json.dumps({k: round(v, 6) for k, v in theirs.items()})}")
print(f"siftd evaluate: accuracy at 0.5 {accuracy:.6f}, {report}"[:600])
print(f"largest difference of a probability {difference:.1e}; {at_half} messages on another side of 0.5")
assert len(ours) == len(scores) and difference < 1e-5 and at_half == 0
assert abs(accuracy - theirs["accuracy"]) < 1e-6

# Thresholds for the site's mail, in a new bundle.
for label in ("ham", "spam"):
    with (folder / f"{label}.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("label", "text"), *((label, text) for text, spam in parts["dev"]
                                                         if spam == (label == "spam"))])
print(run("calibrate", "--model", folder / "model", "--ham", folder / "ham.csv", "--spam", folder / "spam.csv",
          "--output", folder / "calibrated").strip())
print(run("evaluate", "--model", folder / "calibrated", "--data", folder / "test.csv").strip())

# Behind Postfix.
(folder / "siftd.toml").write_text(f"""
[model]
directory = "{folder}/calibrated"
[milter]
socket = "unix:{folder}/milter.sock"
mode = "0666"
[http]
port = 0
[learn]
directory = "{folder}/learn"
socket = "{folder}/control.sock"
""")
(folder / "learn").mkdir()
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = str(free.getsockname()[1])
log = (folder / "log").open("w")
daemon = subprocess.Popen([siftd, "serve", "--config", folder / "siftd.toml"], stderr=log, stdout=log)
try:
    for _ in range(600):
        started = [line for line in (folder / "log").read_text().splitlines() if "msg=http_started" in line]
        if started:
            break
        assert daemon.poll() is None, (folder / "log").read_text()
        time.sleep(0.1)
    url = started[0].split("url=")[1].strip()
    subprocess.run([POSTFIX, "start", folder / "postfix", folder / "milter.sock", port], check=True,
                   capture_output=True)
    inbox = folder / "postfix/mail/inbox/new"
    order = np.argsort(scores)
    for kind, index in (("ham", order[len(order) // 10]), ("spam", order[-len(order) // 10])):
        text = parts["test"][index][0]
        subject, _, body = text.partition("\n")
        message = f"From: sender@example.net\nTo: inbox@example.org\n{subject}\nMessage-ID: <{kind}@example.net>\n\n{body}"
        (folder / f"{kind}.eml").write_text(message)
        known = set(inbox.iterdir()) if inbox.exists() else set()
        subprocess.run(["swaks", "--server", f"127.0.0.1:{port}", "--from", "sender@example.net", "--to",
                        "inbox@example.org", "--data", f"@{folder}/{kind}.eml", "--hide-all"], check=True)
        for _ in range(300):
            arrived = set(inbox.iterdir()) - known if inbox.exists() else set()
            if arrived:
                break
            time.sleep(0.1)
        head = arrived.pop().read_text(errors="replace").split("\n\n")[0]
        print(f"--- {kind}, Keras {scores[index]:.6f}, arrived with")
        print("\n".join(line for line in head.splitlines() if line.startswith(("X-Spam", "\t\"")) or '"(' in line))
        assert f"X-Spam-Flag: {'YES' if kind == 'spam' else 'NO'}" in head
    request = urllib.request.Request(f"{url}v1/classify?explain=1", (folder / "spam.eml").read_bytes(),
                                     {"Content-Type": "message/rfc822"})
    answer = json.load(urllib.request.urlopen(request))
    print(json.dumps(answer)[:900])
    assert answer["verdict"] == "spam" and answer.get("explanation", answer).get("reasons")
    try:
        sys.path.insert(0, str(CHECKOUT / "Tests/Browser"))
        sys.path.append("/usr/lib/python3/dist-packages")
        from page import Page
        page = Page(url)
        print("page:", page.judge((folder / "spam.eml").read_text()))
        page.picture(folder / "page.png")
        page.browser.quit()
    except ImportError as error:
        print(f"no picture of the page: {error}")
finally:
    subprocess.run([POSTFIX, "stop", folder / "postfix"], capture_output=True)
    daemon.terminate()
    daemon.wait()
print("the whole way works")
