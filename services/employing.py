"""The employer of a member: told with their agreement, suggested after a week, invited when they choose (field.md, S02)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from mail import outbox
from mail.letters import adhesion as letters
from models.access_link import Purpose
from models.base import db
from models.charter import charter
from models.dossier import CLOCK, Actor, Adhesion, Dossier, Participant
from models.instance import instance
from models.journal import JournalEntry
from models.states import AdhesionState, Kind, Role
from models.structure import Membre
from territory.calendar import local, say_date

from . import known, reminding, sweeping
from .acting import Action, register
from .errors import Refused
from .links import link_to, personal_url

SUGGESTED_AFTER = timedelta(days=7)
#: After that long, it is not brought up again.
_LATEST = timedelta(days=60)


def tell(dossier: Dossier, now: datetime, by: Actor = CLOCK) -> None:
    """Tell the employer named in a request to join; inside a transaction. Nothing of the member's requests is told."""
    employer, answers = dossier.answers["employer"], dossier.answers
    person = Participant(role=Role.EMPLOYER.value, name=employer["name"], email=employer["email"],
                         organisation=dossier.author.organisation)
    dossier.participants.append(person)
    db.session.flush()
    commitments = charter(answers["charter_version"]).of(answers["member_kind"])
    member = known.member_of(dossier)
    joined = member is not None and member.structure is not None and member.structure.contact is not None
    outbox.post(letters.employer_told(instance().network, dossier, person, dossier.author.name, commitments,
                                      "" if joined else link_to("/rejoindre/structure")), person, now)
    dossier.record("employer_told", by, now)


def may_be_told(dossier: Dossier) -> bool:
    """True where the member agreed, and said where to write."""
    employer = dossier.answers.get("employer") or {}
    return bool(employer.get("may_be_told") and employer.get("email"))


def said(dossier: Dossier) -> str:
    """What the coordination reads of the employer a request to join names, in a sentence; "" where it names none."""
    if not dossier.answers.get("employer"):
        return ""
    if dossier.participant(Role.EMPLOYER) is not None:
        told = next((entry.at for entry in reversed(dossier.journal) if entry.kind == "employer_told"), None)
        return f"Employeur informé le {say_date(local(told).date())}." if told else "Employeur informé."
    if may_be_told(dossier):
        return "Employeur informé si vous acceptez, comme la personne le souhaite."
    return (f"Employeur non joint\u00a0: {dossier.author.name} ne le souhaite pas pour le moment. Ne lui écrivez pas sans son "
            "accord.")


def of_member(member: Membre, seats: Sequence[Participant]) -> tuple[str, Participant | None]:
    """What a member reads of their employer, in a sentence, "" where they named none; and their seat, among ``seats``, in the
    request from which they may have their employer told, None when there is nothing to tell."""
    seat = next((seat for seat in seats if seat.dossier_id == member.adhesion_id and seat.role == Role.AUTHOR), None)
    if seat is None or seat.dossier.state != AdhesionState.ACCEPTED or not seat.dossier.answers.get("employer"):
        return "", None
    if may_be_told(seat.dossier):
        return "Employeur informé que vous êtes membre.", None
    sentence = ("Employeur non joint\u00a0: le réseau ne lui écrit pas, et ne lui dit pas que vous êtes membre, sans votre "
                "accord.")
    return sentence, seat


def keeps_quiet(member: Membre) -> bool:
    """True for a member whose employer is not to learn from us that they joined."""
    return (member.answers.get("employer") or {}).get("may_be_told") is False


def not_reached() -> ColumnElement[bool]:
    """Members whose employer, whom they named, has not been told that they joined: :func:`keeps_quiet` of many."""
    told = select(Participant.id).where(Participant.dossier_id == Membre.adhesion_id, Participant.role == Role.EMPLOYER.value)
    return Membre.answers["employer"]["may_be_told"].as_boolean().is_(False) & ~told.exists()


def suggest(now: datetime) -> int:
    """A week after joining, a member whose employer was not told gets a text to pass on; once. Gives how many."""
    if reminding.working(now) != now:
        return 0
    return sweeping.each_due(select(Adhesion).where(
        Adhesion.state == AdhesionState.ACCEPTED.value, Adhesion.moved_at < now - SUGGESTED_AFTER,
        Adhesion.moved_at > now - _LATEST, ~Adhesion.journal.any(JournalEntry.kind == "employer_suggested")), _suggest, now)


def _suggest(dossier: Adhesion, now: datetime) -> int:
    author = dossier.author
    if _why_not(dossier, author) or reminding.may_leave(author.email, now) > now:
        return 0
    dossier.record("employer_suggested", CLOCK, now)
    commitments = charter(dossier.answers["charter_version"]).of(dossier.answers["member_kind"])
    url = f"{personal_url(Purpose.DOSSIER, author, now)}/inviter"
    reminding.post(letters.employer_reminder(instance().network, dossier, author, dossier.answers["employer"]["name"],
                                             commitments, url), author, now)
    return 1


def _why_not(dossier: Dossier, who: object) -> str:
    """Why the employer of this member is not to be invited now, "" when they may be, or nobody asks in particular."""
    if who is None:
        return ""
    if not dossier.answers.get("employer"):
        return "Cette adhésion ne nomme pas d’employeur."
    if dossier.participant(Role.EMPLOYER) is not None:
        return "Votre employeur est déjà informé."
    return ""


def invite(dossier: Dossier, by: Actor, words: str, now: datetime, email: str | None = None) -> str:
    """The member says that their employer may be told, and where."""
    address = (email or "").strip()
    if not address:
        raise Refused("Indiquez l’adresse de courriel de votre employeur.")
    if address.lower() == by.participant.email.lower():
        raise Refused("Indiquez l’adresse de votre employeur : celle-ci est la vôtre.")
    told = {"employer": dossier.answers["employer"] | {"email": address, "may_be_told": True}}
    dossier.answers = dossier.answers | told
    if (member := known.member_of(dossier)) is not None:
        member.answers = member.answers | told
    tell(dossier, now, by)
    return "Votre employeur reçoit un courriel. Rien de vos demandes n’y est dit."


register(Action("inviter", "Informer mon employeur", "écrit à votre employeur que vous avez rejoint le réseau ; rien de vos "
                "demandes n’est dit", {Kind.ADHESION: frozenset({"accepted"})}, frozenset({Role.AUTHOR}), invite, form=True,
                only=_why_not))
