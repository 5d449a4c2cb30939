#!/usr/bin/env python3
"""fastText (Debian package `fasttext`) on a labelled CSV file, beside `siftd train --head`.

    fasttext_labels.py FILE.csv.gz exclusive|several [dev|test]

Columns split, label, text. Lower-cased words and punctuation, the better of four settings by dev;
for several labels one-against-all with the probability threshold that is best for dev's micro-F1.
Prints accuracy and micro-F1 of the part (test unless said otherwise).
"""
import csv, gzip, re, shutil, subprocess, sys, tempfile

csv.field_size_limit(10**9)
path, kind = sys.argv[1:3]
part = sys.argv[3] if len(sys.argv) > 3 else "test"
rows = {"train": [], "dev": [], "test": []}
for row in csv.DictReader(gzip.open(path, "rt", encoding="utf-8")):
    labels = row["label"].split("|") if kind == "several" else [row["label"]]
    text = " ".join(re.findall(r"\w+|[^\w\s]", row["text"].lower()))
    rows[row["split"]].append(([label.replace(" ", "_") for label in labels], text))

folder = tempfile.mkdtemp()
for name, items in rows.items():
    with open(f"{folder}/{name}", "w") as file:
        for labels, text in items:
            file.write(" ".join("__label__" + label for label in labels) + " " + text + "\n")
    with open(f"{folder}/{name}.text", "w") as file:
        file.writelines(text + "\n" for _, text in items)

def predictions(model, name):
    out = subprocess.run(["fasttext", "predict-prob", model, f"{folder}/{name}.text",
                          "1" if kind == "exclusive" else "-1", "0.05"],
                         capture_output=True, text=True, check=True).stdout
    result = []
    for line in out.split("\n")[:len(rows[name])]:
        fields = line.split(" ")
        result.append([(fields[i][9:], float(fields[i + 1])) for i in range(0, len(fields) - 1, 2)])
    return result

def measures(predicted, truth, threshold):
    right = tp = said_count = true_count = 0
    for pairs, (labels, _) in zip(predicted, truth):
        said = {label for label, p in pairs if p >= threshold}
        if not said and pairs:
            said = {max(pairs, key=lambda pair: pair[1])[0]}
        right += said == set(labels)
        tp += len(said & set(labels)); said_count += len(said); true_count += len(labels)
    return right / len(truth), 2 * tp / max(said_count + true_count, 1)

best = None
for setting in (["-wordNgrams", "2", "-epoch", "25", "-lr", "0.5"],
                ["-wordNgrams", "2", "-epoch", "10", "-lr", "0.5"],
                ["-wordNgrams", "1", "-epoch", "25", "-lr", "0.5"],
                ["-wordNgrams", "2", "-epoch", "50", "-lr", "0.2"]):
    model = f"{folder}/model"
    subprocess.run(["fasttext", "supervised", "-input", f"{folder}/train", "-output", model,
                    "-dim", "100", "-thread", "1", "-seed", "1",
                    "-loss", "softmax" if kind == "exclusive" else "ova"] + setting,
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    dev = predictions(model + ".bin", "dev")
    for threshold in ([0.0] if kind == "exclusive" else [t / 20 for t in range(2, 19)]):
        value = measures(dev, rows["dev"], threshold)[0 if kind == "exclusive" else 1]
        if best is None or value > best[0]:
            best = (value, setting, threshold)
            shutil.copy(model + ".bin", f"{folder}/best.bin")
accuracy, f1 = measures(predictions(f"{folder}/best.bin", part), rows[part], best[2])
print(f"fastText {' '.join(best[1])} threshold {best[2]}: {part} accuracy {accuracy:.4f}, "
      f"micro-F1 {f1:.4f}")
