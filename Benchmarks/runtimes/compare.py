#!/usr/bin/env python3
"""siftd's tables against ONNX Runtime and TensorFlow: the same weights and ids, one core, in turn.

    compare.py KERNELS MODEL [ROUNDS]

KERNELS is the built `kernels` of this package (`swift build -c release --product kernels`), MODEL a
bundle. Needs numpy, onnx and onnxruntime; TensorFlow is measured when it is there. Prints the median
over rounds in microseconds a message, the ratios, and how far the logits lie apart.
"""
import json, os, struct, subprocess, sys, tempfile, time

os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
os.environ.update(OMP_NUM_THREADS="1", TF_CPP_MIN_LOG_LEVEL="3")
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

kernels, bundle = sys.argv[1:3]
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
config = json.load(open(f"{bundle}/config.json"))["architecture"]
data = open(f"{bundle}/weights.safetensors", "rb").read()
size = struct.unpack("<Q", data[:8])[0]
weights = {}
for name, tensor in json.loads(data[8:8 + size]).items():
    if name == "__metadata__":
        continue
    first, last = tensor["data_offsets"]
    weights[name] = np.frombuffer(data[8 + size + first:8 + size + last], np.float32).reshape(
        tensor["shape"])

words, filters, embedding = config["widths"], config["filters"], config["embedding"]
pads = max(words)
nodes, tensors, pooled = [], [], []

def constant(name, value):
    tensors.append(numpy_helper.from_array(np.ascontiguousarray(value), name))

constant("embedding", weights["embedding.weight"])
nodes.append(helper.make_node("Gather", ["embedding", "ids"], ["rows"]))
nodes.append(helper.make_node("Transpose", ["rows"], ["columns"], perm=[0, 2, 1]))
convolutions, row = [], 0
for place, width in enumerate(words):
    block = weights["convolution.weight"][row:row + width * filters]
    row += width * filters
    convolutions.append(block.reshape(width, filters, embedding))
    constant(f"kernel{place}", convolutions[-1].transpose(1, 2, 0))
    constant(f"bias{place}",
             weights["convolution.bias"][place * filters:(place + 1) * filters])
    nodes += [
        helper.make_node("Conv", ["columns", f"kernel{place}", f"bias{place}"], [f"c{place}"]),
        helper.make_node("Relu", [f"c{place}"], [f"r{place}"]),
        helper.make_node("GlobalMaxPool", [f"r{place}"], [f"p{place}"])]
    pooled.append(f"p{place}")
nodes += [helper.make_node("Concat", pooled, ["pooled"], axis=1),
          helper.make_node("Flatten", ["pooled"], ["features"])]
last = "features"
if config["hidden"]:
    constant("hidden", weights["hidden.weight"].T)
    constant("hiddenBias", weights["hidden.bias"])
    nodes += [helper.make_node("Gemm", [last, "hidden", "hiddenBias"], ["sums"]),
              helper.make_node("Relu", ["sums"], ["units"])]
    last = "units"
constant("output", weights["output.weight"].T)
constant("outputBias", weights["output.bias"])
nodes.append(helper.make_node("Gemm", [last, "output", "outputBias"], ["logits"]))
graph = helper.make_graph(
    nodes, "cnn", [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, None])],
    [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, config["outputs"]])], tensors)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
model.ir_version = 9
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(model.SerializeToString(), options,
                                       providers=["CPUExecutionProvider"])

def padded(ids):
    return np.concatenate([ids, np.zeros(pads, np.int64)])[None]

ways = {"ONNX Runtime": lambda ids: session.run(None, {"ids": padded(ids)})[0][0]}
try:
    import tensorflow as tf
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    table = tf.constant(weights["embedding.weight"])
    kernels_tf = [tf.constant(k.transpose(0, 2, 1)) for k in convolutions]
    def network(ids):
        rows = tf.gather(table, ids)
        parts = [tf.reduce_max(tf.nn.relu(tf.nn.conv1d(rows, kernel, 1, "VALID") +
                 weights["convolution.bias"][i * filters:(i + 1) * filters]), 1)
                 for i, kernel in enumerate(kernels_tf)]
        units = tf.concat(parts, 1)
        if config["hidden"]:
            units = tf.nn.relu(units @ weights["hidden.weight"].T + weights["hidden.bias"])
        return units @ weights["output.weight"].T + weights["output.bias"]
    compiled = tf.function(network, input_signature=[tf.TensorSpec([1, None], tf.int64)])
    ways["TensorFlow, compiled"] = lambda ids: compiled(tf.constant(padded(ids))).numpy()[0]
    ways["TensorFlow, eager"] = lambda ids: network(tf.constant(padded(ids))).numpy()[0]
except ImportError:
    pass

random = np.random.default_rng(1)
lengths, count = [100, 300, 1000], 60
vocabulary = config["vocabulary"]
messages = {n: [np.minimum(vocabulary - 1, vocabulary ** random.random(n)).astype(np.int64)
                for _ in range(count)] for n in lengths}
path = tempfile.NamedTemporaryFile("w", suffix=".ids", delete=False)
for n in lengths:
    for ids in messages[n]:
        path.write(" ".join(map(str, ids)) + "\n")
path.close()

costs = {}
logits = {}
for _ in range(rounds):
    out = json.loads(subprocess.run([kernels, bundle, path.name], capture_output=True, text=True,
                                    check=True).stdout)
    for way, result in out["costs"].items():
        for n, cost in result.items():
            costs.setdefault(f"siftd {way}", {}).setdefault(int(n), []).append(cost)
    logits["siftd"] = out["logits"]
    for way, run in ways.items():
        for n in lengths:
            run(messages[n][0])
            start = time.process_time()
            said = [run(ids) for ids in messages[n]]
            cost = (time.process_time() - start) * 1e6 / count
            costs.setdefault(way, {}).setdefault(n, []).append(cost)
            if way == "ONNX Runtime":
                logits.setdefault("onnx", {})[n] = [float(l[0]) for l in said]

default = "siftd " + out["default"]
print(f"{config['vocabulary']} words, embedding {embedding}, {words} x {filters}; "
      f"default is {out['default']}; median of {rounds} rounds")
print("| way | " + " | ".join(f"{n} tokens, us" for n in lengths) + " | times the default |")
print("|---|" + "---|" * (len(lengths) + 1))
for way, result in costs.items():
    medians = [float(np.median(result[n])) for n in lengths]
    base = [float(np.median(costs[default][n])) for n in lengths]
    print(f"| {way} | " + " | ".join(f"{m:.1f}" for m in medians) + " | "
          + ", ".join(f"{m / b:.1f}" for m, b in zip(medians, base)) + " |")
onnx_all = [l for n in lengths for l in logits["onnx"][n]]
print("largest difference of logits, siftd's default and ONNX Runtime:",
      f"{max(abs(a - b) for a, b in zip(onnx_all, logits['siftd'])):.4f}")
