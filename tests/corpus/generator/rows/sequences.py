"""Rows S15, S18 and S19: replay, answers to other requests, and two identity providers.

Most of these are sequences: the messages alone are innocent, and what matters is who posts them where, and
how often. `posts` says so; README.md has its fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from ..case import ACCEPTED, REFUSED, SIGNED_IDENTITY, Case, Kit, fresh_id
from ..edit import replace_once
from ..message import EMAIL, PERSISTENT

Build = Callable[[Kit], "bytes | list[bytes]"]


def honest(kit: Kit) -> bytes:
    """Nothing wrong with it."""
    return kit.signed("both")


def rewrapped(kit: Kit) -> list[bytes]:
    """The same signed assertion in two envelopes, the second one as if for the second login."""
    message = kit.message()
    first = kit.signed("assertion", message)
    second = replace_once(first, f'ID="{message.response_id}"', f'ID="{fresh_id()}"')
    return [first, replace_once(second, f'InResponseTo="{kit.request_ids[0]}"', f'InResponseTo="{kit.request_ids[1]}"')]


def touched(kit: Kit) -> list[bytes]:
    """The same assertion with other bytes around it."""
    first = kit.signed("assertion")
    return [first, replace_once(first, "<samlp:Status>", "<!-- again --><samlp:Status>")]


def same_assertion_id(kit: Kit) -> list[bytes]:
    """Two responses, for two logins, whose assertions share an id."""
    first = kit.message()
    second = replace(first, response_id=fresh_id(), in_response_to=kit.request_ids[1])
    return [kit.signed("both", first), kit.signed("both", second)]


def same_request(kit: Kit) -> list[bytes]:
    """Two fresh responses to one request."""
    return [honest(kit), honest(kit)]


def replays() -> Iterator[Case]:
    """S15."""
    once = {"sessions": 1}
    own, second = {"response": 0}, {"response": 1, "browser": "second"}
    rows: list[tuple[str, str, Build, int, dict[str, object]]] = [
        ("same-browser", "the same response twice", honest, 1, {"posts": [own, own]}),
        ("other-browser", "the same response from a browser with no login", honest, 1, {"posts": [own, {"response": 0, "browser": "other"}]}),
        ("second-login", "the same response for a second login", honest, 2, {"posts": [own, {"response": 0, "browser": "second"}]}),
        ("rewrapped", "the same assertion in another envelope", rewrapped, 2, {"posts": [own, second]}),
        ("touched", "the same assertion, other bytes around it", touched, 1, {"posts": [own, {"response": 1}]}),
        ("same-assertion-id", "two assertions of one id", same_assertion_id, 2, {"posts": [own, second]}),
        ("same-request", "two responses to one request", same_request, 1, {"posts": [own, {"response": 1}]}),
        ("twenty-at-once", "twenty posts at once", honest, 1, {"posts": [{"response": 0, "times": 20, "at_once": True}]}),
        ("two-responses-at-once", "two responses to one request, at once", same_request, 1, {"posts": [{"response": 0, "times": 10, "at_once": True}, {"response": 1, "times": 10}]}),
        ("after-restart", "again after a restart", honest, 1, {"posts": [own, {"response": 0, "before": "restart"}]}),
        ("second-login-after-restart", "for a second login, after a restart", rewrapped, 2, {"posts": [own, second | {"before": "restart"}]}),
        ("at-the-end", "again a second before the end", honest, 1, {"posts": [own, {"response": 0, "advance_seconds": 599}], "fixed_clock": True}),
        ("in-the-leeway", "for a second login, in the leeway after the end", rewrapped, 2, {"posts": [own, second | {"advance_seconds": 630}], "fixed_clock": True}),
        ("same-id-in-the-leeway", "one assertion id again in the leeway", same_assertion_id, 2, {"posts": [own, second | {"advance_seconds": 630}], "fixed_clock": True}),
    ]
    for number, (name, title, build, logins, fields) in enumerate(rows, 1):
        yield Case(f"S15.{number:02}-{name}", title, ACCEPTED, build, logins=logins, fields=once | fields)


def answered(response: Callable[[str], str | None], confirmation: Callable[[str], str | None], level: str = "both") -> Build:
    """InResponseTo of the two places, computed from the right one."""

    def build(kit: Kit) -> bytes:
        right = kit.request_id
        return kit.signed(level, kit.message(in_response_to=response(right), confirmation_in_response_to=confirmation(right)))

    return build


WRONG_ANSWERS: dict[str, Callable[[str], str | None]] = {
    "other": lambda r: "_00000000000000000000000000000000",
    "absent": lambda r: None,
    "empty": lambda r: "",
    "padded": lambda r: f" {r} ",
    "upper-case": lambda r: f"{r.swapcase()}",
    "prefix": lambda r: r[:-1],
    "suffix": lambda r: f"{r}x",
    "two": lambda r: f"{r} _other",
}


def keep(request_id: str) -> str:
    """The right one."""
    return request_id


def answers() -> Iterator[Case]:
    """S18."""
    number = 0
    for level in ("assertion", "both"):
        for name, wrong in WRONG_ANSWERS.items():
            for place, first, second in (("both-places", wrong, wrong), ("response", wrong, keep), ("confirmation", keep, wrong)):
                number += 1
                # A Response without InResponseTo whose signed confirmation has it is the IdP's slip, and harmless.
                expect = SIGNED_IDENTITY if (name, place) == ("absent", "response") else REFUSED
                yield Case(f"S18.{number:02}-{level}-{place}-{name}", f"InResponseTo {name} in {place}", expect, answered(first, second, level))
    unsolicited = [("plain", {}), ("relay-url", {"relay": "https://evil.example/"}), ("relay-path", {"relay": "/admin/access"}), ("relay-intent", {"relay": "go/payments-prod/ReadOnly"})]
    for name, fields in unsolicited:
        number += 1
        posts = {"posts": [{"response": 0, "browser": "other"}]}
        yield Case(f"S18.{number:02}-unsolicited-{name}", f"an unsolicited response: {name}", REFUSED, honest, logins=0, fields=posts | fields)
    number += 1
    posts = [{"response": 0, "browser": "other"}]
    yield Case(f"S18.{number:02}-no-login", "a response to A's request, from a browser without a login", REFUSED, honest, fields={"posts": posts})
    number += 1
    posts = [{"response": 0, "browser": "second"}]
    yield Case(f"S18.{number:02}-other-login", "a response to A's request, from B who has a login of their own", REFUSED, honest, logins=2, fields={"posts": posts})
    number += 1
    posts = [{"response": 0, "browser": "second"}, {"response": 0}]
    yield Case(f"S18.{number:02}-other-login-then-own", "B tries first, then A: A may or may not come in, B never", SIGNED_IDENTITY, honest, logins=2, fields={"posts": posts})


def from_other(recipient: str, issuer: str) -> Build:
    """Signed by the other IdP's key; addressed to and issued by either."""

    def build(kit: Kit) -> bytes:
        target = kit.idp if recipient == "main" else kit.other
        claimed = kit.idp if issuer == "main" else kit.other
        message = kit.message(target, issuer=claimed.entity_id)
        return kit.signed("both", message, key=kit.other.signer)

    return build


def as_other(kit: Kit) -> bytes:
    """Signed by the main IdP's key in the other one's name."""
    return kit.signed("both", kit.message(issuer=kit.other.entity_id))


def for_other(kit: Kit) -> bytes:
    """The main IdP's honest response to another service provider entity of ours."""
    return kit.signed("both", kit.message(destination=kit.other.acs, recipient=kit.other.acs, audience=kit.other.audience))


def issuers(response: Callable[[Kit], str | None], assertion: Callable[[Kit], str | None], level: str) -> Build:
    """The two Issuers, each computed."""

    def build(kit: Kit) -> bytes:
        return kit.signed(level, kit.message(issuer=assertion(kit), response_issuer=response(kit)))

    return build


def issuer_format(extra: str) -> Build:
    """An Issuer with attributes of its own."""
    return lambda kit: kit.signed("both", kit.message(issuer_xml=f"<saml:Issuer {extra}>{kit.idp.entity_id}</saml:Issuer>"))


def at_both(kit: Kit) -> list[bytes]:
    """One NameID, asserted by each provider for itself."""
    first = kit.signed("both")
    second = kit.message(kit.other, in_response_to=kit.request_ids[1])
    return [first, kit.signed("both", second, key=kit.other.signer)]


def two_formats(kit: Kit) -> list[bytes]:
    """One text under two NameID formats."""
    first = kit.message(name_format=EMAIL)
    second = kit.message(name_format=PERSISTENT, in_response_to=kit.request_ids[1])
    return [kit.signed("both", first), kit.signed("both", second)]


ISSUERS: dict[str, Callable[[Kit], str | None]] = {
    "other": lambda k: k.other.entity_id,
    "padded": lambda k: f" {k.idp.entity_id} ",
    "newline": lambda k: f"{k.idp.entity_id}\n",
    "upper-case": lambda k: k.idp.entity_id.upper(),
    "trailing-slash": lambda k: f"{k.idp.entity_id}/",
    "prefix": lambda k: k.idp.entity_id[:-1],
    "empty": lambda k: "",
    "absent": lambda k: None,
    "ours": lambda k: k.idp.audience,
}


def mix_ups() -> Iterator[Case]:
    """S19."""
    main: Callable[[Kit], str | None] = lambda k: k.idp.entity_id  # noqa: E731
    to_other = {"posts": [{"response": 0, "idp": "other"}]}
    rows: list[tuple[str, str, str, Build, dict[str, object]]] = [
        ("other-key-main-issuer-at-main", "other's key, main's name, at main", REFUSED, from_other("main", "main"), {}),
        ("other-key-other-issuer-at-main", "other's key and name, at main", REFUSED, from_other("main", "other"), {}),
        ("other-key-other-issuer-for-other-at-main", "other's response for other, posted at main", REFUSED, from_other("other", "other"), {}),
        ("main-key-other-issuer-at-main", "main's key, other's name, at main", REFUSED, as_other, {}),
        ("main-key-other-issuer-at-other", "main's key, other's name, at other", REFUSED, as_other, to_other),
        ("main-response-at-other", "main's response, posted at other", REFUSED, honest, to_other),
        ("main-response-for-other-at-other", "main's response for other's ACS, posted there", REFUSED, for_other, to_other),
        ("main-response-for-other-at-main", "main's response for other's ACS, posted at main", REFUSED, for_other, {}),
    ]
    rows.append(("other-answers-main", "other's genuine response to a request that went to main", REFUSED, from_other("other", "other"), to_other))
    for level in ("assertion", "both"):
        for name, issuer in ISSUERS.items():
            rows.append((f"{level}-assertion-issuer-{name}", f"assertion's Issuer {name}", REFUSED, issuers(main, issuer, level), {}))
            # The Response's Issuer is optional, and unsigned here or signed with the rest.
            expect = SIGNED_IDENTITY if name == "absent" else REFUSED
            rows.append((f"{level}-response-issuer-{name}", f"Response's Issuer {name}", expect, issuers(issuer, main, level), {}))
    rows.append(("issuer-format-entity", "Issuer with the entity format", SIGNED_IDENTITY, issuer_format('Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity"'), {}))
    rows.append(("issuer-format-email", "Issuer with a person's format", SIGNED_IDENTITY, issuer_format(f'Format="{EMAIL}"'), {}))
    rows.append(("issuer-qualifier", "Issuer with a NameQualifier", SIGNED_IDENTITY, issuer_format('NameQualifier="https://evil.example"'), {}))
    number = 0
    for number, (name, title, expect, build, fields) in enumerate(rows, 1):
        yield Case(f"S19.{number:02}-{name}", title, expect, build, fields=fields)
    posts = [{"response": 0}, {"response": 1, "browser": "second", "idp": "other"}]
    two = {"posts": posts, "sessions": 2, "distinct": True}
    yield Case(f"S19.{number + 1}-same-name-at-both", "one NameID at two providers is two users", ACCEPTED, at_both, login_idps=("main", "other"), logins=2, fields=two)
    two = {"posts": [{"response": 0}, {"response": 1, "browser": "second"}], "sessions": 2, "distinct": True}
    yield Case(f"S19.{number + 2}-same-name-two-formats", "one NameID in two formats is two users", ACCEPTED, two_formats, logins=2, fields=two)


def cases() -> Iterator[Case]:
    """S15, S18, S19."""
    yield from replays()
    yield from answers()
    yield from mix_ups()
