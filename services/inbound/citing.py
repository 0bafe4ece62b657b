"""The request a subject names: « Re: [AIDE-2026-0042] … ». It proves nothing, and is trusted with who writes only."""

from __future__ import annotations

import re

from sqlalchemy import select

from models.base import db
from models.dossier import Dossier
from models.states import Role

from .addresses import coordinator_at, is_theirs
from .reading import MailContent

_REFERENCE = re.compile(r"\b(ADH|AIDE|IMM)[\s-]*(\d{4})[\s-]*(\d{1,6})\b", re.IGNORECASE)


def reference_in(text: str) -> str:
    """The first reference of a text in its usual form, however it is typed (« aide 2026 3 »), else ""."""
    found = _REFERENCE.search(text)
    return f"{found[1].upper()}-{found[2]}-{int(found[3]):04d}" if found else ""


def cited_request(content: MailContent) -> Dossier | None:
    """The confirmed request that the subject of a mail names."""
    reference = reference_in(content.subject)
    return db.session.scalar(select(Dossier).where(
        Dossier.reference == reference, Dossier.confirmed_at.is_not(None))) if reference else None


def cited(content: MailContent) -> int | None:
    """The participant who writes about the request that the subject names, where that is who writes; else None.

    A coordinator is left out: their words would go to somebody, on the word of a subject alone.
    """
    dossier = cited_request(content)
    if dossier is None or coordinator_at(content.sender):
        return None
    return next((p.id for p in dossier.participants if p.active and p.role != Role.COORDINATOR
                 and is_theirs(p.email, content.sender)), None)
