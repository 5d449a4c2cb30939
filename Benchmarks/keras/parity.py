#!/usr/bin/env python3
"""Imported models against Keras: largest difference, path, and microseconds a message, in one run.

    parity.py SIFTD IMPORTED MODELS [NAME …]

SIFTD and IMPORTED are built binaries (`swift build -c release`, here and in this package), MODELS a folder
with a folder for each model: model.keras, model.h5 or model.json, and expected.json. Needs numpy and keras
with TensorFlow; ONNX Runtime is measured for models that keras can export (needs onnx and onnxruntime).
Keras can't load all files of its older versions: run it again with one that can, and put the rows together.
One core, the same ids for all. siftd's column is one message at a time, as it serves; behind it batches of
8 and 32. TensorFlow: `predict` in batches of 32 run eagerly, and the compiled function in batches of 32.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
os.environ.update(
    OMP_NUM_THREADS="1", TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="1", CUDA_VISIBLE_DEVICES="")
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
BATCH, COUNT, SECONDS = 32, 192, 1


def median(run, messages):
    """The median of CPU microseconds a message over as many rounds as fit into the time."""
    run()
    times, end = [], time.monotonic() + SECONDS
    while len(times) < 3 or time.monotonic() < end and len(times) < 50:
        start = time.process_time()
        run()
        times.append((time.process_time() - start) * 1e6 / messages)
    return float(np.median(times))


def without_text(model):
    """The layers behind a TextVectorization, as a model of ids."""
    if isinstance(model, keras.Sequential) and type(model.layers[0]).__name__ == "TextVectorization":
        return keras.Sequential(model.layers[1:])
    for layer in model.layers:
        if type(layer).__name__ == "TextVectorization":
            return keras.Model(layer.output, model.output)
    return model


def keras_costs(folder, rows):
    try:
        path = next(p for p in (folder / "model.keras", folder / "model.h5") if p.exists())
        if path.read_bytes()[:4] == b"\x89HDF":
            # Keras up to 2.12 wrote HDF5 under any name; later ones go by the name.
            path = pathlib.Path(shutil.copy(path, tempfile.mkdtemp() + "/model.h5"))
        model = without_text(keras.models.load_model(path, compile=False))
    except StopIteration:
        model = keras.models.model_from_json((folder / "model.json").read_text())
        model.load_weights(folder / "model.weights.h5")
    rows = rows.astype(np.float32)
    batches = [tf.constant(rows[i:i + BATCH]) for i in range(0, len(rows), BATCH)]
    model(batches[0], training=False)
    compiled = tf.function(lambda ids: model(ids, training=False))
    result = {
        "compiled": median(lambda: [compiled(batch) for batch in batches], len(rows))}
    model.run_eagerly = True
    model.compile(run_eagerly=True)
    result["eager"] = median(lambda: model.predict(rows, batch_size=BATCH, verbose=0), len(rows))
    try:
        import onnxruntime
        file = tempfile.NamedTemporaryFile(suffix=".onnx", delete=False).name
        model.export(file, format="onnx", verbose=False)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        name, kind = session.get_inputs()[0].name, session.get_inputs()[0].type
        given = rows.astype({"tensor(int32)": np.int32, "tensor(int64)": np.int64}.get(kind, np.float32))
        parts = [given[i:i + BATCH] for i in range(0, len(rows), BATCH)]
        result["onnx"] = median(lambda: [session.run(None, {name: part}) for part in parts], len(rows))
    except Exception as error:  # whatever the exporter can't do
        print(f"{folder.name}: no ONNX: {str(error).splitlines()[0][:100]}", file=sys.stderr)
    return result


def main():
    siftd, imported, models = sys.argv[1:4]
    names = sys.argv[4:]
    print("| model | difference | path | siftd, µs | batches of 8 | of 32 | TF eager predict | TF compiled "
          "| ONNX Runtime |\n|---|---|---|---|---|---|---|---|---|")
    for folder in sorted(pathlib.Path(models).iterdir()):
        expected = folder / "expected.json"
        if not expected.exists() or names and folder.name not in names:
            continue
        output = tempfile.mkdtemp() + "/model"
        model = next(p for p in (folder / f"model.{e}" for e in ("keras", "h5", "json")) if p.exists())
        done = subprocess.run(
            [siftd, "model", "import", model, "--text", expected, "--check", expected, "--output", output],
            capture_output=True, text=True)
        difference = re.search(r"difference (\S+)", done.stdout)
        if done.returncode:
            print(f"| {folder.name} | {done.stderr.strip()} |")
            continue
        cases = [case["ids"] for case in json.loads(expected.read_text())["cases"] if case["output"]]
        # Open lengths are brought to one, as a batch of TensorFlow's needs it.
        length = max(map(len, cases)) if len(set(map(len, cases))) == 1 else 200
        cases = [(ids + [0] * length)[:length] for ids in cases]
        rows = np.array((cases * COUNT)[:COUNT])
        ids = tempfile.NamedTemporaryFile("w", suffix=".ids", delete=False)
        ids.write("\n".join(" ".join(map(str, row)) for row in rows))
        ids.close()
        ours = json.loads(subprocess.run(
            [imported, output, ids.name], capture_output=True, text=True, check=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}).stdout)
        try:
            theirs = keras_costs(folder, rows)
        except Exception as error:  # Keras can't load some of its own older files
            print(f"{folder.name}: {str(error).splitlines()[0][:150]}", file=sys.stderr)
            theirs = {}
        path = "tables" if "tables" in ours["serving"] else "layers"
        costs = [f"{ours['costs'][n]:.1f}" for n in ("1", "8", "32")]
        costs += [f"{theirs[n]:.0f}" if n in theirs else "–" for n in ("eager", "compiled", "onnx")]
        print(f"| {folder.name} | {float(difference[1]):.1e} | {path} | " + " | ".join(costs) + " |",
              flush=True)


if __name__ == "__main__":
    main()
