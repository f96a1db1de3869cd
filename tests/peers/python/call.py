"""One call by boto3: service and operation are the arguments, the parameters are JSON on standard input.

Prints the answer as JSON. A refusal goes to standard error in botocore's words, and the exit status is 1.
Credentials, region and endpoint come from the environment.
"""
import json
import sys

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError

service, operation = sys.argv[1:]
call = getattr(boto3.client(service), xform_name(operation))
try:
    answer = call(**json.load(sys.stdin))
except ClientError as refusal:
    sys.exit(str(refusal))
json.dump(answer, sys.stdout, default=lambda moment: moment.isoformat())
