"""One STS call by boto3: the operation is the argument, its parameters are JSON on standard input.

Prints the answer as JSON. A refusal goes to standard error in botocore's words, and the exit status is 1.
Credentials, region and endpoint come from the environment.
"""
import json
import sys

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError

operation = sys.argv[1]
call = getattr(boto3.client("sts"), xform_name(operation))
try:
    answer = call(**json.load(sys.stdin))
except ClientError as refusal:
    sys.exit(str(refusal))
json.dump(answer, sys.stdout, default=lambda moment: moment.isoformat())
