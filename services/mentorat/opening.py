"""A member who wishes for a mentor: their request opens by itself, the coordination gets it with who may be proposed."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from mail import outbox
from mail.letters import mentorat as letters
from models.access_link import Purpose
from models.base import db, transaction
from models.dossier import Actor, Participant, next_number, reference
from models.instance import instance
from models.mentorat import Mentorat
from models.states import ENDED, Kind, MentoratState, Role
from models.structure import MemberKind, Membre
from models.typography import french
from models.vocabulary import SKILLS, labels
from territory import communes
from territory.calendar import local, say_date

from .. import acting, routing
from ..coordination import presence
from ..donnees.space import whose
from ..links import personal_url
from .candidates import SHOWN, offers, possible_mentors


def under_way(member: Membre) -> Mentorat | None:
    """The mentoring that member wished for, as long as it has not ended."""
    return db.session.scalar(select(Mentorat).join(Participant).where(
        Participant.role == Role.AUTHOR.value, func.lower(Participant.email) == member.email,
        Mentorat.state.not_in(ENDED)).limit(1))


def ask_for_mentor(token: str, now: datetime) -> str:
    """From their space: gives the address of the request, the same at the second press.

    :raises LinkUnknown, LinkExpired:
    """
    with transaction():
        member = whose(token, now)
        return personal_url(Purpose.DOSSIER, open_for(member, now).author, now)


def open_for(member: Membre, now: datetime, via: str = "web") -> Mentorat:
    """The request of that member, made unless one is under way; inside a transaction."""
    db.session.flush()
    # Two presses at once wait for each other here.
    db.session.refresh(member, with_for_update=True)
    if (known := under_way(member)) is not None:
        return known
    network, today = instance().network, local(now).date()
    number = next_number(Kind.MENTORAT, today.year)
    learner = member.kind == MemberKind.LEARNER
    dossier = Mentorat(
        year=today.year, number=number, reference=reference(Kind.MENTORAT, today.year, number),
        submission_key=f"mentorat-{secrets.token_urlsafe(24)}", state=MentoratState.SUBMITTED.value, commune=member.commune,
        title="Mentorat d’une personne en devenir" if learner else "Mentorat d’un·e professionnel·le",
        created_at=now, confirmed_at=now, moved_at=now, answers=_answers(member), summary=_summary(member))
    author = Participant(role=Role.AUTHOR.value, name=member.name, email=member.email, phone=member.phone, quality=member.job,
                         organisation=member.structure.name if member.structure else "", named=False, active=True)
    dossier.participants.append(author)
    db.session.add(dossier)
    db.session.flush()
    dossier.record("mentor_wished", Actor(Role.AUTHOR, author, via), now)
    acting.promise(dossier, now)
    route = routing.choose(network, Kind.MENTORAT, dossier.commune, today, presence.away_on(today))
    person = acting.as_coordinator(dossier, route.coordinator.email)
    db.session.flush()
    dossier.record(route.journal, Actor(Role.CLOCK, person, "clock"), now)
    tell(dossier, person, now)
    return dossier


def tell(dossier: Mentorat, person: Participant, now: datetime) -> None:
    """Bring it to a coordinator, with who may be proposed; inside a transaction."""
    place = communes.commune(dossier.commune)
    outbox.post(letters.mentor_to_propose(
        instance().network, dossier, person, personal_url(Purpose.DOSSIER, person, now), place.label if place else "",
        offers(possible_mentors(dossier, now, SHOWN)), acting.reply_address(person, dossier.author),
        say_date(dossier.promised_on) if dossier.promised_on else ""), person, now, answer_for=dossier.author)


def _answers(member: Membre) -> dict[str, Any]:
    """What the verbs work with; the employer is who the person named when joining."""
    employer = member.answers.get("employer") or {}
    return {"skills_sought": list(member.skills_sought), "skills_offered": list(member.skills_offered),
            "employer": {"name": employer.get("name") or "", "email": employer.get("email") or ""}}


def _summary(member: Membre) -> list[Any]:
    """What a mentor may read before the pair is made, then who it is, for the coordination."""
    about = [["Situation", MemberKind(member.kind).label], ["Fonction", member.job],
             ["Aimerait apprendre", ", ".join(labels(SKILLS, member.skills_sought))],
             ["Sait déjà faire", ", ".join(labels(SKILLS, member.skills_offered))]]
    who = [["Nom", member.name], ["Structure", member.structure.name if member.structure else ""],
           ["Projet", str(member.answers.get("project") or "")], ["Téléphone", member.phone, "contact"],
           ["Adresse de courriel", member.email, "contact"]]
    return [[section, [[french(row[0]), french(str(row[1])), *row[2:]] for row in rows if row[1]]]
            for section, rows in (("La personne à accompagner", about), ("Qui elle est", who))]
