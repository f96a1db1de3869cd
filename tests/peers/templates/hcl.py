"""Parses Terraform's language from standard input, and prints what it found as JSON."""
import json
import sys

import hcl2

json.dump(hcl2.load(sys.stdin), sys.stdout)
