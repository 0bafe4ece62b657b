"""An account is published when its author wishes it, its host and employer agree, and the coordination has read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from mail import outbox
from mail.letters import evaluation as letters
from models.access_link import Purpose
from models.base import db
from models.dossier import Actor, Dossier, Immersion
from models.evaluation import Evaluation, Publication, Voice
from models.instance import instance
from models.states import ImmersionState, Kind, Role
from territory import communes

from ..acting import Action, register, who_coordinates
from ..conversation import keep_words
from ..errors import NotFound
from ..links import link_to, personal_url
from .asking import evaluation_of
from .giving import published_rows

YES, NO = "oui", "non"
_PARTIES = {Role.HOST: Voice.HOST.value, Role.EMPLOYER: Voice.EMPLOYER.value}


@dataclass(frozen=True)
class Account:
    """An account as anybody may read it; ``who`` is "" when it is published without a name."""

    id: int
    who: str
    host: str
    place: str
    days: int
    month: datetime
    rows: list[list[str]]
    published_at: datetime


def agree(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """A party has nothing against the publication; once both said so the coordination is told."""
    row = evaluation_of(dossier, Voice.COMPANION)
    row.agreements = {**row.agreements, _PARTIES[by.role]: YES}
    dossier.record("publication_agreed", by, now)
    keep_words(dossier, by, words, now)
    if _agreed(dossier, row):
        for person in who_coordinates(dossier):
            url = f"{personal_url(Purpose.DOSSIER, person, now)}/publier"
            outbox.post(letters.account_agreed(instance().network, dossier, person, published_rows(row), url), person, now)
    return "Merci, votre accord est enregistré."


def refuse(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """A party prefers that it is not published: it is not, and nobody has to say why."""
    row = evaluation_of(dossier, Voice.COMPANION)
    row.agreements = {**row.agreements, _PARTIES[by.role]: NO}
    row.published_at = None
    dossier.record("publication_refused", by, now)
    keep_words(dossier, by, words, now)
    return "C’est noté : ce récit ne sera pas publié."


def publish(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The coordination has read it: it is on the network's pages; its author and those who agreed are told where."""
    row = evaluation_of(dossier, Voice.COMPANION)
    row.published_at = now
    dossier.record("account_published", by, now)
    for person in (dossier.author, dossier.participant(Role.HOST), dossier.participant(Role.EMPLOYER)):
        if person:
            outbox.post(letters.account_published(instance().network, dossier, person, link_to(f"/recits/{row.id}"),
                                                  f"{personal_url(Purpose.DOSSIER, person, now)}"), person, now)
    return "Le récit est publié. Son auteur ou autrice et les autres parties reçoivent un courriel."


def retract(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """It is on no page any more; its author asked, or the coordination decided."""
    row = evaluation_of(dossier, Voice.COMPANION)
    row.published_at = None
    if by.role == Role.AUTHOR:
        row.publication, row.agreements = Publication.NO.value, {}
    dossier.record("account_retracted", by, now)
    keep_words(dossier, by, words, now)
    return "Le récit n’est plus publié."


def accounts() -> list[Account]:
    """What is published, the latest first."""
    rows = db.session.scalars(select(Evaluation).where(Evaluation.published_at.is_not(None))
                              .order_by(Evaluation.published_at.desc())).all()
    return [_as_read(row) for row in rows]


def account(number: int) -> Account:
    """:raises NotFound: nothing is published under that number, or not any more."""
    row = db.session.get(Evaluation, number)
    if row is None or row.published_at is None:
        raise NotFound("Ce récit n’est pas publié, ou ne l’est plus.")
    return _as_read(row)


def _as_read(row: Evaluation) -> Account:
    dossier = row.immersion
    place = communes.commune(dossier.host.commune) if dossier.host else None
    named = row.publication == Publication.NAMED
    host = dossier.host.name if dossier.host else ""
    return Account(row.id, dossier.author.name if named else "", host, place.name if place else "",
                   len({session.on for session in dossier.sessions}), row.given_at, published_rows(row), row.published_at)


def _agreed(dossier: Immersion, row: Evaluation) -> bool:
    wanted = [_PARTIES[role] for role in _PARTIES if dossier.participant(role)]
    return bool(row.publication and wanted and all(row.agreements.get(party) == YES for party in wanted))


def _not_to_agree(dossier: Dossier, who: Any) -> str:
    row = evaluation_of(dossier, Voice.COMPANION)
    if row is None or not row.publication or row.given_at is None:
        return "Rien n’est à publier."
    if who is not None and row.agreements.get(_PARTIES.get(Role(who.role), "")):
        return "Vous avez déjà répondu."
    return ""


def _not_to_refuse(dossier: Dossier, who: Any) -> str:
    row = evaluation_of(dossier, Voice.COMPANION)
    if row is None or not row.publication:
        return "Rien n’est à publier."
    if who is not None and row.agreements.get(_PARTIES.get(Role(who.role), "")) == NO:
        return "Vous avez déjà répondu."
    return ""


def _not_to_publish(dossier: Dossier, _who: Any) -> str:
    row = evaluation_of(dossier, Voice.COMPANION)
    if row is None or not _agreed(dossier, row):
        return "Il manque l’accord de l’auteur ou autrice du récit, ou d’une autre partie."
    return "Ce récit est déjà publié." if row.published_at else ""


def _not_published(dossier: Dossier, _who: Any) -> str:
    row = evaluation_of(dossier, Voice.COMPANION)
    return "" if row is not None and row.published_at else "Aucun récit n’est publié."


_S = ImmersionState
_AFTER = {Kind.IMMERSION: frozenset({_S.LIVED.value, _S.INTERRUPTED.value, _S.CLOSED.value})}
_TWO = frozenset({Role.HOST, Role.EMPLOYER})

register(
    Action("accepter", "Accepter la publication du récit", "donne votre accord pour que ce récit soit publié", _AFTER, _TWO,
           agree,
           words="optional", words_label="Un mot pour la coordination", only=_not_to_agree),
    Action("refuser", "Ne pas publier le récit", "demande que ce récit ne soit pas publié", _AFTER, _TWO, refuse,
           words="optional",
           words_label="Un mot pour la coordination, si vous le souhaitez", only=_not_to_refuse),
    Action("publier", "Publier le récit", "publie le récit sur les pages du réseau", _AFTER, frozenset({Role.COORDINATOR}),
           publish,
           only=_not_to_publish),
    Action("depublier", "Ne plus publier le récit", "retire le récit des pages du réseau", _AFTER,
           frozenset({Role.COORDINATOR, Role.AUTHOR}), retract, words="optional", words_label="Un mot pour la coordination",
           only=_not_published),
)
