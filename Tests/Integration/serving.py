#!/usr/bin/env python3
"""Asks a running siftd with the client libraries of serving platforms.

    serving.py URL [TOKEN]

Needs boto3, tritonclient[http] and requests, which `make test-deps` puts into .build/clients.
"""

import json
import sys

import boto3
import botocore.config
import botocore.exceptions
import numpy
import requests
import tritonclient.http
import tritonclient.utils

SPAM = "Cheap pills, no prescription, buy now at http://pills.example"
HAM = "The meeting of the parser group is moved to Tuesday, see you there"


def check(condition, what):
    if not condition:
        sys.exit(f"failed: {what}")


def expected(url, headers):
    """What siftd's API answers; every contract must have the same."""
    answer = requests.post(
        f"{url}/v1/classify", json=[SPAM, HAM], headers=headers, timeout=20)
    answer.raise_for_status()
    return [item["spam_probability"] for item in answer.json()]


def sagemaker(url, token, probabilities):
    runtime = boto3.client(
        "sagemaker-runtime", endpoint_url=url, region_name="eu-central-1",
        aws_access_key_id="any", aws_secret_access_key="any",
        config=botocore.config.Config(retries={"max_attempts": 1}))
    if token:
        # The library signs; siftd wants its own token instead.
        def authorize(request, **_):
            request.headers["Authorization"] = f"Bearer {token}"
        runtime.meta.events.register("before-send.sagemaker-runtime", authorize)

    def invoke(body, content_type, accept="application/json"):
        answer = runtime.invoke_endpoint(
            EndpointName="siftd", Body=body, ContentType=content_type, Accept=accept)
        return answer["Body"].read().decode(), answer["ContentType"]

    def top(item):
        name, probability = item["label"][0], item["prob"][0]
        return probability if name == "__label__spam" else 1 - probability

    blazing = json.dumps({"instances": [SPAM, HAM], "configuration": {"k": 2}})
    body, kind = invoke(blazing, "application/json")
    answers = json.loads(body)
    check(kind == "application/json" and [len(item["label"]) for item in answers] == [2, 2],
          f"k=2: {body}")
    check(numpy.allclose([top(item) for item in answers], probabilities), f"BlazingText {body}")
    body, _ = invoke(f'"{SPAM}"\n"{HAM}"\n', "text/csv")
    check(numpy.allclose([top(item) for item in json.loads(body)], probabilities), f"CSV {body}")
    lines = "".join(json.dumps({"source": text}) + "\n" for text in (SPAM, HAM))
    body, kind = invoke(lines, "application/jsonlines", "application/jsonlines")
    answers = [json.loads(line) for line in body.splitlines()]
    check(kind == "application/jsonlines", kind)
    check(numpy.allclose([top(item) for item in answers], probabilities), f"lines {body}")
    body, _ = invoke(SPAM, "text/plain")
    check(numpy.isclose(top(json.loads(body)[0]), probabilities[0]), f"text {body}")
    try:
        invoke("{", "application/json")
        check(False, "half JSON is taken")
    except botocore.exceptions.ClientError as error:
        check("not JSON of the form" in str(error), str(error))
    ping = requests.get(f"{url}/ping", timeout=20)
    check(ping.status_code == 200 and not ping.content, "ping")


def triton(url, headers, probabilities):
    client = tritonclient.http.InferenceServerClient(url.removeprefix("http://"))
    check(client.is_server_live() and client.is_server_ready(), "health")
    check("binary_tensor_data" in client.get_server_metadata(headers=headers)["extensions"],
          "server metadata")
    metadata = client.get_model_metadata("siftd", headers=headers)
    version = metadata["versions"][0]
    check(client.is_model_ready("siftd", headers=headers), "ready")
    check(client.is_model_ready("siftd", version, headers=headers), "version ready")
    texts = numpy.array([SPAM.encode(), HAM.encode()], dtype=object)
    for binary_input in (False, True):
        for outputs in (None, False, True):
            tensor = tritonclient.http.InferInput("text", [2], "BYTES")
            tensor.set_data_from_numpy(texts, binary_data=binary_input)
            wanted = None if outputs is None else [
                tritonclient.http.InferRequestedOutput(name, binary_data=outputs)
                for name in ("verdict", "spam_probability", "labels", "probabilities")]
            result = client.infer(
                "siftd", [tensor], outputs=wanted, request_id="4711", headers=headers)
            what = f"input {binary_input}, output {outputs}"
            check(result.get_response()["id"] == "4711", what)
            figures = result.as_numpy("spam_probability")
            check(figures.dtype == numpy.float32 and numpy.allclose(figures, probabilities), what)
            check(result.as_numpy("verdict").shape == (2,), what)
            check(result.as_numpy("labels").shape == result.as_numpy("probabilities").shape, what)
            one = result.as_numpy("labels").reshape(-1)[0]
            check(one in (b"ham", "ham"), f"{what}: {one}")
    for broken in ("other", "siftd"):
        try:
            tensor = tritonclient.http.InferInput("words", [1], "BYTES")
            tensor.set_data_from_numpy(numpy.array([b"x"], dtype=object))
            client.infer(broken, [tensor], headers=headers)
            check(False, f"{broken} with a wrong input")
        except tritonclient.utils.InferenceServerException as error:
            check("decoding" not in error.message(), error.message())
    tensor = tritonclient.http.InferInput("text", [2], "BYTES")
    tensor.set_data_from_numpy(texts)
    try:
        client.infer("siftd", [tensor], headers=headers, request_compression_algorithm="gzip")
        check(False, "a compressed body is taken")
    except tritonclient.utils.InferenceServerException as error:
        check("without compression" in error.message(), error.message())


def tensorflow(url, headers, probabilities):
    model = f"{url}/v1/models/siftd"
    status = requests.get(model, headers=headers, timeout=20).json()
    version = status["model_version_status"][0]
    check(version["state"] == "AVAILABLE", status)
    metadata = requests.get(f"{model}/metadata", headers=headers, timeout=20).json()
    signature = metadata["metadata"]["signature_def"]["signature_def"]["serving_default"]
    check(signature["inputs"]["text"]["dtype"] == "DT_STRING", metadata)
    for path in (model, f"{model}/versions/{version['version']}"):
        rows = requests.post(
            f"{path}:predict", json={"instances": [SPAM, {"text": HAM}]}, headers=headers,
            timeout=20).json()
        figures = [row["spam_probability"] for row in rows["predictions"]]
        check(numpy.allclose(figures, probabilities), rows)
        columns = requests.post(
            f"{path}:predict", json={"inputs": [SPAM, HAM]}, headers=headers, timeout=20).json()
        check(numpy.allclose(columns["outputs"]["spam_probability"], probabilities), columns)
    wrong = requests.post(
        f"{model}:predict", json={"instances": [1]}, headers=headers, timeout=20)
    check(wrong.status_code == 400 and wrong.json()["error"], wrong.text)


def main():
    url = sys.argv[1].rstrip("/")
    token = sys.argv[2] if len(sys.argv) > 2 else None
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    probabilities = expected(url, headers)
    sagemaker(url, token, probabilities)
    triton(url, dict(headers), probabilities)
    tensorflow(url, headers, probabilities)
    print("ok")


main()
