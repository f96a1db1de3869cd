"""All rows of the corpus, in the order of the attack catalogue.

Owns nothing but the order. Each module yields cases for one or a few rows and knows no other module.
"""

from collections.abc import Iterator

from ..case import Case
from . import (
    addressing,
    algorithms,
    attributes,
    digest,
    entities,
    honest,
    identities,
    keys_shown,
    parsers_cases,
    redirects,
    references,
    sequences,
    text_split,
    times,
    transforms,
    unsigned,
    wrapping,
    wrapping_relatives,
)


def all_cases() -> Iterator[Case]:
    """Every case, ids unique."""
    seen: set[str] = set()
    for module in (
        honest,
        wrapping,
        wrapping_relatives,
        text_split,
        digest,
        parsers_cases,
        unsigned,
        keys_shown,
        algorithms,
        references,
        transforms,
        entities,
        addressing,
        times,
        sequences,
        identities,
        attributes,
        redirects,
    ):
        for case in module.cases():
            if case.id in seen:
                raise ValueError(f"two cases are called {case.id}")
            seen.add(case.id)
            yield case
