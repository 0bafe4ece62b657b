"""The commitments somebody accepted, as the document they were given."""

from __future__ import annotations

from datetime import datetime

from models.charter import charter
from models.instance import instance
from models.structure import MemberKind
from pdf.charter import CharterData, charter_pdf
from pdf.charter import Commitment as PrintedCommitment


def commitments_document(name: str, kind: str, structure: str, accepted_at: datetime, version: str) -> bytes:
    """The PDF of the commitments of a kind of member, as they saw them. The same one each time; it takes a while.

    :raises KeyError: when no file of that version exists any more.
    """
    text, network = charter(version), instance().network
    return charter_pdf(CharterData(
        member_name=name, member_kind=MemberKind(kind).label, structure=structure, accepted_at=accepted_at,
        commitments_version=text.version, commitments=tuple(PrintedCommitment(c.title, c.text) for c in text.of(kind)),
        network_name=network.name, network_full_name=network.full_name, contact_email=network.email))
