"""What a search looks through: the stems of what was written, with the key of it. Alerts are no part of it."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import db
from .states import Labelled


class Subject(Labelled):
    """What an entry is about."""

    DOSSIER = "dossier", "demande"
    MESSAGE = "message", "message"
    MEMBER = "member", "membre"
    STRUCTURE = "structure", "structure"
    MAIL = "mail", "courriel mis de côté"


#: A word of our own in the entry of every member, so that the directory reads the entries of members and of nothing else.
MEMBER_MARK = "zzmembre"


class SearchEntry(db.Model):
    """The stems (models/french_words.py) of one thing, with the key of that thing; it goes when the thing goes.

    Both databases index ``stems`` as plain words (SQLite FTS5, PostgreSQL tsvector ``simple``, kept in a column ``words``): the
    French is in the stems, so that the same words are found everywhere (docs/decisions/0017-search.md).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(20))
    dossier_id: Mapped[int | None] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), index=True)
    membre_id: Mapped[int | None] = mapped_column(ForeignKey("membre.id", ondelete="CASCADE"), index=True)
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structure.id", ondelete="CASCADE"), index=True)
    inbound_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_message.id", ondelete="CASCADE"), index=True)
    stems: Mapped[str] = mapped_column(Text)
