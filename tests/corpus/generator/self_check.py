"""Proves with the xmlsec1 command that the corpus signs as it claims.

Owns nothing of the corpus itself. Honest cases must verify at every signature; wrappings marked `genuine`
must verify too, by the id of the hidden element: a wrapping whose signature is broken would test nothing.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from .case import ACCEPTED, Case, Kit, Provider, World, fresh_id
from .keys import make_keys, read_identity
from .message import ASSERTION, PROTOCOL
from .rows import all_cases
from .signing import parse


def world_for(keys: dict, key: str) -> World:
    """A made-up world on loopback."""
    main = Provider("https://idp.example/idp", "http://127.0.0.1:8080/saml/corpus/acs", "http://127.0.0.1:8080/saml/corpus/metadata", read_identity(keys[key]))
    other = Provider("https://other.example/idp", "http://127.0.0.1:8080/saml/other/acs", "http://127.0.0.1:8080/saml/other/metadata", read_identity(keys["other"]))
    now = datetime.now(timezone.utc).replace(microsecond=0)
    return World(main, other, read_identity(keys["attacker"]), now, "http://127.0.0.1:9", timedelta(seconds=600))


def verifies(octets: bytes, certificate: str, number: int, folder: Path) -> str | None:
    """None when xmlsec1 accepts the numbered signature, else what it said."""
    document = folder / "document.xml"
    document.write_bytes(octets)
    command = ["xmlsec1", "--verify", "--pubkey-cert-pem", certificate]
    command += ["--id-attr:ID", f"{ASSERTION}:Assertion", "--id-attr:ID", f"{PROTOCOL}:Response"]
    command += ["--node-xpath", f"(//*[local-name()='Signature'])[{number}]", str(document)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return None if done.returncode == 0 else done.stderr.strip()


def check_case(case: Case, kit: Kit, certificates: list[str], folder: Path) -> list[str]:
    """What is wrong with one case."""
    made = case.build(kit)
    problems = []
    for octets in made if isinstance(made, list) else [made]:
        count = int(parse(octets).xpath("count(//*[local-name()='Signature'])"))
        if count == 0:
            problems.append(f"{case.id}: no signature at all")
        for number in range(1, count + 1):
            said = [verifies(octets, certificate, number, folder) for certificate in certificates]
            if None not in said:
                problems.append(f"{case.id}: signature {number}: {said[0]}")
    return problems


def self_check() -> int:
    """Builds and verifies, for both keys, the cases that must verify. Answers the exit code."""
    problems, verified = [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keys = make_keys(folder / "keys")
        for key in ("rsa", "ec"):
            world = world_for(keys, key)
            for case in all_cases():
                if key not in case.keys or not (case.expect == ACCEPTED or case.genuine):
                    continue
                kit = Kit(world, [fresh_id() for _ in range(case.logins)])
                problems += check_case(case, kit, [keys[key]["certificate"], keys["other"]["certificate"]], folder)
                verified += 1
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{verified} cases verified by xmlsec1, {len(problems)} problems")
    return int(bool(problems))
