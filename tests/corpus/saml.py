#!/usr/bin/env python3
"""Writes the corpus of SAML responses as JSON lines.

    saml.py --list [--key rsa|ec] [PREFIX…]     what there is, and how many begun logins each case needs
    saml.py --keys DIR                          makes key pairs, prints the `keys` object
    saml.py --metadata ENTITY_ID SSO KEY CERT   prints IdP metadata for a key pair
    saml.py --self-check                        proves with xmlsec1 that what should verify does
    saml.py --payloads [OWN_ORIGIN]             the redirect payloads of row S24, one JSON string a line
    saml.py < input.json                        the cases

README.md beside this file is the contract of input and output.
"""

from __future__ import annotations

import base64
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

from generator.case import REFUSED, Case, Kit, Provider, World
from generator.keys import idp_metadata, make_keys, read_identity
from generator.rows import all_cases
from generator.rows.redirects import payloads


def chosen(prefixes: list[str], key: str) -> list[Case]:
    """The cases whose id starts with one of the prefixes (all, when there is none) and that fit the key."""
    return [c for c in all_cases() if key in c.keys and (not prefixes or c.id.startswith(tuple(prefixes)))]


def read_world(text: dict) -> World:
    """Checks the caller's JSON."""
    keys, other = text["keys"], text.get("other_idp")
    main = Provider(text["idp_entity_id"], text["acs"], text.get("audience") or text["sp_entity_id"], read_identity(keys[text.get("key", "rsa")]))
    second = None
    if other is not None:
        audience = other.get("audience") or other["sp_entity_id"]
        second = Provider(other["entity_id"], other["acs"], audience, read_identity(keys["other"]))
    now = datetime.fromisoformat(text["now"].replace("Z", "+00:00"))
    validity = timedelta(seconds=text.get("validity_seconds", 600))
    return World(main, second, read_identity(keys["attacker"]), now, text.get("canary", ""), validity)


def form_field(message: bytes | str) -> str:
    """Base64 of a document; a message that is text already is the form field itself."""
    return message if isinstance(message, str) else base64.b64encode(message).decode()


def record(case: Case, kit: Kit, built: list[bytes | str]) -> dict:
    """One line of output."""
    line = {"id": case.id, "row": case.row, "title": case.title, "expect": case.expect}
    line["request_id"] = kit.request_ids[0] if kit.request_ids else None
    line["request_ids"] = kit.request_ids
    line["responses"] = [form_field(message) for message in built]
    line["honest"] = None if case.expect == REFUSED else case.honest
    line["evil"] = case.evil
    return line | case.fields


def build(case: Case, kit: Kit) -> list[bytes | str]:
    """A case's messages, always as a list."""
    made = case.build(kit)
    return made if isinstance(made, list) else [made]


def write_cases(text: dict) -> None:
    """Hands out the request ids in order and writes every case."""
    world = read_world(text)
    free = list(text.get("request_ids", []))
    for case in chosen(text.get("only", []), text.get("key", "rsa")):
        if len(free) < case.logins:
            sys.exit(f"saml.py: no request id left for {case.id}; --list says how many are needed")
        kit = Kit(world, [free.pop(0) for _ in range(case.logins)])
        print(json.dumps(record(case, kit, build(case, kit))))


def list_cases(arguments: list[str]) -> None:
    """One JSON object a line: id, at which provider each login is begun, expect."""
    key = "rsa"
    if "--key" in arguments:
        at = arguments.index("--key")
        key = arguments[at + 1]
        arguments = arguments[:at] + arguments[at + 2 :]
    for case in chosen(arguments, key):
        print(json.dumps({"id": case.id, "logins": case.begun_at, "expect": case.expect}))


def main(arguments: list[str]) -> None:
    """Chooses by the first argument."""
    if not arguments:
        write_cases(json.load(sys.stdin))
    elif arguments[0] == "--list":
        list_cases(arguments[1:])
    elif arguments[0] == "--keys":
        print(json.dumps(make_keys(Path(arguments[1]))))
    elif arguments[0] == "--metadata":
        entity_id, sso, key, certificate = arguments[1:5]
        print(idp_metadata(entity_id, sso, read_identity({"key": key, "certificate": certificate})), end="")
    elif arguments[0] == "--payloads":
        for payload in payloads(arguments[1] if len(arguments) > 1 else "http://127.0.0.1"):
            print(json.dumps(payload))
    elif arguments[0] == "--self-check":
        from generator.self_check import self_check

        sys.exit(self_check())
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
