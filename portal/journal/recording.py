"""The one way to add to the journal, inside the transaction of the act that it records."""

from __future__ import annotations

from typing import Any, Protocol

from portal.journal.models import Entry, Kind
from portal.origin import Origin

LONGEST = Entry._meta.get_field("sentence").max_length or 0
CLAUSE = "\u00a0; "
AND_MORE = "\u00a0; …"


class Actor(Protocol):
    """Whoever acts: a user, or None for a command or task."""

    pk: Any

    def get_full_name(self) -> str:
        """The person's name."""
        ...


def entry(
    action: str,
    sentence: str,
    *,
    kind: Kind,
    origin: Origin,
    actor: Actor | None = None,
    actor_name: str = "",
    site: Any = None,
    before: Any = None,
    after: Any = None,
) -> Entry:
    """An entry that is not yet recorded, for those that record many at once.

    `action` is a stable slug such as `account.activated`; `sentence` is French; never pass a secret.
    """
    return Entry(
        action=action,
        sentence=fitted(sentence),
        kind=kind,
        actor_id=actor.pk if actor else None,
        actor_name=actor_name or (actor.get_full_name() if actor else ""),
        cibtp_id=site.cibtp_id if site else "",
        company_name=site.adherent.company_name if site else "",
        before=before,
        after=after,
        channel=origin.channel,
        address=origin.address,
    )


def fitted(sentence: str) -> str:
    """The sentence, or as many of its clauses as a line holds; its facts say the rest."""
    if len(sentence) <= LONGEST:
        return sentence
    clauses = sentence[: LONGEST - len(AND_MORE)].split(CLAUSE)
    whole = CLAUSE.join(clauses[:-1]) if len(clauses) > 1 else clauses[0]
    return whole + AND_MORE


def record(action: str, sentence: str, **facts: Any) -> Entry:
    """Record one act; the arguments are those of `entry`."""
    made = entry(action, sentence, **facts)
    made.save(force_insert=True)
    return made
