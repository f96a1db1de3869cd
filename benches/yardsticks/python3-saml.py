"""What a program in Python would use: python3-saml, strict, with all its usual checks on.

    python3-saml.py CERTIFICATE.pem RESPONSE.base64 ISSUER ENTITY_ID ACS GROUPS REQUEST_ID

Speaks the protocol of all yardsticks: `ready` once the response has been accepted with so many groups, then for each
line with a number so many verifications, answered by the microseconds of CPU that one took.
"""

import os
import sys
import time
from urllib.parse import urlsplit

from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

certificate, response, issuer, entity_id, acs, groups, request_id = sys.argv[1:]
with open(certificate, encoding="ascii") as file:
    pem = file.read()
with open(response, encoding="ascii") as file:
    field = file.read()
settings = OneLogin_Saml2_Settings(
    {
        "strict": True,
        "sp": {"entityId": entity_id, "assertionConsumerService": {"url": acs}},
        "idp": {
            "entityId": issuer,
            "singleSignOnService": {"url": "https://idp.example.com/sso"},
            "x509cert": pem,
        },
        "security": {
            "wantAssertionsSigned": True,
            "wantMessagesSigned": os.environ.get("SIGNED") == "both",
            "rejectDeprecatedAlgorithm": True,
        },
    }
)
url = urlsplit(acs)
request = {"https": "on", "http_host": url.netloc, "script_name": url.path, "get_data": {}, "post_data": {}}


def verify():
    answer = OneLogin_Saml2_Response(settings, field)
    answer.is_valid(request, request_id, raise_exceptions=True)
    if answer.get_nameid() != "erin@example.com" or len(answer.get_attributes()["groups"]) != int(groups):
        sys.exit("another person than the response is about")


verify()
print("ready", flush=True)
for line in sys.stdin:
    before = time.process_time()
    for _ in range(int(line)):
        verify()
    print((time.process_time() - before) * 1e6 / int(line), flush=True)
