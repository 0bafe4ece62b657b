"""One's own space: a member asks for a link, sees what the network knows of them, and changes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from mail import outbox
from mail.letters import donnees as letters
from models.access_link import AccessLink, Purpose, new_link
from models.agreement import CharterAgreement, Way
from models.base import db, insert_row, transaction
from models.dossier import Dossier, Participant
from models.instance import instance
from models.states import Kind
from models.structure import Membre
from models.vocabulary import SKILLS

from .. import throttle
from ..errors import LinkExpired, NotFound
from ..inbound.addresses import main_address
from ..links import link_to, link_url, personal_url, read_link, seats_of
from .commitments import commitments_document


def ask(email: str, access: str, now: datetime) -> None:
    """Send a member the way to their space; whoever writes another address gets a letter too, so the screen is the same.

    :param access: what names the internet access it comes from: counted, never kept.
    """
    ring = instance()
    with transaction():
        allowed = throttle.allow(f"space:{email.lower()}", 3, 900, now)
        if not (throttle.allow(f"space-from:{access}", 30, 3600, now) and allowed):
            return
        member = _member(main_address(email))
        if member is None:
            outbox.post_to_address(letters.space_unknown(ring.network, link_to("/rejoindre")), email, "", now)
        else:
            outbox.post_to_address(letters.space_link(ring.network, member.name, space_url(member, now)), member.email,
                                   member.name, now)


def _member(email: str) -> Membre | None:
    return db.session.scalar(select(Membre).where(Membre.email == email.lower(), Membre.left_at.is_(None)))


def space_url(member: Membre, now: datetime) -> str:
    """A fresh link to that member's space; its row is part of the open transaction."""
    token, row = new_link(Purpose.SPACE, member.email, now)
    insert_row(row)
    return link_url(Purpose.SPACE, token)


def whose(token: str, now: datetime) -> Membre:
    """The member whose space that link opens; changes nothing.

    :raises LinkUnknown, LinkExpired:
    """
    row = read_link(token, Purpose.SPACE, now)
    member = _member(row.email)
    if member is None:
        raise LinkExpired("Cette adresse n’est plus celle d’un membre du réseau.")
    return member


def skills_of(member: Membre) -> list[tuple[str, str]]:
    """``(code, words)`` of the skills they offer or seek, in the order of the list."""
    named = {*member.skills_offered, *member.skills_sought}
    return [(code, words) for code, words in SKILLS if code in named]


@dataclass(frozen=True)
class Subject:
    """Something a member may change. ``values``: what a form of :mod:`forms.donnees` shows; ``keep``: writes its answers."""

    label: str
    values: Callable[[Membre], dict[str, Any]]
    keep: Callable[[Membre, dict[str, Any]], None]
    only: Callable[[Membre], bool] = lambda _member: True


def _columns(*names: str) -> tuple[Callable[[Membre], dict[str, Any]], Callable[[Membre, dict[str, Any]], None]]:
    def values(member: Membre) -> dict[str, Any]:
        return {name: getattr(member, name) for name in names}

    def keep(member: Membre, answers: dict[str, Any]) -> None:
        for name in names:
            empty: Any = [] if isinstance(getattr(member, name), list) else ""
            setattr(member, name, answers[name] or empty)
    return values, keep


def _keep_skills(member: Membre, answers: dict[str, Any]) -> None:
    _columns("skills_offered", "skills_sought")[1](member, answers)
    named = {*member.skills_offered, *member.skills_sought}
    member.levels = {code: level for code, level in member.levels.items() if code in named}
    if speaks_for(member):
        member.structure.skills = list(member.skills_offered)


def speaks_for(member: Membre) -> bool:
    """True for who answers for a structure."""
    return member.structure is not None and member.structure.contact is member


_OFFER = ("host_technical", "host_human", "host_periods", "host_access", "possibilities", "constraints")


def _offer(member: Membre) -> dict[str, Any]:
    structure = member.structure
    return {"hosts": "oui" if structure.hosts else "non", "host_places": str(structure.host_places or ""),
            "contributions": member.answers.get("contributions") or [],
            **{name: getattr(structure, name) for name in _OFFER}}


def _keep_offer(member: Membre, answers: dict[str, Any]) -> None:
    structure = member.structure
    structure.hosts = answers["hosts"] == "oui"
    structure.host_places = int(answers["host_places"]) if structure.hosts else 0
    member.answers = member.answers | {"contributions": answers["contributions"] or []}
    for name in _OFFER:
        setattr(structure, name, answers[name] or "")


def _pace(member: Membre) -> dict[str, Any]:
    return {"pace": member.pace, "pause_ends_on": member.pause_ends_on.isoformat() if member.pause_ends_on else ""}


def _keep_pace(member: Membre, answers: dict[str, Any]) -> None:
    member.pace = answers["pace"] or ""
    member.pause_ends_on = date.fromisoformat(answers["pause_ends_on"]) if answers["pause_ends_on"] else None


def _keep_mentoring(member: Membre, answers: dict[str, Any]) -> None:
    member.mentors = bool(answers["mentors"])


#: What follows the address of the space -> what is changed there, in the order of the page.
SUBJECTS: dict[str, Subject] = {
    "coordonnees": Subject("Vos coordonnées", *_columns("given_name", "family_name", "phone", "job", "commune")),
    "savoir-faire": Subject("Vos savoir-faire", _columns("skills_offered", "skills_sought")[0], _keep_skills),
    "niveaux": Subject("Vos niveaux", lambda member: {f"niveau_{code}": level for code, level in member.levels.items()},
                       *_columns("levels")[1:], only=lambda member: bool(skills_of(member))),
    "sollicitations": Subject("Quand on peut vous solliciter", _pace, _keep_pace),
    "mentorat": Subject("Être mentor, mentore", lambda member: {"mentors": ["oui"] if member.mentors else []}, _keep_mentoring),
    "accueil": Subject("Votre offre d’accueil", _offer, _keep_offer, only=speaks_for),
    "annuaire": Subject("Ce que montre l’annuaire", *_columns("directory")),
}


def subject(member: Membre, slug: str) -> Subject:
    """:raises NotFound: no such subject, or not for this member."""
    found = SUBJECTS.get(slug)
    if found is None or not found.only(member):
        raise NotFound()
    return found


def change(token: str, slug: str, answers: dict[str, Any], now: datetime) -> None:
    """Keep what a member changed of themselves; it is right from then on.

    :raises LinkUnknown, LinkExpired, NotFound:
    """
    with transaction():
        member = whose(token, now)
        subject(member, slug).keep(member, answers)
        member.checked_at = now


def still_right(token: str, now: datetime) -> None:
    """The member says that nothing has changed.

    :raises LinkUnknown, LinkExpired:
    """
    with transaction():
        whose(token, now).checked_at = now


def requests_of(member: Membre) -> list[Participant]:
    """Their seats in requests, the one that moved last first; one for each request."""
    return sorted(seats_of(member.email), key=lambda seat: seat.dossier.moved_at, reverse=True)


#: States from which a request has something to keep on its page: a convention, what follows it, a protocol.
_WITH_DOCUMENTS = {
    Kind.IMMERSION: frozenset({"in_review", "to_sign", "change_asked", "declined", "expired", "signed", "lived", "interrupted",
                               "not_held", "closed"}),
    Kind.MENTORAT: frozenset({"to_agree", "under_way", "closed"})}


def with_documents(seats: Sequence[Participant]) -> list[Participant]:
    """The seats whose request has documents: its page gives each person those they may read."""
    return [seat for seat in seats if seat.dossier.state in _WITH_DOCUMENTS.get(seat.dossier.kind_, ())]


def open_request(token: str, participant_id: int, now: datetime) -> str:
    """The address of one of their requests, by a fresh personal link.

    :raises LinkUnknown, LinkExpired, NotFound: not theirs.
    """
    with transaction():
        member = whose(token, now)
        seat = next((one for one in requests_of(member) if one.id == participant_id), None)
        if seat is None:
            raise NotFound()
        return personal_url(Purpose.DOSSIER, seat, now)


def commitments_pdf(member: Membre, version: str) -> bytes:
    """A version of the commitments they accepted, as a document.

    :raises NotFound: they did not, or no file of that version exists any more.
    """
    row = db.session.scalar(select(CharterAgreement).where(
        CharterAgreement.membre_id == member.id, CharterAgreement.version == version, CharterAgreement.agreed_at.is_not(None)))
    if row is None and version != member.charter_version:
        raise NotFound("Vous n’avez pas accepté cette version des engagements.")
    at = _joined_at(member) if row is None or row.way == Way.JOINING else row.agreed_at
    try:
        return commitments_document(member.name, member.kind, member.structure.name if member.structure else "", at, version)
    except KeyError as error:
        raise NotFound("Le texte de cette version n’est plus sur le site.") from error


def _joined_at(member: Membre) -> datetime:
    """When they sent the form that accepts them."""
    adhesion = db.session.get(Dossier, member.adhesion_id) if member.adhesion_id else None
    return adhesion.created_at if adhesion and adhesion.kind_ == Kind.ADHESION else member.joined_at


def close_links(email: str, now: datetime) -> None:
    """The links that left for that address open nothing any more; inside a transaction."""
    db.session.execute(update(AccessLink).where(
        AccessLink.email == email, AccessLink.purpose.in_([Purpose.SPACE.value, Purpose.MOVE.value]),
        AccessLink.revoked_at.is_(None)).values(revoked_at=now))
