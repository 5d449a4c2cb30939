#!/usr/bin/env python3
"""Writes the small models of this folder with Keras 3, and what Keras makes of some texts.

    pip install tensorflow-cpu keras && Tests/Fixtures/keras/make.py

Each folder gets the model and expected.json, whose form `siftd model import --check` reads.
The weights are random: nothing is trained.
"""

import json
import os
import pathlib
import zipfile

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="")
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers  # noqa: E402

FOLDER = pathlib.Path(__file__).parent
TEXTS = [
    "", " ", "free prize", "Call NOW, win a FREE prize!", "see you at the meeting tomorrow",
    "don't", "ΟΔΥΣΣΕΥΣ ÉTÉ İ", "free\u00a0prize free\tprize\nnow", "prize " * 20, "a-b/c.d",
]
WORDS = ["free", "prize", "call", "now", "win", "a", "meeting", "see", "dont", "οδυσσευς", "été"]
random = np.random.default_rng(20)


def fill(model):
    """Random weights, with variances above 0."""
    for weight in model.weights:
        if not weight.dtype.startswith("float"):
            continue
        values = random.normal(0, 0.4, weight.shape)
        weight.assign(np.abs(values) + 0.2 if "variance" in weight.path else values)


def output(model, value):
    """What the model gives for one input alone; None where that is an error or no number."""
    try:
        result = np.asarray(model(value, training=False), dtype="float64")[0]
    except Exception:  # Keras and TensorFlow raise many kinds
        return None
    return result.tolist() if np.isfinite(result).all() else None


def pack(path):
    """Compresses an archive that Keras wrote without compression: a few kB instead of fifty."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content,
                             zipfile.ZIP_DEFLATED)


def write(name, model, text, cases, labels=("spam",), form="keras"):
    folder = FOLDER / name
    folder.mkdir(exist_ok=True)
    model.save(folder / f"model.{form}")
    if form == "keras":
        pack(folder / "model.keras")
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    head = json.dumps({"text": text, "labels": list(labels)}, ensure_ascii=False)
    (folder / "expected.json").write_text(f'{head[:-1]}, "cases": [\n{lines}\n]}}\n')
    return folder


def ids_of(texts, words, length, padding, truncating):
    """A Tokenizer with lower=True and its default filters, and pad_sequences."""
    filters = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
    rows = []
    for text in texts:
        cleaned = text.lower().translate(str.maketrans({mark: " " for mark in filters}))
        row = [words.get(word, 1) for word in cleaned.split(" ") if word]
        row = row[-length:] if truncating == "pre" else row[:length]
        fill = [0] * (length - len(row))
        rows.append(fill + row if padding == "pre" else row + fill)
    return rows


def tokenizer(name, model, length, padding, truncating, form="keras"):
    fill(model)
    index = {"<OOV>": 1} | {word: number for number, word in enumerate(WORDS, 2)}
    rows = ids_of(TEXTS, index, length, padding, truncating)
    text = {
        "kind": "keras-word-index", "file": "word_index.json", "oov_token": "<OOV>",
        "maxlen": length, "padding": padding, "truncating": truncating,
    }
    cases = [
        {"text": text_, "ids": row, "output": output(model, tf.constant([row]))}
        for text_, row in zip(TEXTS, rows)
    ]
    folder = write(name, model, text, cases, form=form)
    (folder / "word_index.json").write_text(json.dumps(index) + "\n")


def inside(name, vectorization, tail, labels=("spam",)):
    rows = len(vectorization.get_vocabulary())
    model = keras.Sequential(
        [keras.Input((1,), dtype="string"), vectorization,
         layers.Embedding(rows, 3, mask_zero=True), *tail])
    fill(model)
    cases = []
    for text in TEXTS:
        value = tf.constant([[text]])
        ids = np.asarray(vectorization(value))[0].tolist()
        cases.append({"text": text, "ids": ids, "output": output(model, value)})
    write(name, model, {"kind": "inside the model"}, cases, labels)


def kim():
    ids = keras.Input((12,))
    rows = layers.Embedding(len(WORDS) + 2, 4)(ids)
    pooled = [
        layers.GlobalMaxPooling1D()(
            layers.Conv1D(3 + width, width, activation="relu", padding=padding)(rows))
        for width, padding in ((2, "valid"), (3, "same"), (4, "causal"))
    ]
    hidden = layers.Dense(4, activation="relu")(layers.Concatenate()(pooled))
    return keras.Model(ids, layers.Dense(1, activation="sigmoid")(layers.Dropout(0.5)(hidden)))


def stack():
    return keras.Sequential([
        keras.Input((12,)), layers.Embedding(len(WORDS) + 2, 4),
        layers.Conv1D(4, 3, padding="same", use_bias=False), layers.BatchNormalization(),
        layers.ReLU(), layers.MaxPooling1D(2),
        layers.SeparableConv1D(4, 2, depth_multiplier=2, activation="gelu"),
        layers.LayerNormalization(), layers.Flatten(), layers.Dense(1)])


def recurrent():
    ids = keras.Input((12,))
    rows = layers.Embedding(len(WORDS) + 2, 4, mask_zero=True)(ids)
    both = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(rows)
    read = layers.GRU(3)(both)
    back = layers.SimpleRNN(2, go_backwards=True)(layers.TimeDistributed(layers.Dense(3))(rows))
    return keras.Model(
        ids, layers.Dense(1, activation="sigmoid")(layers.Concatenate()([read, back])))


def main():
    tokenizer("kim", kim(), 12, "pre", "pre")
    tokenizer("stack", stack(), 12, "post", "post")
    tokenizer("recurrent", recurrent(), 12, "post", "pre")
    tokenizer("kim-h5", kim(), 12, "pre", "post", form="h5")
    words = layers.TextVectorization(
        vocabulary=WORDS, output_sequence_length=10, standardize="lower_and_strip_punctuation")
    average = [layers.GlobalAveragePooling1D(), layers.Dense(2, activation="softmax")]
    inside("average", words, average, ("ham", "spam"))
    pairs = layers.TextVectorization(
        vocabulary=[*WORDS, "free prize", "win a"], ngrams=2, standardize="lower")
    convolution = [
        layers.Conv1D(3, 2, activation="tanh"), layers.GlobalMaxPooling1D(),
        layers.Dense(1, activation="sigmoid")]
    inside("open", pairs, convolution)


if __name__ == "__main__":
    main()
