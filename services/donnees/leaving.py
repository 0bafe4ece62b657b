"""A member leaves, or asks for everything the network keeps about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from mail import outbox
from mail.letters import donnees as letters
from models.base import db, transaction
from models.dossier import Dossier, Participant
from models.instance import instance
from models.outbox import OutboxMessage
from models.states import Kind, Role
from models.structure import MemberKind, Membre
from models.vocabulary import LEVELS, PACES, SKILLS, label, labels
from territory.calendar import local

from .. import routing
from ..coordination import presence
from ..links import link_to
from . import agreeing
from .space import close_links, speaks_for, whose


def leave(token: str, words: str, now: datetime) -> str:
    """Leave the network: shown nowhere and asked nothing from then on; gives the name that was left.

    What is under way goes on, since others take part in it.

    :raises LinkUnknown, LinkExpired: among others at the second press.
    """
    ring, today = instance(), local(now).date()
    with transaction():
        member = whose(token, now)
        structure = member.structure if speaks_for(member) else None
        member.left_at, member.directory = now, []
        if structure:
            structure.hosts = False
        close_links(member.email, now)
        outbox.post_to_address(letters.left(ring.network, member.name, link_to("/rejoindre")), member.email, member.name, now)
        person = routing.choose(ring.network, Kind.ADHESION, member.commune, today, presence.away_on(today)).coordinator
        outbox.post_to_address(letters.member_left(ring.network, member.name, person.name, structure.name if structure else "",
                                                   words), person.email, person.name, now)
        return member.name


def everything(member: Membre) -> dict[str, Any]:
    """All the network keeps about a member, in plain values (GDPR, articles 15 and 20).

    Words of others are given as they were addressed to the member, without their addresses.
    """
    seats = db.session.scalars(select(Participant).where(
        func.lower(Participant.email) == member.email, Participant.role != Role.COORDINATOR.value).order_by(Participant.id)).all()
    letters_sent = db.session.execute(select(OutboxMessage.subject, OutboxMessage.created_at).where(
        func.lower(OutboxMessage.recipient) == member.email).order_by(OutboxMessage.id)).all()
    return {
        "membre": {
            "genre": MemberKind(member.kind).label, "prenom": member.given_name, "nom": member.family_name,
            "courriel": member.email, "telephone": member.phone, "fonction": member.job, "commune": member.commune,
            "structure": member.structure.name if member.structure else "",
            "competences_proposees": labels(SKILLS, member.skills_offered),
            "competences_recherchees": labels(SKILLS, member.skills_sought),
            "niveaux": {label(SKILLS, code): label(LEVELS, level) for code, level in member.levels.items()},
            "rythme_des_sollicitations": label(PACES, member.pace),
            "pause_jusqu_au": member.pause_ends_on.isoformat() if member.pause_ends_on else "",
            "accepte_d_etre_mentor": member.mentors,
            "annuaire": member.directory, "reponses_a_l_adhesion": member.answers,
            "engagements": [{"version": version, "le": at.isoformat(), "comment": how}
                            for version, at, how in agreeing.history(member)],
            "membre_depuis": member.joined_at.isoformat()},
        "demandes": [_request(seat) for seat in seats],
        "courriels_envoyes": [{"objet": subject, "le": at.isoformat()} for subject, at in letters_sent]}


def _request(seat: Participant) -> dict[str, Any]:
    dossier: Dossier = seat.dossier
    own = seat.role == Role.AUTHOR
    return {
        "reference": dossier.reference, "objet": dossier.title, "etat": dossier.state_label, "votre_role": seat.role_label,
        "envoyee_le": dossier.created_at.isoformat(), "reponses": dossier.summary if own else [],
        "messages": [{"de": message.participant.shown_to(seat) if message.participant else "Le réseau",
                      "le": message.at.isoformat(), "texte": message.body}
                     for message in dossier.messages if message.visible_to(seat)],
        "journal": [{"le": entry.at.isoformat(), "fait": entry.sentence_for(seat)}
                    for entry in dossier.journal if entry.kind != "noted"]}
