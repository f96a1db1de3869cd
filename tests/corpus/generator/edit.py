"""Changes to a document after it was signed.

Owns the few edits that many rows share. It works on bytes, so that nothing but the edit changes.
"""

from __future__ import annotations

from .case import EVIL, EVIL_GROUP, HONEST, HONEST_GROUP


def replace_once(octets: bytes, old: str | bytes, new: str | bytes) -> bytes:
    """Replaces the first occurrence, which must exist: an edit that edits nothing would test nothing."""
    before, after = (text.encode() if isinstance(text, str) else text for text in (old, new))
    if before not in octets:
        raise ValueError(f"nothing to replace: {before[:60]!r}")
    return octets.replace(before, after, 1)


def replace_last(octets: bytes, old: str, new: str) -> bytes:
    """Replaces the last occurrence, which must exist."""
    head, found, tail = octets.rpartition(old.encode())
    if not found:
        raise ValueError(f"nothing to replace: {old[:60]!r}")
    return head + new.encode() + tail


def tampered(octets: bytes) -> bytes:
    """The signed person and group replaced by the evil ones."""
    return replace_once(replace_once(octets, HONEST, EVIL), f">{HONEST_GROUP}<", f">{EVIL_GROUP}<")


def between(octets: bytes, start: str, end: str) -> str:
    """The text between two markers, the first time they occur."""
    return octets.decode().split(start, 1)[1].split(end, 1)[0]
