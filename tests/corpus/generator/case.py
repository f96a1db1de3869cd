"""What a case is, and the kit that a case builds its messages with.

Owns the vocabulary of the corpus (expectations, people, groups) and the hand-over of request ids.
It must not know any single attack: those live in `rows`, one module per kind of attack.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from .keys import Identity
from .message import Message
from .signing import SignatureForm, sign

HONEST = "alice@example.org"
EVIL = "admin@example.org"
HONEST_GROUP = "staff"
EVIL_GROUP = "cloud-admins"

REFUSED = "refused"
SIGNED_IDENTITY = "signed_identity"
ACCEPTED = "accepted"


def instant(moment: datetime) -> str:
    """A SAML dateTime, in UTC with whole seconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Provider:
    """One identity provider as the service provider under test knows it."""

    entity_id: str
    acs: str
    audience: str
    signer: Identity


@dataclass(frozen=True)
class World:
    """Everything that the caller's JSON says, checked."""

    main: Provider
    other: Provider | None
    attacker: Identity
    now: datetime
    canary: str
    validity: timedelta


@dataclass
class Kit:
    """What a case has in hand while it builds: the world and its own request ids."""

    world: World
    request_ids: list[str]

    @property
    def idp(self) -> Provider:
        return self.world.main

    @property
    def other(self) -> Provider:
        if self.world.other is None:
            raise ValueError("this case needs `other_idp`")
        return self.world.other

    @property
    def request_id(self) -> str:
        return self.request_ids[0]

    @property
    def key(self) -> Identity:
        return self.world.main.signer

    def at(self, seconds: float) -> str:
        """The instant that many seconds from now."""
        return instant(self.world.now + timedelta(seconds=seconds))

    def message(self, provider: Provider | None = None, **changes: object) -> Message:
        """An honest response to this case's request, with the named fields changed."""
        idp = provider or self.idp
        until = instant(self.world.now + self.world.validity)
        honest = Message(
            response_id=fresh_id(),
            assertion_id=fresh_id(),
            issue_instant=self.at(-2),
            destination=idp.acs,
            recipient=idp.acs,
            in_response_to=self.request_id if self.request_ids else None,
            issuer=idp.entity_id,
            audience=idp.audience,
            name_id=HONEST,
            not_before=self.at(-60),
            not_on_or_after=until,
            authn_instant=self.at(-5),
            session_not_on_or_after=self.at(8 * 3600),
            session_index=fresh_id(),
            attributes=[("groups", [HONEST_GROUP])],
        )
        return replace(honest, **changes)

    def sign(
        self,
        xml: bytes | str,
        *ids: str,
        key: Identity | None = None,
        form: SignatureForm | None = None,
        **changes: object,
    ) -> bytes:
        """Signs the elements with these ids, in the order given (inner ones first)."""
        shape = replace(form or SignatureForm(), **changes)
        octets = xml.encode() if isinstance(xml, str) else xml
        for element_id in ids:
            octets = sign(octets, element_id, key or self.key, shape)
        return octets

    def signed(self, level: str, message: Message | None = None, **options: object) -> bytes:
        """A response signed at `assertion`, `response` or `both` levels."""
        message = message or self.message()
        ids = {
            "assertion": [message.assertion_id],
            "response": [message.response_id],
            "both": [message.assertion_id, message.response_id],
        }[level]
        return self.sign(message.xml(), *ids, **options)


def fresh_id() -> str:
    """An id of 128 random bits that is a valid NCName."""
    return "_" + secrets.token_hex(16)


Build = Callable[[Kit], "bytes | str | list[bytes | str]"]


@dataclass(frozen=True)
class Case:
    """One input to the service provider and what must come of it.

    `fields` are handed to the caller as they are; README.md lists them. `logins` says how many begun
    logins, and so request ids, the case consumes; `login_idps` at which provider each is begun, when not all
    are begun at the main one. `genuine` marks wrappings whose moved signature must
    still verify by its id, which `--self-check` proves with xmlsec1: else the attack would be no attack.
    """

    id: str
    title: str
    expect: str
    build: Build
    logins: int = 1
    login_idps: tuple[str, ...] = ()
    keys: tuple[str, ...] = ("rsa", "ec")
    honest: str | None = HONEST
    evil: str | None = EVIL
    genuine: bool = False
    fields: dict[str, object] = field(default_factory=dict)

    @property
    def begun_at(self) -> list[str]:
        """The provider of each login: `main` or `other`."""
        return list(self.login_idps) or ["main"] * self.logins

    @property
    def row(self) -> str:
        return self.id.split(".", 1)[0]
