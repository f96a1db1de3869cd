"""Row S17: every time in every wrong form.

Plain cases lie far from any limit, so that they hold with a running clock. Those with `fixed_clock` lie
within seconds of the 60 second leeway and mean something only when the server's clock stands at `now`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..case import REFUSED, SIGNED_IDENTITY, Case, Kit

FIELDS = {
    "not-before": "not_before",
    "conditions-end": "not_on_or_after",
    "confirmation-end": "confirmation_not_on_or_after",
    "issue-instant": "issue_instant",
    "assertion-issue-instant": "assertion_issue_instant",
    "authn-instant": "authn_instant",
    "session-end": "session_not_on_or_after",
}
FORMS: dict[str, Callable[[Kit], str]] = {
    "no-zone": lambda k: k.at(0)[:-1],
    "garbage": lambda k: "tomorrow",
    "empty": lambda k: "",
    "impossible-month": lambda k: "2026-13-01T00:00:00Z",
    "impossible-day": lambda k: "2026-02-30T00:00:00Z",
    "impossible-hour": lambda k: f"{k.at(0)[:11]}25:00:00Z",
    "year-999999999": lambda k: "999999999-01-01T00:00:00Z",
    "year-10000": lambda k: "10000-01-01T00:00:00Z",
    "negative-year": lambda k: "-0001-01-01T00:00:00Z",
    "epoch-seconds": lambda k: "1795348800",
    "only-date": lambda k: k.at(0)[:10],
    "basic-format": lambda k: k.at(0).replace("-", "").replace(":", ""),
    "http-date": lambda k: "Sun, 22 Nov 2026 12:00:00 GMT",
    "trailing-text": lambda k: f"{k.at(0)} or so",
    "non-ascii-digits": lambda k: k.at(0).translate({ord(str(d)): 0x0660 + d for d in range(10)}),
    "huge-fraction": lambda k: f"{k.at(0)[:-1]}.{'9' * 5000}Z",
}
LENIENT: dict[str, Callable[[Kit], str]] = {
    "padded": lambda k: f" {k.at(0)} ",
    "offset-zone": lambda k: f"{k.at(7200)[:-1]}+02:00",
    "lower-case-z": lambda k: k.at(0).replace("Z", "z").replace("T", "t"),
}
# What each field may not be: seconds from now. Ten minutes are beyond any leeway, and an hour beyond any wait.
OUTSIDE = {
    "not-before": (3600, 86400, 3155760000),
    "conditions-end": (-600, -86400, -3155760000),
    "confirmation-end": (-600, -86400, -3155760000),
    "issue-instant": (3600, 86400),
    "assertion-issue-instant": (3600, 86400),
    "session-end": (-600, -86400),
}


def with_time(field: str, value: Callable[[Kit], str | None], level: str = "both") -> Callable[[Kit], bytes]:
    """An honest message with one time replaced; the other times of the pair stay as they were."""

    def build(kit: Kit) -> bytes:
        honest = kit.message()
        changes: dict[str, object] = {FIELDS[field]: value(kit)}
        if field == "conditions-end":
            changes["confirmation_not_on_or_after"] = honest.not_on_or_after
        if field == "issue-instant":
            changes["assertion_issue_instant"] = honest.issue_instant
        return kit.signed(level, kit.message(**changes))

    return build


def shifted(seconds: float) -> Callable[[Kit], str]:
    """That many seconds from now."""
    return lambda kit: kit.at(seconds)


def confirmation_not_before(kit: Kit) -> bytes:
    """A confirmation that begins in an hour."""
    honest = kit.message()
    data = (
        f'<saml:SubjectConfirmationData NotBefore="{kit.at(3600)}" NotOnOrAfter="{honest.not_on_or_after}"'
        f' Recipient="{kit.idp.acs}" InResponseTo="{kit.request_id}"/>'
    )
    return kit.signed("both", kit.message(confirmation_data_xml=data))


def everything_expired(kit: Kit) -> bytes:
    """A response of yesterday, untouched."""
    day = -86400
    changes = {"issue_instant": kit.at(day), "not_before": kit.at(day), "not_on_or_after": kit.at(day + 300), "authn_instant": kit.at(day), "session_not_on_or_after": kit.at(day + 3600)}
    return kit.signed("both", kit.message(**changes))


def century(kit: Kit) -> bytes:
    """Valid for a hundred years: the session must not be."""
    years = kit.at(3155760000)
    return kit.signed("both", kit.message(not_on_or_after=years, session_not_on_or_after=years))


def edges() -> Iterator[tuple[str, str, float, str]]:
    """Field, name, offset, expectation, at the 60 second leeway."""
    for field in ("conditions-end", "confirmation-end"):
        yield field, "beyond-leeway", -61, REFUSED
        yield field, "within-leeway", -50, SIGNED_IDENTITY
    for field in ("not-before", "issue-instant", "assertion-issue-instant"):
        yield field, "beyond-leeway", 61, REFUSED
        yield field, "within-leeway", 50, SIGNED_IDENTITY
    yield "session-end", "beyond-leeway", -61, REFUSED


def cases() -> Iterator[Case]:
    """Forms, offsets, absences, edges."""
    number = 0
    for field in FIELDS:
        for name, value in FORMS.items():
            number += 1
            yield Case(f"S17.{number:03}-{field}-{name}", f"{field}: {name}", REFUSED, with_time(field, value))
        for name, value in LENIENT.items():
            number += 1
            yield Case(f"S17.{number:03}-{field}-{name}", f"{field}: {name}", SIGNED_IDENTITY, with_time(field, value))
    for field, offsets in OUTSIDE.items():
        for seconds in offsets:
            for level in ("assertion", "both"):
                if field == "issue-instant" and level == "assertion":
                    continue
                number += 1
                yield Case(f"S17.{number:03}-{field}-{level}-{seconds}s", f"{field} {seconds} s from now", REFUSED, with_time(field, shifted(seconds), level))
    for field, expect in (("confirmation-end", REFUSED), ("assertion-issue-instant", REFUSED), ("authn-instant", REFUSED), ("conditions-end", SIGNED_IDENTITY), ("not-before", SIGNED_IDENTITY)):
        number += 1
        yield Case(f"S17.{number:03}-{field}-absent", f"no {field}", expect, with_time(field, lambda k: None))
    for name, title, expect, build in (
        ("confirmation-not-before", "a confirmation that begins later", REFUSED, confirmation_not_before),
        ("all-expired", "yesterday's response", REFUSED, everything_expired),
        ("century", "valid for a century", SIGNED_IDENTITY, century),
        ("authn-old", "authenticated a month ago", SIGNED_IDENTITY, with_time("authn-instant", shifted(-2592000))),
        ("authn-future", "authenticated tomorrow", SIGNED_IDENTITY, with_time("authn-instant", shifted(86400))),
        ("issued-long-ago", "issued an hour ago, still valid", SIGNED_IDENTITY, with_time("assertion-issue-instant", shifted(-3600))),
    ):
        number += 1
        yield Case(f"S17.{number:03}-{name}", title, expect, build)
    for field, name, seconds, expect in edges():
        number += 1
        yield Case(f"S17.{number:03}-edge-{field}-{name}", f"{field} {seconds} s from now, clock fixed", expect, with_time(field, shifted(seconds)), fields={"fixed_clock": True})
