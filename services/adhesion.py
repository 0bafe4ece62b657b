"""Joining: the coordinator decides; a member is made, welcomed with the commitments they accepted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from mail import outbox
from mail.letters import adhesion, conversation
from models.base import db
from models.charter import charter
from models.dossier import Actor, Dossier
from models.instance import instance
from models.states import AdhesionState, Kind, Role
from models.structure import MemberKind, Membre, Structure

from . import employing
from .acting import Action, register, who_coordinates
from .donnees import agreeing, team
from .donnees.commitments import commitments_document
from .donnees.space import space_url
from .errors import AlreadyDone
from .mentorat import opening

_SUBMITTED = {Kind.ADHESION: frozenset({"submitted"})}


def prepare_charter(dossier: Dossier, _words: str, now: datetime) -> bytes:
    """The PDF of the commitments as the member saw them; made before the transaction, it takes a while."""
    answers, author = dossier.answers, dossier.author
    return commitments_document(author.name, answers["member_kind"], author.organisation, dossier.created_at,
                                answers["charter_version"])


def accept(dossier: Dossier, by: Actor, words: str, now: datetime, pdf: bytes) -> str:
    """Make the member, and their structure; welcome them; tell the employer if they agreed to it."""
    answers, author, network = dossier.answers, dossier.author, instance().network
    known = db.session.scalar(select(Membre).where(Membre.email == author.email.lower()))
    if known and known.left_at is None:
        raise AlreadyDone("Cette adresse est déjà celle d’un membre du réseau.")
    dossier.move_to(AdhesionState.ACCEPTED, by, now, "accepted")
    # Somebody who had left comes back under the same address: one person, one row.
    member = known or Membre(email=author.email.lower())
    facts: dict[str, Any] = dict(  # noqa: C408  reads like the row it fills
        kind=answers["member_kind"], given_name=answers["given_name"], family_name=answers["family_name"],
        phone=author.phone, job=author.quality, commune=dossier.commune,
        skills_offered=answers.get("skills_offered", []), skills_sought=answers.get("skills_sought", []),
        directory=answers.get("directory", []), pace=answers.get("pace") or "",
        advises_employers=bool(answers.get("advises_employers")), answers=answers,
        mentors=bool(answers.get("mentors")), charter_version=answers["charter_version"],
        joined_at=now, left_at=None, adhesion_id=dossier.id, structure=_structure(answers, dossier.commune))
    for field, value in facts.items():
        setattr(member, field, value)
    db.session.add(member)
    agreeing.joined(member, now)
    dossier.record("became_member", by, now, charter=answers["charter_version"])
    commitments = charter(answers["charter_version"]).of(answers["member_kind"])
    outbox.post(adhesion.welcome(network, dossier, author, commitments, answers["charter_version"], pdf,
                                 space_url(member, now), by.participant.name, words), author, now)
    if answers.get("mentor") == "oui":
        opening.open_for(member, now, by.via)
    if employing.may_be_told(dossier):
        employing.tell(dossier, now)
    if member.structure and answers["member_kind"] == MemberKind.STRUCTURE:
        db.session.flush()
        team.invite_all(member.structure, author.name, [(one["given_name"], one["family_name"], one["email"])
                                                        for one in answers.get("team", [])], now)
    done = f"{author.name} fait maintenant partie du réseau, et reçoit un courriel de bienvenue avec ses engagements en PDF."
    return f"{done} {employing.said(dossier)}".strip()


def _structure(answers: dict, commune: str) -> Structure | None:
    """The structure a request to join names: the known one, completed by its own representative, or a new one."""
    values = answers.get("structure")
    if not values:
        return None
    known = None
    if values.get("siret"):
        known = db.session.scalar(select(Structure).where(Structure.siret == values["siret"]))
    if known is None:
        known = db.session.scalar(select(Structure).where(func.lower(Structure.name) == values["name"].lower(),
                                                          Structure.commune == values.get("commune", commune)))
    structure = known or Structure(name=values["name"], commune=values.get("commune", commune))
    if known is None or answers["member_kind"] == MemberKind.STRUCTURE:
        for field, value in values.items():
            setattr(structure, field, value)
    if answers["member_kind"] == MemberKind.STRUCTURE:
        structure.skills = answers.get("skills_offered", [])
    return structure


def refuse(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """Not for now, and why; the person can answer."""
    dossier.move_to(AdhesionState.REFUSED, by, now, "refused")
    outbox.post(adhesion.refused(instance().network, dossier, dossier.author, words, by.participant.name), dossier.author, now)
    return f"Vous ne donnez pas suite à la demande. {dossier.author.name} reçoit votre motif par courriel."


def withdraw(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The author changes their mind before the decision."""
    dossier.move_to(AdhesionState.WITHDRAWN, by, now, "withdrawn")
    for person in who_coordinates(dossier):
        outbox.post(conversation.request_withdrawn(instance().network, dossier, person, words), person, now)
    return "Votre demande est retirée. La coordination reçoit un courriel."


def reconsider(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """A refusal is looked at again; the person is told only once it is decided."""
    dossier.move_to(AdhesionState.SUBMITTED, by, now, "reopened")
    return "La demande est de nouveau à examiner."


register(
    Action("accepter", "Accepter l’adhésion", "accepte l’adhésion ; la personne reçoit la lettre de bienvenue", _SUBMITTED,
           frozenset({Role.COORDINATOR}), accept, words="optional", words_label="Un mot d’accueil", main=True,
           prepare=prepare_charter),
    Action("refuser", "Ne pas donner suite", "ne donne pas suite ; le motif est transmis à la personne", _SUBMITTED,
           frozenset({Role.COORDINATOR}), refuse, words="required", words_label="Le motif, transmis à la personne"),
    Action("reprendre", "Examiner de nouveau", "rouvre la demande", {Kind.ADHESION: frozenset({"refused"})},
           frozenset({Role.COORDINATOR}), reconsider),
    Action("retirer", "Retirer ma demande", "retire la demande", _SUBMITTED, frozenset({Role.AUTHOR}), withdraw,
           words="optional", words_label="Un mot pour la coordination"),
)
