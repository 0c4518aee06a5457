"""Makes the calls that it reads, one JSON object a line, with the AWS CLI; tells on one line each what came of them.

Each call is a command line of its own, carried out by a new driver as /usr/bin/aws does, without Python's start.
"""
import base64
import contextlib
import io
import json
import os
import re
import sys
import tempfile

import awscli
from awscli.clidriver import create_clidriver

try:
    from awscli.botocore import xform_name
except ImportError:
    from botocore import xform_name

VERSION_1 = awscli.__version__.startswith("1.")

# The CLI's names of services that SigV4 names otherwise, and its command of S3's operations.
NAMES = {"states": "stepfunctions", "monitoring": "cloudwatch", "servicequotas": "service-quotas"}
COMMANDS = {"s3": "s3api"}
# What the CLI ends with when AWS refused (AWS CLI user guide, "Command line return codes").
REFUSED = 255 if VERSION_1 else 254
REFUSAL = re.compile(r"An error occurred \(([^)]+)\) when calling the \w+ operation(?: \([^)]*\))?:(.*)", re.DOTALL)
loader = None


def new_driver():
    """A driver that reads no service model twice."""
    global loader
    driver = create_clidriver()
    if loader is None:
        loader = driver.session.get_component("data_loader")
    driver.session.register_component("data_loader", loader)
    return driver


def filled(value):
    if isinstance(value, list):
        return [filled(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "bytes" in value:
        return value["bytes"] if VERSION_1 else base64.b64encode(value["bytes"].encode()).decode()
    if "time" in value:
        return value["time"]
    return {key: filled(one) for key, one in value.items()}


def options(given):
    """A `--member value` for each member: what writes its answer to a file takes no --cli-input-json."""
    texts = {name: one if isinstance(one, str) else json.dumps(one) for name, one in given.items()}
    return [part for name, text in texts.items() for part in ("--" + xform_name(name, "-"), text)]


def run(driver, arguments):
    """The exit code, and what was printed."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = driver.main(arguments)
        except SystemExit as ended:
            code = ended.code
    return code, out.getvalue(), err.getvalue()


def make(call, given, folder):
    service, operation = call.split(":")
    name = NAMES.get(service, service)
    driver = new_driver()
    model = driver.session.get_service_model(name)
    if operation not in model.operation_names:
        return {"unknown": True}
    shape = model.operation_model(operation)
    given = dict(given)
    arguments = [COMMANDS.get(service, name), xform_name(operation, "-"), "--output", "json"]
    arguments += ["--endpoint-url", os.environ["AWS_ENDPOINT_URL"]]
    payload = shape.input_shape.serialization.get("payload") if shape.input_shape else None
    streamed = payload if payload and shape.input_shape.members[payload].serialization.get("streaming") else None
    if streamed in given:
        path = os.path.join(folder, "in")
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(given.pop(streamed)["bytes"])
        arguments += ["--" + xform_name(streamed, "-"), path]
    written = os.path.join(folder, "out") if shape.has_streaming_output else None
    given = filled(given)
    arguments += [*options(given), written] if written else ["--cli-input-json", json.dumps(given)]
    code, out, err = run(driver, arguments)
    if code == 0:
        answer = json.loads(out) if out.strip() else {}
        if written:
            with open(written, encoding="utf-8", newline="") as file:
                answer[shape.output_shape.serialization["payload"]] = file.read()
        return {"answer": answer}
    if "Unknown parameter in" in err:
        return {"unknown": True}
    told = REFUSAL.search(err)
    if code != REFUSED or told is None:
        return {"broken": f"exit code {code}: {err.strip() or out.strip()}"}
    return {"refused": {"code": told[1], "message": told[2].strip()}}


with tempfile.TemporaryDirectory() as temporary:
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(make(asked["call"], asked["input"], temporary)), flush=True)
