#!/usr/bin/env python3
"""Text steps and forms of text classifiers that the random models of neighbours.py don't reach.

    forms.py SIFTD FOLDER [NAME …]

SIFTD is a built binary; FOLDER gets a folder for each model. Runs with Keras 2 and Keras 3, whichever the
interpreter has. Each model has random weights, a text step of its own (Tokenizer or TextVectorization, in
the file, beside it, or named by options), and is imported with `--check` of texts that are hard to split.
Ids must be equal and outputs within 1e-5. Prints a line for each, ends with exit code 1 if one differs.
"""
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow.keras.preprocessing.text import Tokenizer  # noqa: E402

L = keras.layers
WORDS = ("Win FREE prize now call meeting lunch report money offer team please see you at the a to don't "
         "e-mail naïve Straße ΣΊΣΥΦΟΣ İstanbul 你好 世界 привет 100% $9.99 http://x.example/a?b=1").split()
TEXTS = [
    "", " ", "\t\n\r", "...!!!", "win a FREE prize now!", "See you at (the) meeting_room, 7 o'clock",
    "don't DON'T dont", "e-mail E-MAIL", "Straße STRASSE ß ẞ", "ΣΊΣΥΦΟΣ σίσυφος ς", "İstanbul ISTANBUL ı I",
    "你好 世界 你好世界", "привет ПРИВЕТ", "naïve nai\u0308ve NAÏVE", "100% $9.99 1e5 ½ ²", "😀 👩‍👩‍👧 🇩🇪",
    "zero\u200bwidth soft\u00adhyphen", "nbsp\u00a0here\u2003em\u3000wide\u2028line\u0085next",
    "control\x01\x02 \x1c\x1d\x1e\x1f sep\x0b\x0c", "\ufeffbom", "a" * 3000, "win prize " * 1600,
    "http://x.example/a?b=1 www.example.com/path", "«guillemets» “quotes” ‘single’ – — … ¿qué?",
    "ﬁ ﬂ ﬀ Ǆ ǅ ŉ ΐ", "[UNK] <OOV> [unk]", "the\tteam\nplease\r\nsee", "A a A a", "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~",
]
noise = random.Random(4)
for _ in range(30):
    TEXTS.append(" ".join(noise.choice(WORDS) for _ in range(noise.randint(1, 60))))
for _ in range(15):
    TEXTS.append("".join(chr(noise.choice([noise.randint(32, 126), noise.randint(0xA0, 0x24F),
                                           noise.randint(0x370, 0x5FF), noise.randint(0x2000, 0x206F)]))
                         for _ in range(noise.randint(1, 80))))
# Keras can't read a vocabulary of its own that has line ends in words.
CORPUS = [" ".join(noise.choice(WORDS) for _ in range(12)) for _ in range(60)] + [
    text for text in TEXTS[:29] if text.isprintable()]


def tokenizer(**options):
    result = Tokenizer(**options)
    result.fit_on_texts(CORPUS)
    return result


class Step:
    """How text becomes ids: the `text` object of the check, its files, and the ids themselves."""
    def __init__(self, tokens, length, padding, truncating, form="tokenizer"):
        self.tokens, self.length, self.form = tokens, length, form
        self.padding, self.truncating = padding, truncating
        self.size = tokens.num_words or len(tokens.word_index) + 1

    def ids(self, text):
        return keras.utils.pad_sequences(
            self.tokens.texts_to_sequences([text]), maxlen=self.length, padding=self.padding,
            truncating=self.truncating)[0].tolist()

    def write(self, folder):
        common = {"maxlen": self.length, "padding": self.padding, "truncating": self.truncating, "value": 0}
        if self.form == "tokenizer":
            (folder / "tokenizer.json").write_text(self.tokens.to_json())
            return {"kind": "keras-tokenizer", "file": "tokenizer.json", **common}
        (folder / "word_index.json").write_text(json.dumps(self.tokens.word_index))
        return {"kind": "keras-word-index", "file": "word_index.json", **common,
                "num_words": self.tokens.num_words, "oov_token": self.tokens.oov_token,
                "filters": self.tokens.filters, "lower": self.tokens.lower,
                "char_level": self.tokens.char_level, "split": self.tokens.split}


def vectorization(**options):
    layer = L.TextVectorization(**options)
    if not options.get("vocabulary"):
        layer.adapt(CORPUS)
    return layer


def kim_odd(step):
    ids = keras.Input((step.length,), dtype="int32")
    x = L.Embedding(step.size, 23)(ids)
    parts = [L.GlobalMaxPooling1D()(L.Conv1D(n, w, activation=a)(x))
             for n, w, a in ((5, 1, "relu"), (17, 2, "relu"), (33, 7, "relu"), (3, 11, "relu"))]
    return keras.Model(ids, L.Dense(1, "sigmoid")(L.Dense(9, "tanh")(L.Concatenate()(parts))))


def causal_characters(step):
    return keras.Sequential([
        keras.Input((step.length,), dtype="int32"), L.Embedding(step.size, 6),
        L.Conv1D(10, 5, padding="causal", dilation_rate=4), L.BatchNormalization(), L.ReLU(),
        L.Conv1D(12, 3, strides=2, padding="causal", activation="gelu"),
        L.AveragePooling1D(3, strides=2, padding="same"), L.LayerNormalization(), L.GlobalMaxPooling1D(),
        L.Dense(2, "softmax")])


def bidirectional_modes(step):
    ids = keras.Input((step.length,), dtype="int32")
    x = L.SpatialDropout1D(0.3)(L.Embedding(step.size, 12, mask_zero=True)(ids))
    a = L.Bidirectional(L.LSTM(7, return_sequences=True), merge_mode="sum")(x)
    b = L.Bidirectional(L.GRU(7, return_sequences=True, reset_after=False), merge_mode="mul")(x)
    c = L.Bidirectional(L.SimpleRNN(7, return_sequences=True), merge_mode="ave")(L.Add()([a, b]))
    last = L.Bidirectional(L.GRU(5, reset_after=True), merge_mode="concat")(c)
    return keras.Model(ids, L.Dense(1, "sigmoid")(L.Concatenate()([last, L.GlobalAveragePooling1D()(c)])))


def gru_stack(step):
    return keras.Sequential([
        keras.Input((step.length,), dtype="int32"), L.Embedding(step.size, 9, mask_zero=True),
        L.GRU(11, return_sequences=True, reset_after=True, dropout=0.2), L.Dropout(0.1),
        L.GRU(6, return_sequences=True, reset_after=False, go_backwards=True), L.BatchNormalization(),
        L.GRU(4, reset_after=True, use_bias=False), L.Dense(3, "softmax")])


def pools(step):
    ids = keras.Input((step.length,), dtype="int32")
    x = L.Embedding(step.size, 16)(ids)
    parts = []
    for width, stride, dilation in ((2, 1, 3), (5, 2, 1), (6, 3, 1)):
        y = L.Conv1D(8, width, strides=stride, dilation_rate=dilation, use_bias=False, padding="same")(x)
        y = L.Activation("relu")(L.BatchNormalization(scale=False)(y))
        parts += [L.GlobalMaxPooling1D()(y), L.GlobalAveragePooling1D()(y),
                  L.Flatten()(L.MaxPooling1D(4, padding="same")(y))]
    units = L.LayerNormalization()(L.Concatenate()(parts))
    return keras.Model(ids, L.Dense(1)(L.Dense(21, "elu")(units)))


def masked_means(step):
    ids = keras.Input((step.length,), dtype="int32")
    x = L.Embedding(step.size, 10, mask_zero=True)(ids)
    y = L.LayerNormalization()(L.Dense(10, "relu")(x))
    z = L.Multiply()([y, L.Dense(10, "sigmoid")(x)])
    pooled = [L.GlobalAveragePooling1D()(z), L.GlobalMaxPooling1D()(z), L.LSTM(5)(z)]
    return keras.Model(ids, L.Dense(4, "sigmoid")(L.Concatenate()(pooled)))


def gated(step):
    ids = keras.Input((step.length,), dtype="int32")
    x = L.Embedding(step.size, 8)(ids)
    for dilation in (1, 2, 4):
        y = L.Multiply()([L.Conv1D(8, 3, padding="same", dilation_rate=dilation, activation="tanh")(x),
                          L.Conv1D(8, 3, padding="same", dilation_rate=dilation, activation="sigmoid")(x)])
        x = L.Add()([x, L.Conv1D(8, 1)(y)])
    return keras.Model(ids, L.Dense(1, "sigmoid")(L.GlobalMaxPooling1D()(x)))


def lstm_pooled(step):
    return keras.Sequential([
        keras.Input((step.length,), dtype="int32"), L.Embedding(step.size, 14),
        L.Conv1D(13, 4, activation="relu"), L.MaxPooling1D(3), L.SpatialDropout1D(0.2),
        L.LSTM(9, return_sequences=True, recurrent_dropout=0.1), L.TimeDistributed(L.Dense(6, "relu")),
        L.Flatten(), L.LeakyReLU(), L.Dense(1, "sigmoid")])


def inner(size):
    return keras.Sequential([L.Embedding(size, 7), L.Conv1D(6, 3, activation="relu"), L.GlobalMaxPooling1D()],
                            name="inner_words")


def nested_text(layer):
    text = keras.Input((1,), dtype="string")
    ids = layer(text)
    block = inner(len(layer.get_vocabulary()))
    units = keras.Sequential([L.Dense(8, "relu"), L.Dropout(0.2), L.Dense(1)], name="head")(block(ids))
    return keras.Model(text, L.Activation("sigmoid")(units))


def open_text(layer):
    size = len(layer.get_vocabulary())
    return keras.Sequential([keras.Input((1,), dtype="string"), layer, L.Embedding(size, 5, mask_zero=True),
                             L.Bidirectional(L.LSTM(4)), L.Dense(2, "softmax")])


def outside(layer):
    size = len(layer.get_vocabulary())
    return keras.Sequential([keras.Input((40,), dtype="int64"), L.Embedding(size, 11), L.Conv1D(9, 3, activation="relu"),
                             L.GlobalMaxPooling1D(), L.Dense(1, "sigmoid")])


TOKENIZERS = {
    "kim-odd": (kim_odd, "keras", lambda: Step(
        tokenizer(num_words=37, lower=False, filters="!?."), 50, "pre", "post")),
    "causal-characters": (causal_characters, "keras", lambda: Step(
        tokenizer(num_words=60, char_level=True, lower=False, oov_token="<x>"), 90, "post", "pre")),
    "bidirectional-modes": (bidirectional_modes, "keras", lambda: Step(
        tokenizer(oov_token="<OOV>"), 31, "post", "post")),
    "gru-stack": (gru_stack, "h5", lambda: Step(tokenizer(num_words=25), 27, "pre", "pre", "index")),
    "pools": (pools, "keras", lambda: Step(tokenizer(filters="", num_words=500), 61, "post", "post")),
    "masked-means": (masked_means, "keras", lambda: Step(tokenizer(oov_token="zzz", num_words=20), 45, "pre", "post")),
    "gated": (gated, "json", lambda: Step(
        tokenizer(char_level=True, lower=True, filters="aeiou"), 77, "pre", "pre", "index")),
    "lstm-pooled": (lstm_pooled, "h5", lambda: Step(tokenizer(lower=True, split=","), 52, "post", "post")),
}
STEPS = {
    "nested-text": (nested_text, lambda: vectorization(
        ngrams=(2, 3), standardize=None, output_sequence_length=33)),
    "nested-text-3": (nested_text, lambda: vectorization(
        ngrams=3, standardize="strip_punctuation", output_sequence_length=20, max_tokens=90)),
    "open-characters": (open_text, lambda: vectorization(split="character", standardize="lower")),
    "open-whole": (open_text, lambda: vectorization(split=None, standardize="lower_and_strip_punctuation")),
    "given-words": (open_text, lambda: vectorization(
        vocabulary=["win", "prize", "free", "the", "σίσυφος", "straße", "你好"], split="whitespace")),
}
OUTSIDE = {
    "outside-bigrams": dict(ngrams=2, standardize="lower", split="whitespace"),
    "outside-plain": dict(standardize="lower_and_strip_punctuation"),
    "outside-characters": dict(split="character", standardize="strip_punctuation"),
}


def shake(model):
    numbers = np.random.default_rng(3)
    for variable in model.weights:
        if "float" not in str(getattr(variable, "dtype", "")):
            continue
        value = numbers.normal(0, 0.35, variable.shape).astype(np.float32)
        if "variance" in variable.name or "gamma" in variable.name:
            value = np.abs(value) + 0.3
        variable.assign(value)


def output(model, value):
    try:
        result = np.asarray(model(value, training=False))[0]
    except Exception:  # a text that is too short for the network
        return None
    return [float(x) for x in result] if np.isfinite(result).all() else None


def save(model, folder, form):
    if form == "json":
        (folder / "model.json").write_text(model.to_json())
        model.save_weights(folder / "model.weights.h5")
        return folder / "model.json"
    model.save(folder / f"model.{form}")
    return folder / f"model.{form}"


def main():
    siftd, root, wanted, bad = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:], 0
    for name in [*TOKENIZERS, *STEPS, *OUTSIDE]:
        if wanted and name not in wanted:
            continue
        keras.backend.clear_session()
        folder, options = root / name, []
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if name in TOKENIZERS:
            make, form, step = TOKENIZERS[name]
            step = step()
            model = make(step)
            shake(model)
            path, text = save(model, folder, form), step.write(folder)
            cases = [{"text": t, "ids": step.ids(t), "output": output(model, np.array([step.ids(t)], np.int32))}
                     for t in TEXTS]
        elif name in STEPS:
            make, layer = STEPS[name]
            model = make(layer())
            shake(model)
            path, text = save(model, folder, "keras"), {"kind": "inside the model"}
            # Thousands of steps take Keras minutes.
            cases = [{"text": t, "output": output(model, tf.constant([[t]]))} for t in TEXTS
                     if make is not open_text or len(t) < 300]
        else:
            layer = vectorization(output_sequence_length=40, **OUTSIDE[name])
            model = outside(layer)
            shake(model)
            path, text = save(model, folder, "keras"), None
            with (folder / "vocabulary.txt").open("w", newline="", encoding="utf-8") as file:
                file.write("\n".join(layer.get_vocabulary()) + "\n")
            options = ["--vocabulary", folder / "vocabulary.txt", "--length", "40"]
            for key, value in OUTSIDE[name].items():
                options += [f"--{key}", str(value)]
            cases = []
            for t in TEXTS:
                ids = np.asarray(layer(tf.constant([[t]])))
                cases.append({"text": t, "ids": ids[0].tolist(), "output": output(model, ids)})
        check = {"cases": cases} | ({"text": text} if text else {})
        (folder / "check.json").write_text(json.dumps(check))
        if text:
            options = ["--text", folder / "check.json"]
        count = model.output_shape[-1]
        if count > 1:
            options += ["--labels", ",".join("abcd"[:count])]
        done = subprocess.run(
            [siftd, "model", "import", path, *options, "--check", folder / "check.json", "--output",
             folder / "imported"], capture_output=True, text=True)
        bad += done.returncode != 0
        lines = [line for line in (done.stdout + done.stderr).splitlines() if "not a number" not in line]
        print(f"{name}: exit {done.returncode}: " + "; ".join(line[:170] for line in lines[:4]), flush=True)
    print(f"Keras {keras.__version__}: {bad} did not agree")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
