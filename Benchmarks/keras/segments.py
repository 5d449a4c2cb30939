"""The inputs of an exported model: the segments of a message as rows, and its logit from theirs.

docs/keras.md, "Export", says what the inputs are; docs/model.md, "Segments" and "Linear term", why.
"""
import math

import numpy as np

BLOCKED = -1e9


def buckets(ids, part, bits):
    """The buckets of the words of a part of a message and of the pairs that begin in it, each once."""
    found, mask = {}, 2 ** 64 - 1

    def visit(value):
        found[(value * 0x9E3779B97F4A7C15 & mask) >> (64 - bits)] = None

    for index in part:
        word = ids[index] + 1
        visit(word)
        if index + 1 < len(ids):
            visit((word * 0x100000001B3 & mask) ^ (ids[index + 1] + 1 + 7919))
    return list(found)


def author(ids, segments):
    """How many facts in front the network does not read, and what facts add to the logit."""
    term = segments.get("author", {"ids": [], "weights": [], "unread": [], "bound": 0})
    weights = dict(zip(term["ids"], term["weights"]))
    facts = ids[:parts(ids, segments)[0].stop]
    count = next((place for place, word in enumerate(facts) if word not in term["unread"]),
                 len(facts))
    return count, max(sum(weights.get(word, 0) for word in facts), -term["bound"])


def parts(ids, segments):
    """The facts, the subject and the blocks of a message, as ranges."""
    body = ids.index(segments["body"]) + 1 if segments["body"] in ids else 0
    front = ids[:body]
    subject = front.index(segments["subject"]) if segments["subject"] in front else 0
    starts = range(body, max(len(ids), body + 1), segments["block"])
    blocks = [range(start, min(start + segments["block"], len(ids))) for start in starts]
    return range(subject), range(subject, body), blocks


def forms(ids, facts, subject, segments):
    """The fronts that each segment is scored with, and what its logit loses with each."""
    if not facts:
        return [([subject], 0)]
    layout = segments.get("layout", {"ids": [], "bound": 0})
    places = [place for place in facts if ids[place] in layout["ids"]]
    if not places:
        return [([facts, subject], 0), ([subject], segments["fact_bound"])]
    middle = range(places[0], places[-1] + 1)
    front, back = range(facts.start, middle.start), range(middle.stop, facts.stop)
    return [([front, middle, back, subject], 0), ([front, back, subject], layout["bound"]),
            ([subject], segments["fact_bound"])]


def rows(ids, config):
    """The segments of a message: inputs `ids`, `blocked` and `buckets`, and what each row loses."""
    segments, bits = config["segments"], config.get("linear_bits")
    overlap = max(config["architecture"]["widths"]) - 1
    count, added = author(ids, segments)
    facts, subject, blocks = parts(ids, segments)
    facts = range(count, facts.stop)
    fronts = forms(ids, facts, subject, segments)
    found = []
    for index in range(max(1, len(blocks) - 1)):
        for front, _ in fronts:
            row = [], [], []
            for part in front + blocks[index:index + 2]:
                # A window that begins in a part may reach beyond it, so what follows there follows
                # here.
                after = ids[part.stop:part.stop + overlap]
                after += [0] * (overlap - len(after))
                row[0].extend([ids[token] for token in part] + after)
                row[1].extend([0] * len(part) + [BLOCKED] * overlap)
                if bits:
                    row[2].extend(buckets(ids, part, bits))
            found.append(row)
    penalty = segments["penalty"] * math.log(max(1, len(blocks) - 1)) - added

    def table(column, filler, kind):
        width = max(len(row[column]) for row in found)
        return np.array([row[column] + [filler] * (width - len(row[column])) for row in found], kind)

    inputs = [table(0, 0, np.int32), table(1, 0, np.float32)[..., None]]
    if bits:
        inputs.append(table(2, 2 ** bits, np.int32))
    return inputs, np.array([loss for _, loss in fronts], np.float32) + np.float32(penalty)


def logit(outputs, losses, config):
    """The logit of a message, before calibration, from the outputs of its rows."""
    found = np.sort((outputs[:, 0].reshape(-1, len(losses)) - losses).max(1))
    strongest = found[-config["segments"].get("strongest", 1):]
    return float(np.log(np.exp(strongest - strongest[-1]).mean()) + strongest[-1])
