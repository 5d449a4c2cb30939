#!/bin/sh
# Puts the client libraries of serving platforms, and OpenTelemetry's message types, into a Python
# environment: clients.sh FOLDER. A folder that has them is left alone.
set -eu
folder=$1
if "$folder/bin/python3" -c 'import boto3, tritonclient.http, requests, opentelemetry.proto' 2>/dev/null; then
    exit 0
fi
rm -rf "$folder"
python3 -m venv "$folder" &&
    "$folder/bin/pip" install --quiet boto3 'tritonclient[http]' requests opentelemetry-proto || {
    rm -rf "$folder"
    exit 1
}
