#!/usr/bin/env python3
"""Random models of the layers that siftd computes: made and saved by Keras, imported, compared.

    neighbours.py SIFTD FOLDER [COUNT [SEED]]

SIFTD is a built binary; FOLDER gets a folder for each model that did not agree. Runs with Keras 2 and
Keras 3, whichever the interpreter has. Every model is imported with `--check` of 7 inputs: exit 0 is
agreement to 1e-5, 65 a refusal, which is printed, anything else is a mistake. Prints the sum at the end,
with the refusals by their reason.
"""
import collections
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

import keras  # noqa: E402

layers = keras.layers
KERAS3 = int(keras.__version__.split(".")[0]) >= 3
WORDS = "win free prize now call meeting lunch report money offer team please see you at the a to".split()


class Maker:
    """One random model and how its text becomes ids."""

    def __init__(self, seed):
        self.choice = random.Random(seed)
        self.vocabulary = self.choice.randint(20, 60)
        self.length = self.choice.randint(6, 40)
        self.size = self.choice.choice([4, 8, 13, 16, 33])
        self.shared = []

    def activation(self):
        names = ["relu", "tanh", "sigmoid", "elu", "selu", "softplus", "softsign", "gelu", "linear", None,
                 "swish", "exponential", "hard_sigmoid", "softmax"]
        if KERAS3:
            names += ["mish", "silu", "leaky_relu", "relu6", "hard_silu", "log_softmax"]
        weights = [8, 4, 2] + [1] * (len(names) - 3)
        return self.choice.choices(names, weights)[0]

    def function_layer(self):
        pick = self.choice
        options = [
            lambda: layers.ReLU(max_value=pick.choice([None, 2.0]), negative_slope=pick.choice([0, 0.1]),
                                threshold=pick.choice([0, 0.5])),
            lambda: layers.LeakyReLU(), lambda: layers.ELU(0.7), lambda: layers.Activation(self.activation()),
            lambda: layers.PReLU(), lambda: layers.PReLU(shared_axes=[1]),
            lambda: layers.BatchNormalization(center=pick.random() < 0.8, scale=pick.random() < 0.8),
            lambda: layers.LayerNormalization(epsilon=1e-3), lambda: layers.Rescaling(0.5, 0.1),
            lambda: layers.Dropout(0.3), lambda: layers.GaussianNoise(0.1), lambda: layers.GaussianDropout(0.1),
            lambda: layers.AlphaDropout(0.1), lambda: layers.ActivityRegularization(l2=0.1),
            lambda: layers.UnitNormalization(),
        ]
        return pick.choice(options)()

    def convolution(self, x):
        pick = self.choice
        kernel = pick.randint(1, 5)
        padding = pick.choice(["valid", "same", "causal"])
        strides, dilation = pick.choice([(1, 1), (1, 1), (2, 1), (1, 2), (3, 1)])
        kind = pick.random()
        common = dict(activation=self.activation(), use_bias=pick.random() < 0.8)
        if kind < 0.15:
            return layers.SeparableConv1D(
                pick.choice([5, 8]), kernel, padding=pick.choice(["valid", "same"]), strides=strides,
                dilation_rate=dilation if strides == 1 else 1, depth_multiplier=pick.choice([1, 2]), **common)(x)
        if kind < 0.25:
            return layers.DepthwiseConv1D(
                kernel, padding=pick.choice(["valid", "same"]), strides=strides,
                depth_multiplier=pick.choice([1, 2]), **common)(x)
        channels = x.shape[-1]
        groups = pick.choice([g for g in (1, 1, 1, 2, 4) if channels % g == 0])
        return layers.Conv1D(groups * pick.choice([2, 5, 8, 40]), kernel, padding=padding, strides=strides,
                             dilation_rate=dilation if strides == 1 else 1, groups=groups, **common)(x)

    def recurrent_layer(self, sequences):
        pick = self.choice
        units = pick.choice([3, 8, 17])
        common = dict(return_sequences=sequences, use_bias=pick.random() < 0.8)
        if pick.random() < 0.2:
            common["activation"] = pick.choice(["relu", "sigmoid", "softsign"])
        kind = pick.random()
        if kind < 0.4:
            return layers.LSTM(units, recurrent_activation=pick.choice(["sigmoid", "hard_sigmoid"]),
                               unit_forget_bias=pick.random() < 0.5, **common)
        if kind < 0.8:
            return layers.GRU(units, reset_after=pick.random() < 0.6, **common)
        return layers.SimpleRNN(units, **common)

    def recurrent(self, x, sequences):
        pick = self.choice
        layer = self.recurrent_layer(sequences)
        if pick.random() < 0.5:
            merge = pick.choice(["concat", "sum", "mul", "ave"])
            extra = {}
            if pick.random() < 0.2:
                config = layer.get_config()
                config["go_backwards"] = True
                config["name"] = config["name"] + "_behind"
                extra["backward_layer"] = type(layer).from_config(config)
            return layers.Bidirectional(layer, merge_mode=merge, **extra)(x)
        if pick.random() < 0.2:
            config = layer.get_config()
            config["go_backwards"] = True
            layer = type(layer).from_config(config)
        return layer(x)

    def step(self, x):
        """A layer that keeps `[positions, channels]`."""
        pick = self.choice
        kind = pick.random()
        length = x.shape[1] or 99
        if kind < 0.3 and length > 6:
            return self.convolution(x)
        if kind < 0.4 and length > 4:
            pool = pick.choice([layers.MaxPooling1D, layers.AveragePooling1D])
            return pool(pick.choice([2, 3]), strides=pick.choice([None, 1, 2]),
                        padding=pick.choice(["valid", "same"]))(x)
        if kind < 0.55:
            return self.recurrent(x, True)
        if kind < 0.62:
            return layers.TimeDistributed(layers.Dense(6, activation="relu"))(x)
        if kind < 0.67:
            return layers.Dense(7, activation=self.activation())(x)
        if kind < 0.70:
            return layers.ZeroPadding1D(pick.choice([1, (2, 1)]))(x)
        if kind < 0.73 and length > 6:
            return layers.Cropping1D(pick.choice([1, (1, 2)]))(x)
        if kind < 0.75 and length < 20:
            return layers.UpSampling1D(2)(x)
        if kind < 0.79:
            return layers.SpatialDropout1D(0.2)(x)
        if kind < 0.83:
            # The same layer twice.
            dense = layers.Dense(x.shape[-1], activation="tanh")
            return dense(dense(x))
        if kind < 0.87:
            merge = pick.choice([layers.Add, layers.Multiply, layers.Maximum, layers.Average, layers.Minimum,
                                 layers.Subtract])
            return merge()([x, layers.Dense(x.shape[-1], activation="sigmoid")(x)])
        if kind < 0.90:
            inner = keras.Sequential([layers.Dense(5, activation="relu"), layers.Dropout(0.1)],
                                     name=f"block_{pick.randint(0, 10 ** 6)}")
            return inner(x)
        return self.function_layer()(x)

    def end(self, x):
        """A layer from `[positions, channels]` to `[numbers]`."""
        pick = self.choice
        kind = pick.random()
        if kind < 0.35:
            return layers.GlobalMaxPooling1D()(x)
        if kind < 0.5:
            return layers.GlobalAveragePooling1D()(x)
        if kind < 0.58:
            return layers.Flatten()(layers.GlobalMaxPooling1D(keepdims=True)(x))
        if kind < 0.68 and x.shape[1]:
            return layers.Flatten()(x)
        if kind < 0.76:
            return layers.Concatenate()([layers.GlobalMaxPooling1D()(x), layers.GlobalAveragePooling1D()(x)])
        return self.recurrent(x, False)

    def vectorization(self):
        pick = self.choice
        layer = layers.TextVectorization(
            max_tokens=self.vocabulary, output_sequence_length=self.length,
            standardize=pick.choice(["lower_and_strip_punctuation", "lower", "strip_punctuation", None]),
            split=pick.choice(["whitespace", "whitespace", "character"]),
            ngrams=pick.choice([None, None, 2, (1, 3)]))
        layer.adapt([" ".join(pick.choice(WORDS) for _ in range(9)) for _ in range(30)])
        return layer

    def model(self):
        pick = self.choice
        self.takes_text = pick.random() < 0.2
        self.is_open = not self.takes_text and pick.random() < 0.15
        if self.takes_text:
            entry = keras.Input((1,), dtype="string")
            ids = self.vectorization()(entry)
            self.vocabulary = max(self.vocabulary, 60)
        else:
            entry = ids = keras.Input((None if self.is_open else self.length,), dtype="int32")
        x = layers.Embedding(self.vocabulary, self.size, mask_zero=pick.random() < 0.4)(ids)
        if pick.random() < 0.35:
            branches = []
            for _ in range(pick.randint(2, 3)):
                y = self.convolution(x) if (x.shape[1] or 99) > 6 else x
                if pick.random() < 0.4:
                    y = self.function_layer()(y)
                branches.append(self.end(y))
            x = layers.Concatenate()(branches)
        else:
            for _ in range(pick.randint(0, 3)):
                x = self.step(x)
            x = self.end(x)
        for _ in range(pick.randint(0, 2)):
            x = layers.Dense(pick.choice([3, 8, 64]), activation=self.activation())(x)
            if pick.random() < 0.5:
                x = self.function_layer()(x)
        labels, activation = pick.choice([(1, "sigmoid"), (1, None), (3, "softmax"), (3, "sigmoid"), (2, None)])
        x = layers.Dense(labels, activation=activation)(x)
        model = keras.Model(entry, x)
        if pick.random() < 0.15:
            # A model in a model.
            outer = keras.Input(entry.shape[1:], dtype=entry.dtype)
            model = keras.Model(outer, model(outer))
        numbers = np.random.default_rng(pick.randint(0, 10 ** 6))
        for variable in model.weights:
            # The vocabulary of Keras 2 is among the weights.
            if "float" not in str(getattr(variable, "dtype", "")):
                continue
            value = numbers.normal(0, 0.3, variable.shape).astype(np.float32)
            if "variance" in variable.name or "gamma" in variable.name:
                value = np.abs(value) + 0.3
            variable.assign(value)
        self.labels = labels
        return model

    def inputs(self):
        pick = self.choice
        if self.takes_text:
            return ["", "win a FREE prize now!", "unknown words, (see) you_at 7 o'clock"] + [
                " ".join(pick.choice(WORDS) for _ in range(pick.randint(1, 50))) for _ in range(4)]
        rows = []
        for number in range(7):
            length = pick.randint(8, 45) if self.is_open else self.length
            used = length if number < 3 else pick.randint(1, length)
            row = [pick.randint(1, self.vocabulary - 1) for _ in range(used)] + [0] * (length - used)
            rows.append(row[::-1] if number == 5 else row)
        return rows


def result(model, given):
    try:
        value = tf.constant([[given]]) if isinstance(given, str) else np.array([given], np.int32)
        output = np.asarray(model(value, training=False))[0]
    except Exception:  # a text that is too short: Keras has no number
        return None
    return [float(x) for x in output] if np.isfinite(output).all() else None


def save(model, folder, form):
    if form == "json":
        (folder / "model.json").write_text(model.to_json())
        model.save_weights(folder / "model.weights.h5")
        return folder / "model.json"
    model.save(folder / f"model.{form}")
    return folder / f"model.{form}"


def main():
    siftd, root = sys.argv[1], pathlib.Path(sys.argv[2])
    count, seed = int(sys.argv[3]) if len(sys.argv) > 3 else 100, int(sys.argv[4]) if len(sys.argv) > 4 else 1
    found, reasons, worst = collections.Counter(), collections.Counter(), 0.0
    for number in range(seed, seed + count):
        keras.backend.clear_session()
        maker, folder = Maker(number), root / f"{keras.__version__}-{number}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            model = maker.model()
            form = maker.choice.choice(["keras", "keras", "json" if not maker.takes_text else "keras",
                                        "h5" if not maker.takes_text else "keras"])
            path = save(model, folder, form)
        except Exception as error:  # what Keras itself refuses or can't save
            found["not made"] += 1
            print(f"{number}: not made: {str(error).strip().splitlines()[0][:150] if str(error) else error!r}")
            shutil.rmtree(folder)
            continue
        cases = [{"text" if isinstance(given, str) else "ids": given, "output": result(model, given)}
                 for given in maker.inputs()]
        text = {"kind": "inside the model" if maker.takes_text else "integers"}
        (folder / "check.json").write_text(json.dumps({"text": text, "cases": cases}))
        labels = ["--labels", ",".join("abc"[:maker.labels])] if maker.labels > 1 else []
        done = subprocess.run(
            [siftd, "model", "import", path, "--text", folder / "check.json", "--check", folder / "check.json",
             "--output", folder / "imported", *labels], capture_output=True, text=True)
        line = (done.stdout + done.stderr).strip().splitlines()[-1:] or [""]
        difference = re.search(r"largest difference (\S+)", done.stdout + done.stderr)
        if done.returncode == 0:
            found["agrees"] += 1
            worst = max(worst, float(difference[1].rstrip(",")) if difference else 0)
            shutil.rmtree(folder)
        elif done.returncode == 65 and not difference:
            found["refused"] += 1
            reasons[re.sub(r'.*layer "[^"]*" ', "", line[0])[:110]] += 1
            shutil.rmtree(folder)
        else:
            found["differs"] += 1
            print(f"{folder}: exit {done.returncode}: {line[0][:200]}", flush=True)
    print(f"Keras {keras.__version__}: {dict(found)}, largest difference {worst:.1e}")
    for reason, times in reasons.most_common():
        print(f"  {times} × {reason}")


if __name__ == "__main__":
    main()
