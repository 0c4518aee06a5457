"""Makes the calls that it reads, one JSON object a line, with boto3; tells on one line each what came of them."""
import json
import os
import sys
import warnings

warnings.simplefilter("ignore")

import boto3
from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

# boto3's names of services that SigV4 names otherwise.
NAMES = {"states": "stepfunctions", "monitoring": "cloudwatch", "servicequotas": "service-quotas"}
clients = {}


def client_of(service):
    name = NAMES.get(service, service)
    if name not in clients:
        clients[name] = boto3.client(name, endpoint_url=os.environ["AWS_ENDPOINT_URL"])
    return clients[name]


def filled(value):
    if isinstance(value, list):
        return [filled(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "bytes" in value:
        return value["bytes"].encode()
    if "time" in value:
        return value["time"]
    return {key: filled(one) for key, one in value.items()}


def plain(value):
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value.read().decode(errors="replace") if hasattr(value, "read") else value


def make(call, given):
    service, operation = call.split(":")
    client = client_of(service)
    if operation not in client.meta.service_model.operation_names:
        return {"unknown": True}
    try:
        answer = getattr(client, xform_name(operation))(**filled(given))
        return {"answer": {key: plain(value) for key, value in answer.items()}}
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        told = error.response["Error"]
        return {"refused": {"code": told["Code"], "message": told.get("Message", ""), "status": status}}
    except ParamValidationError as error:
        return {"unknown": True} if "Unknown parameter in" in str(error) else {"broken": str(error)}
    except BotoCoreError as error:
        return {"broken": str(error)}


for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(make(asked["call"], asked["input"]), default=str), flush=True)
