"""A mail set aside as the lists of the coordinators' space show it."""

from __future__ import annotations

from functools import lru_cache

from models.inbound import InboundMessage, InboundState
from models.instance import instance
from services.inbound import queue
from services.inbound.reading import read

#: How a state is shown (components/state_tag.html).
TONES = {InboundState.QUARANTINED: "new", InboundState.WAITING: "waiting", InboundState.FORM: "waiting",
         InboundState.DONE: "done", InboundState.DISCARDED: "stopped"}


def mail_row(row: InboundMessage) -> dict:
    """A line of a list of mails (components/mail_queue.html)."""
    return {"url": f"/coordination/courriels/{row.id}", "subject": row.subject or "Sans objet", "sender": row.sender or "inconnu",
            "at": row.received_at, "reason": row.reason, "files": _file_count(row.dedupe_key, row.id),
            "state": InboundState(row.state).label, "tone": TONES.get(InboundState(row.state), "progress"),
            "said": who_decided(row)}


@lru_cache(maxsize=4096)
def _file_count(_digest: str, inbound_id: int) -> int:
    """How many files a mail holds; its bytes never change, so that they are read once."""
    return len(read(queue.find(inbound_id).raw).files)


def who_decided(row: InboundMessage) -> str:
    """What became of it and by whom, in a sentence; "" while nobody decided."""
    if not row.handled_at:
        return ""
    person = instance().network.coordinator(row.handled_by)
    return f"{InboundState(row.state).label.capitalize()}, par {person.name if person else row.handled_by}."
