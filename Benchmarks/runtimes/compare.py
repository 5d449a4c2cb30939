#!/usr/bin/env python3
"""siftd's tables against ONNX Runtime and TensorFlow: the same weights and ids, one core, in turn.

    compare.py KERNELS MODEL [ROUNDS [ENCODED...]]

KERNELS is the built `kernels` of this package (`swift build -c release --product kernels`), MODEL a
bundle. ENCODED are messages as `encode` writes them, 400 of which are drawn from each file; without, ids are
drawn at random. Needs numpy, onnx and onnxruntime; TensorFlow is measured when it is there. Prints the median
over rounds in microseconds a message, the ratios, and how far the logits lie apart.

A model that scores by segments does so everywhere: the others convolve a message once, take the largest sums
of its facts, its subject and its blocks, and score all segments as rows of one matrix. With the linear term,
which the others have no part for, siftd's cost is a row of its own.
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
whole = json.load(open(f"{bundle}/config.json"))
config, segments = whole["architecture"], whole.get("segments")
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
tensors, convolutions, row = [], [], 0

def constant(name, value):
    tensors.append(numpy_helper.from_array(np.ascontiguousarray(value), name))

for place, width in enumerate(words):
    block = weights["convolution.weight"][row:row + width * filters]
    row += width * filters
    convolutions.append(block.reshape(width, filters, embedding))
    constant(f"kernel{place}", convolutions[-1].transpose(1, 2, 0))
    constant(f"bias{place}",
             weights["convolution.bias"][place * filters:(place + 1) * filters])
constant("embedding", weights["embedding.weight"])
if config["hidden"]:
    constant("hidden", weights["hidden.weight"].T)
    constant("hiddenBias", weights["hidden.bias"])
constant("output", weights["output.weight"].T)
constant("outputBias", weights["output.bias"])

def head(last):
    """The layers behind the features, a row each."""
    nodes = []
    if config["hidden"]:
        nodes += [helper.make_node("Gemm", [last, "hidden", "hiddenBias"], ["sums"]),
                  helper.make_node("Relu", ["sums"], ["units"])]
        last = "units"
    return nodes + [helper.make_node("Gemm", [last, "output", "outputBias"], ["logits"])]

def session(nodes, inputs):
    used = {name for node in nodes for name in node.input}
    graph = helper.make_graph(
        nodes, "cnn", [helper.make_tensor_value_info(n, TensorProto.INT64, shape) for n, shape in inputs],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [None, config["outputs"]])],
        [tensor for tensor in tensors if tensor.name in used])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options,
                                        providers=["CPUExecutionProvider"])

nodes = [helper.make_node("Gather", ["embedding", "ids"], ["rows"]),
         helper.make_node("Transpose", ["rows"], ["columns"], perm=[0, 2, 1])]
ways = {}

def padded(ids):
    return np.concatenate([ids, np.zeros(pads, np.int64)])[None]

if segments:
    size, bound, penalty = segments["block"], segments["fact_bound"], segments["penalty"]
    features = len(words) * filters
    nodes += [helper.make_node("Conv", ["columns", f"kernel{place}"], [f"c{place}"], pads=[0, width - 1])
              for place, width in enumerate(words)]
    nodes.append(helper.make_node("Concat", [f"c{place}" for place in range(len(words))], ["all"], axis=1))
    constant("none", np.zeros((1, features, 1), np.float32))
    constant("bias", weights["convolution.bias"][None])
    for name, value in (("axis", 2), ("last", 2 ** 40), ("first", 0), ("second", 1), ("but", -1)):
        constant(name, np.array([value], np.int64))
    constant("cut", np.array([features, -1, size], np.int64))
    # A window of zeros always takes part.
    for part, ends in (("front", ("first", "layoutStart")), ("layout", ("layoutStart", "layoutEnd")),
                       ("back", ("layoutEnd", "factEnd")), ("subject", ("factEnd", "bodyStart"))):
        nodes += [helper.make_node("Slice", ["all", *ends, "axis"], [f"{part}Sums"]),
                  helper.make_node("Concat", [f"{part}Sums", "none"], [f"{part}More"], axis=2),
                  helper.make_node("ReduceMax", [f"{part}More"], [f"{part}Row"], axes=[2], keepdims=0)]
    nodes += [helper.make_node("Slice", ["all", "bodyStart", "last", "axis"], ["body"]),
              helper.make_node("Reshape", ["body", "cut"], ["blocks"]),
              helper.make_node("ReduceMax", ["blocks"], ["largest"], axes=[2], keepdims=0),
              helper.make_node("Transpose", ["largest"], ["block"], perm=[1, 0])]
    constant("rowAxis", np.array([0], np.int64))
    both = [helper.make_node("Slice", ["block", "first", "but", "rowAxis"], ["here"]),
            helper.make_node("Slice", ["block", "second", "last", "rowAxis"], ["there"]),
            helper.make_node("Max", ["here", "there", "subjectRow"], ["bare"])]
    one = [helper.make_node("Max", ["block", "subjectRow"], ["bare"])]
    ending = [helper.make_node("Max", ["bare", "frontRow", "backRow"], ["plain"]),
              helper.make_node("Max", ["plain", "layoutRow"], ["full"]),
              helper.make_node("Concat", ["full", "plain", "bare"], ["forms"], axis=0),
              helper.make_node("Add", ["forms", "bias"], ["biased"]),
              helper.make_node("Relu", ["biased"], ["features"])] + head("features")
    ends = ("layoutStart", "layoutEnd", "factEnd", "bodyStart")
    inputs = [("ids", [1, None])] + [(name, [1]) for name in ends]
    sessions = [session(nodes + middle + ending, inputs) for middle in (one, both)]

    def parts(ids):
        body = np.flatnonzero(ids == segments["body"])[:1]
        body = int(body[0]) + 1 if len(body) else 0
        facts = np.flatnonzero(ids[:body] == segments["subject"])[:1]
        return int(facts[0]) if len(facts) else 0, body

    term = segments.get("author", {"ids": [], "weights": [], "unread": [], "bound": 0})
    author = dict(zip(term["ids"], term["weights"]))
    layout = segments.get("layout", {"ids": [], "bound": 0})
    is_layout = np.zeros(config["vocabulary"], bool)
    is_layout[layout["ids"]] = True

    def by_segments(ids):
        facts, body = parts(ids)
        # Some facts about the author stand in front; the network does not read them.
        count = next((place for place in range(facts) if int(ids[place]) not in term["unread"]), facts)
        added = max(sum(author.get(int(word), 0) for word in ids[:facts]), -term["bound"])
        ids, facts, body = ids[count:], facts - count, body - count
        count = max(1, -(-(len(ids) - body) // size))
        row = np.zeros(body + count * size, np.int64)
        row[:len(ids)] = ids
        places = np.flatnonzero(is_layout[ids[:facts]])
        first, last = (places[0], places[-1] + 1) if len(places) else (0, 0)
        values = dict(zip(ends, (np.array([end]) for end in (first, last, facts, body))))
        out = sessions[count > 1].run(None, {"ids": row[None]} | values)[0][:, 0]
        number = max(1, count - 1)
        found = out[:number]
        if len(places):
            found = np.maximum(found, out[number:2 * number] - layout["bound"])
        if facts:
            found = np.maximum(found, out[2 * number:] - bound)
        strongest = np.sort(found)[-segments.get("strongest", 1):]
        odds = np.log(np.exp(strongest - strongest[-1]).mean()) + strongest[-1]
        return [odds - penalty * np.log(number) + added]
    ways["ONNX Runtime"] = by_segments
else:
    nodes += [node for place in range(len(words)) for node in (
        helper.make_node("Conv", ["columns", f"kernel{place}", f"bias{place}"], [f"c{place}"]),
        helper.make_node("Relu", [f"c{place}"], [f"r{place}"]),
        helper.make_node("GlobalMaxPool", [f"r{place}"], [f"p{place}"]))]
    nodes += [helper.make_node("Concat", [f"p{place}" for place in range(len(words))], ["pooled"], axis=1),
              helper.make_node("Flatten", ["pooled"], ["features"])] + head("features")
    plain = session(nodes, [("ids", [1, None])])
    ways["ONNX Runtime"] = lambda ids: plain.run(None, {"ids": padded(ids)})[0][0]
try:
    if segments:
        raise ImportError
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

def encoded(path):
    """400 messages of a file of `encode`."""
    numbers, place, found = np.fromfile(path, "<i4"), 0, []
    while place < len(numbers):
        found.append(numbers[place + 2:place + 2 + numbers[place + 1]].astype(np.int64))
        place += 2 + numbers[place + 1]
    return [found[i] for i in random.permutation(len(found))[:400] if len(found[i])]

vocabulary = config["vocabulary"]
files = sys.argv[4:]
if files:
    messages = {os.path.basename(file).split(".")[0]: encoded(file) for file in files}
else:
    messages = {f"{n} tokens": [np.minimum(vocabulary - 1, vocabulary ** random.random(n)).astype(np.int64)
                                for _ in range(60)] for n in (100, 300, 1000)}
costs, logits = {}, {}

def add(way, name, cost):
    costs.setdefault(way, {}).setdefault(name, []).append(cost)

for _ in range(rounds):
    for name, found in messages.items():
        with tempfile.NamedTemporaryFile("w", suffix=".ids") as file:
            file.write("\n".join(" ".join(map(str, ids)) for ids in found))
            file.flush()
            out = json.loads(subprocess.run([kernels, bundle, file.name], capture_output=True, text=True,
                                            check=True).stdout)
        for way, cost in out["messages"].items():
            add(f"siftd {way}", name, cost)
        logits.setdefault("siftd", {})[name] = out["logits"]
        for way, run in ways.items():
            run(found[0])
            start = time.process_time()
            said = [run(ids) for ids in found]
            add(way, name, (time.process_time() - start) * 1e6 / len(found))
            if way == "ONNX Runtime":
                logits.setdefault("onnx", {})[name] = [float(l[0]) for l in said]

default = "siftd " + out["default"]
print(f"{config['vocabulary']} words, embedding {embedding}, {words} x {filters}; "
      f"default is {out['default']}; median of {rounds} rounds, us a message")
print("tokens a message: " + ", ".join(
    f"{name} {np.mean([len(ids) for ids in found]):.0f}" for name, found in messages.items()))
print("| way | " + " | ".join(messages) + " | times the default |")
print("|---|" + "---|" * (len(messages) + 1))
for way, result in costs.items():
    medians = [float(np.median(result[n])) for n in messages]
    base = [float(np.median(costs[default][n])) for n in messages]
    print(f"| {way} | " + " | ".join(f"{m:.1f}" for m in medians) + " | "
          + ", ".join(f"{m / b:.1f}" for m, b in zip(medians, base)) + " |")
print("largest difference of logits, siftd's default and ONNX Runtime:",
      f"{max(abs(a - b) for n in messages for a, b in zip(logits['onnx'][n], logits['siftd'][n])):.4f}")
