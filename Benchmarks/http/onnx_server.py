"""A model server in Python: ONNX Runtime behind Starlette and uvicorn, for classify.py.

    onnx_server.py MODEL.onnx PORT [LINEAR_BITS]

POST /classify takes a list of messages as ids, and with LINEAR_BITS as [ids, buckets]: what a client would
have to compute first. Lists are one run of the graph, filled up to the longest.
"""

import sys

import numpy
import onnxruntime
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

bits = int(sys.argv[3]) if len(sys.argv) > 3 else 0
options = onnxruntime.SessionOptions()
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])


def filled(lists, filler):
    width = max(map(len, lists)) + 1
    array = numpy.full((len(lists), width), filler, numpy.int64)
    for row, values in enumerate(lists):
        array[row, :len(values)] = values
    return array


def score(messages):
    inputs = {"ids": filled([message[0] for message in messages], 0)}
    if bits:
        inputs["buckets"] = filled([message[1] for message in messages], 2 ** bits)
    logits = session.run(None, inputs)[0][:, 0]
    return 1 / (1 + numpy.exp(-logits))


async def classify(request):
    messages = orjson.loads(await request.body())
    answers = [{"spam_probability": float(p)} for p in score(messages)]
    return Response(orjson.dumps(answers), media_type="application/json")


uvicorn.run(Starlette(routes=[Route("/classify", classify, methods=["POST"])]), host="127.0.0.1",
            port=int(sys.argv[2]), log_level="warning", access_log=False)
