"""One mail set aside as it is told to a coordinator: who wrote, why it waits, and the words that decide."""

from __future__ import annotations

from dataclasses import dataclass

from mail.addresses import write_queue_address
from models.inbound import InboundMessage
from models.instance import instance

from ..links import link_to


@dataclass(frozen=True)
class Item:
    """``reply_address`` names this mail: what is written to it decides. ``words`` are ``(first line, what it does)``.

    ``reference`` is the request it most likely belongs to, or "".
    """

    id: int
    sender: str
    subject: str
    reason: str
    reply_address: str
    url: str
    reference: str = ""

    @property
    def words(self) -> tuple[tuple[str, str], ...]:
        """What can be written on the first line of an answer; ready to be sent but for the reference, where none is known."""
        return ((f"rattacher {self.reference}" if self.reference else "rattacher ", "le joint à cette demande" if self.reference
                 else "suivi d’une référence, par exemple AIDE-2026-0003, le joint à cette demande"),
                ("ouvrir une demande", "en fait une demande d’aide, au nom de l’expéditeur"),
                ("écarter", "le range ; rien n’est effacé"))


def item_of(row: InboundMessage) -> Item:
    """What a letter says of one mail set aside, with the address and the words to decide by reply."""
    settings = instance().settings
    reference = row.participant.dossier.reference if row.participant else ""
    return Item(row.id, row.sender or "inconnu", row.subject or "sans objet", row.reason,
                write_queue_address(row.id, settings.SECRET_KEY, settings.mail_domain),
                link_to(f"/coordination/courriels/{row.id}"), reference)
