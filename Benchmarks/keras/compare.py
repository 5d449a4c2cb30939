#!/usr/bin/env python3
"""An epoch of training with Keras and with siftd: the same network, messages and ids, on all cores.

    compare.py SIFTD ENCODE CORPUS SPLIT [EPOCHS]

SIFTD and ENCODE are built binaries (`swift build -c release --product encode` in this package), CORPUS
and SPLIT a data set and its fixed parts. siftd trains first, for its vocabulary; Keras then gets the ids
of the same train part, padded to the longest. Prints seconds for each epoch and the AUC on dev.
"""
import json, os, subprocess, sys, tempfile, time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np

siftd, encode, corpus, split = sys.argv[1:5]
epochs = int(sys.argv[5]) if len(sys.argv) > 5 else 3
folder = tempfile.mkdtemp()
subprocess.run(
    [siftd, "train", "--data", corpus, "--split", split, "--output", f"{folder}/model", "--epochs",
     str(epochs), "--filters", "128", "--no-augment", "--patience", "99"],
    capture_output=True, check=True)
report = json.load(open(f"{folder}/model/report.json"))
ours = [epoch["seconds"] for epoch in report["epochs"]]


def read(part):
    subprocess.run([encode, f"{folder}/model", part, f"{folder}/{part}", split, corpus], check=True,
                   stdout=subprocess.DEVNULL)
    numbers = np.fromfile(f"{folder}/{part}", "<i4")
    labels, messages, at = [], [], 0
    while at < len(numbers):
        labels.append(numbers[at])
        messages.append(numbers[at + 2:at + 2 + numbers[at + 1]])
        at += 2 + numbers[at + 1]
    return messages, np.array(labels, np.float32)


def padded(messages, length):
    rows = np.zeros((len(messages), length), np.int32)
    for row, ids in zip(rows, messages):
        row[:len(ids)] = ids
    return rows


messages, labels = read("train")
length = max(map(len, messages)) + 5
rows = padded(messages, length)
words = sum(1 for _ in open(f"{folder}/model/vocabulary.txt")) - 1
ids = keras.Input((length,), dtype="int32")
embedded = keras.layers.Embedding(words, 64)(ids)
pooled = [keras.layers.GlobalMaxPooling1D()(keras.layers.Conv1D(128, width, activation="relu")(embedded))
          for width in (2, 3, 4, 5)]
units = keras.layers.Dropout(0.4)(keras.layers.Concatenate()(pooled))
units = keras.layers.Dropout(0.2)(keras.layers.Dense(64, activation="relu")(units))
model = keras.Model(ids, keras.layers.Dense(1)(units))
model.compile(keras.optimizers.AdamW(1e-3, weight_decay=1e-4),
              keras.losses.BinaryCrossentropy(from_logits=True))
theirs = []
for _ in range(epochs):
    start = time.time()
    model.fit(rows, labels, batch_size=64, epochs=1, verbose=0)
    theirs.append(time.time() - start)
dev, truth = read("dev")
scores = model.predict(padded(dev, length), verbose=0)[:, 0]
ham, spam = scores[truth == 0], scores[truth == 1]
auc = np.mean([(np.sum(ham < s) + np.sum(ham == s) / 2) / len(ham) for s in spam])
own = report["dev"]["overall"]["roc_auc"]
print(f"{len(messages)} messages of up to {length - 5} ids, {words} words, {os.cpu_count()} cores")
print("seconds an epoch, siftd:", [round(s, 1) for s in ours], f"dev AUC {own:.5f}")
print("seconds an epoch, Keras:", [round(s, 1) for s in theirs], f"dev AUC {auc:.5f}")
print(f"ratio of the medians: {np.median(theirs) / np.median(ours):.1f}")
