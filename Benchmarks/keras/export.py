#!/usr/bin/env python3
"""A model of siftd's in Keras and ONNX Runtime: how far the logits lie apart.

    export.py SIFTD IMPORTED MODEL

SIFTD and IMPORTED are built binaries, MODEL a bundle that siftd trained. Needs keras with TensorFlow, and
onnxruntime. The messages are random ids. Prints the largest difference of a logit for each format, from
siftd's plain network and from the rounded tables that siftd serves with; the former must be below 1e-4.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")
import keras  # noqa: E402
import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402
import segments  # noqa: E402

siftd, imported, bundle = sys.argv[1:4]
config = json.loads((pathlib.Path(bundle) / "config.json").read_text())
bits = config.get("linear_bits")
random = np.random.default_rng(5)
messages = [random.integers(2, config["architecture"]["vocabulary"], n).tolist() for n in
            (1, 2, 3, 17, 80, 300, 512)]
if "segments" in config:
    subject, body = config["segments"]["subject"], config["segments"]["body"]
    messages = [[id for id in ids if id not in (subject, body)] for ids in messages]
    # With facts, without them, without a body, and with a subject alone.
    messages += [ids[:9] + [subject] + ids[9:15] + [body] + ids[15:] for ids in messages]
    messages += [[subject, 7, 9, body] + messages[5], [7, subject, 8, body], [subject, 5, body]]
    if layout := config["segments"].get("layout"):
        # With facts about the layout in front of others, between them and alone.
        some = layout["ids"][:3]
        messages += [some + messages[-3], [7, *some, 9, *messages[-4]], some + messages[-1]]
    if author := config["segments"].get("author"):
        # With facts about the author, few and all.
        some = author["unread"][:2]
        messages += [[*some, 9, author["ids"][0], *messages[-3]], some + messages[-1],
                     author["unread"] + author["ids"] + messages[-3]]


folder = pathlib.Path(tempfile.mkdtemp())
(folder / "ids").write_text("\n".join(" ".join(map(str, ids)) for ids in messages))


def logits(*options):
    return json.loads(subprocess.run([imported, bundle, folder / "ids", *options], capture_output=True,
                                     text=True, check=True).stdout)["logits"]


plain, served = logits("plain"), logits()
for form in ("keras", "onnx"):
    path = folder / f"model.{form}"
    subprocess.run(
        [siftd, "model", "export", "--model", bundle, "--format", form, "--output", path], check=True)
    if form == "keras":
        model = keras.models.load_model(path)
        run = lambda inputs: np.asarray(  # noqa: E731
            model(inputs if len(inputs) > 1 else inputs[0]))
    else:
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        names = [one.name for one in session.get_inputs()]
        run = lambda inputs: session.run(None, {  # noqa: E731
            name: x if name == "blocked" else x.astype(np.int64) for name, x in zip(names, inputs)})[0]
    worst, rounded = 0.0, 0.0
    for ids, wanted, other in zip(messages, plain, served):
        if "segments" in config:
            inputs, losses = segments.rows(ids, config)
            result = np.array([segments.logit(run(inputs), losses, config)])
        else:
            # Padding at the end changes nothing.
            inputs = [np.array([ids + [0, 0]], np.int32)]
            if bits:
                found = segments.buckets(ids, range(len(ids)), bits) + [2 ** bits]
                inputs.append(np.array([found], np.int32))
            result = run(inputs)[0]
        worst = max(worst, float(np.abs(result - wanted).max()))
        rounded = max(rounded, float(np.abs(result - other).max()))
    print(f"{form}: largest difference of a logit {worst:.1e}, from the tables {rounded:.1e}")
    assert worst < 1e-4
