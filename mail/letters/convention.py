"""Letters that carry a convention: to be read again, then to be signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.dossier import Dossier, Participant
from models.network import Network

from ..letter import Attachment, Letter, compose


@dataclass(frozen=True)
class Changed:
    """What a version says otherwise than the one before: ``rows`` of ``[what, in words]``, why, and whether the reader had
    signed that one."""

    rows: Sequence[Sequence[str]] = ()
    because: str = ""
    had_signed: bool = False


def convention_to_review(network: Network, dossier: Dossier, to: Participant, url: str, own_part: str, version: int, words: str,
                         pdf: bytes) -> Letter:
    """To each party: the draft as a page and as a PDF; who reads it corrects their own part (``own_part``), or replies."""
    return compose("convention/convention_to_review", attachments=(_file(dossier, version, pdf, "projet-"),),
                   network=network, dossier=dossier, to=to, url=url, own_part=own_part, version=version, words=words)


def convention_to_sign(network: Network, dossier: Dossier, to: Participant, url: str, version: int, words: str,
                       pdf: bytes, content_hash: str, signers: Sequence[str] = (), changed: Changed | None = None,
                       first: str = "") -> Letter:
    """To each party: the frozen convention, how to sign it by link, or on paper sent back by reply.

    ``signers``: for who signs nothing themselves, the people who sign for them. ``first``: the day of the first session.
    """
    return compose("convention/convention_to_sign", attachments=(_file(dossier, version, pdf),), network=network,
                   dossier=dossier, to=to, url=url, version=version, words=words, content_hash=content_hash,
                   signs=not signers, signers=signers, changed=changed or Changed(), first=first)


def avenant_to_sign(network: Network, dossier: Dossier, to: Participant, url: str, number: int, reason: str,
                    changes: Sequence[tuple[str, str]], pdf: Attachment, *, signs: bool) -> Letter:
    """To those who signed the convention: what changes and why, how to sign it."""
    return compose("convention/avenant_to_sign", attachments=(pdf,), network=network, dossier=dossier, to=to, url=url,
                   number=number, reason=reason, changes=changes, signs=signs)


def details_changed(network: Network, dossier: Dossier, to: Participant, who: str, changes: Sequence[Sequence[str]], words: str,
                    url: str) -> Letter:
    """To the other parties and the coordination: how to reach a party from now on; the document stays as it is."""
    return compose("convention/details_changed", network=network, dossier=dossier, to=to, who=who, changes=changes, words=words,
                   url=url)


def avenant_cancelled(network: Network, dossier: Dossier, to: Participant, number: int, words: str) -> Letter:
    """To those who were to sign it: not any more, and why; the convention stays."""
    return compose("convention/avenant_cancelled", network=network, dossier=dossier, to=to, number=number, words=words)


def convention_reopened(network: Network, dossier: Dossier, to: Participant, version: int, words: str, *,
                        signed: bool = False) -> Letter:
    """To each party: that version is not to be signed any more, and why."""
    return compose("convention/convention_reopened", network=network, dossier=dossier, to=to, version=version, words=words,
                   signed=signed)


def immersion_closed(network: Network, dossier: Dossier, to: Participant, words: str) -> Letter:
    """To each party: the dossier is closed."""
    return compose("convention/immersion_closed", network=network, dossier=dossier, to=to, words=words)


def _file(dossier: Dossier, version: int, pdf: bytes, prefix: str = "") -> Attachment:
    return Attachment(f"{prefix}convention-{dossier.reference}-v{version}.pdf", "application/pdf", pdf)


def part_to_complete(network: Network, dossier: Dossier, party: Participant, lacking: list[str], words: str, url: str) -> Letter:
    """To a party: its own part of the convention to complete and correct, by its link; ``lacking``: what is still needed."""
    return compose("convention/part_to_complete", network=network, dossier=dossier, party=party, lacking=lacking, words=words,
                   url=url)


def parts_ready(network: Network, dossier: Dossier, to: Participant, by: str, shown: bool, url: str) -> Letter:
    """To the coordination: nobody owes anything any more; or, ``shown``, a part changed since the draft was sent to be read."""
    return compose("convention/parts_ready", network=network, dossier=dossier, to=to, by=by, shown=shown, url=url)


def convention_sealed(network: Network, dossier: Dossier, to: Participant, url: str, version: int, number: int, check_url: str,
                      code: str, files: tuple[Attachment, ...], sessions: list[tuple[str, str]]) -> Letter:
    """To everyone: the document signed by all and sealed, in ``files`` with those for calendars; ``number``: of an amendment."""
    return compose("convention/convention_sealed", attachments=files, network=network, dossier=dossier, to=to, url=url,
                   version=version, number=number, check_url=check_url, code=code, sessions=sessions,
                   calendar=len(files) - 1)
