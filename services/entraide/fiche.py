"""Fiches: what an exchange taught, without names, for whoever has the same question; both who wrote it agree, and the
coordination reads it again before it is published."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from mail import outbox
from mail.letters import entraide as letters
from models.access_link import Purpose
from models.base import db
from models.dossier import Actor, Dossier, Entraide, Participant
from models.entraide import Fiche, FicheState
from models.french_words import fold, stems
from models.instance import instance
from models.states import Kind, Role
from models.vocabulary import THEMES, label

from ..acting import Action, register, reply_address, who_coordinates
from ..errors import NotFound, Refused
from ..links import link_to, personal_url

_ENDED = {Kind.ENTRAIDE: frozenset({"resolved", "closed"})}
#: Published fiches looked through for one like a new question; the latest first.
_LOOKED_THROUGH = 2_000
#: As many as are offered before sending.
OFFERED = 3


@dataclass(frozen=True)
class FicheText:
    title: str
    question: str
    answer: str


def who_answered(dossier: Entraide) -> list[Participant]:
    """Who must agree besides who asked: the peer, else the coordination."""
    return [dossier.helper] if dossier.helper else who_coordinates(dossier)


def agree(dossier: Entraide, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """One of the two agrees; the other is asked, or, when both did, the coordination has a fiche to read again."""
    fiche = dossier.fiche
    if fiche is None:
        fiche = Fiche(dossier_id=dossier.id, slug=_slug(dossier), state=FicheState.PROPOSED.value,
                      theme=dossier.answers.get("theme", "autre"), proposed_at=now)
        db.session.add(fiche)
    fiche.state = FicheState.PROPOSED.value
    if by.role == Role.AUTHOR:
        fiche.author_agreed_at = now
    else:
        fiche.helper_agreed_at = now
    db.session.flush()
    db.session.refresh(dossier, ["fiche"])
    dossier.record("fiche_agreed", by, now)
    if fiche.author_agreed_at and fiche.helper_agreed_at:
        fiche.state = FicheState.AGREED.value
        for person in who_coordinates(dossier):
            url = personal_url(Purpose.DOSSIER, person, now)
            outbox.post(letters.fiche_to_edit(instance().network, dossier, person, f"{url}/rediger-fiche"), person, now)
        return ("Merci. La coordination relit la fiche, vérifie qu’elle ne nomme personne, puis la publie. Vous en serez "
                "prévenu·e.")
    others = who_answered(dossier) if by.role == Role.AUTHOR else [dossier.author]
    for person in others:
        url = personal_url(Purpose.DOSSIER, person, now)
        outbox.post(letters.fiche_proposed(instance().network, dossier, person, by.participant.shown_to(person), url,
                                           reply_address(person)), person, now)
    return "Merci. Nous demandons l’accord de l’autre personne\u00a0: rien n’est publié sans les deux."


def _slug(dossier: Entraide) -> str:
    words = "-".join(fold(word) for word in label(THEMES, dossier.answers.get("theme", "autre")).split() if fold(word))
    return f"{words[:60]}-{secrets.token_hex(4)}"


def draft(dossier: Entraide) -> FicheText:
    """What the coordination begins from: the question, and the words of who answered."""
    if dossier.fiche and dossier.fiche.answer:
        return FicheText(dossier.fiche.title, dossier.fiche.question, dossier.fiche.answer)
    answering = {person.id for person in who_answered(dossier)} | {person.id for person in who_coordinates(dossier)}
    answers = [message.body for message in dossier.messages if not message.is_note and message.participant_id in answering]
    return FicheText(label(THEMES, dossier.answers.get("theme", "autre")), dossier.answers["question"], "\n\n".join(answers))


def publish(dossier: Entraide, by: Actor, words: str, now: datetime, text: FicheText | None = None) -> str:
    """The fiche is there for everybody; both who wrote it read it, and may have it withdrawn.

    :raises Refused: a name, an address or a telephone of somebody of the exchange is still in it.
    """
    fiche = dossier.fiche
    if text is None or fiche is None:
        raise Refused("Ouvrez la page de la fiche pour la relire et la publier.")
    if named := _named(dossier, f"{text.title}\n{text.question}\n{text.answer}"):
        raise Refused(f"La fiche ne doit nommer personne ni aucune adresse\u00a0: retirez {', '.join(named)}.")
    fiche.title, fiche.question, fiche.answer = text.title, text.question, text.answer
    fiche.state, fiche.published_at = FicheState.PUBLISHED.value, now
    dossier.record("fiche_published", by, now)
    url = link_to(f"/fiches/{fiche.slug}")
    for person in (dossier.author, *([dossier.helper] if dossier.helper else [])):
        outbox.post(letters.fiche_published(instance().network, dossier, person, text.title, url, reply_address(person)),
                    person, now)
    return "La fiche est publiée. Les deux personnes reçoivent son adresse."


_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|(?<!\d)0[1-9](?:[ .]?\d{2}){4}(?!\d)")


def _named(dossier: Entraide, text: str) -> list[str]:
    """What of the text says who the people of the exchange are, or how to reach anybody."""
    words = {fold(word) for word in re.findall(r"[^\W\d_]+", text)}
    names = [piece for person in (dossier.author, *who_answered(dossier)) for piece in re.findall(r"[^\W\d_]+", person.name)
             if len(piece) > 2 and fold(piece) in words]
    places = [person.organisation for person in dossier.participants
              if len(person.organisation) > 3 and fold(person.organisation) in fold(text)]
    return list(dict.fromkeys([*names, *places, *_CONTACT.findall(text)]))


def withdraw(dossier: Entraide, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """Nobody reads the fiche any more: one of the two changed their mind, or the coordination did."""
    fiche = dossier.fiche
    fiche.state, fiche.published_at = FicheState.WITHDRAWN.value, None
    fiche.author_agreed_at = None if by.role == Role.AUTHOR else fiche.author_agreed_at
    fiche.helper_agreed_at = None if by.role != Role.AUTHOR else fiche.helper_agreed_at
    dossier.record("fiche_withdrawn", by, now)
    for person in who_coordinates(dossier):
        if person is not by.participant:
            outbox.post(letters.fiche_withdrawn(instance().network, dossier, person, words), person, now)
    return "La fiche est retirée."


def any_published() -> bool:
    """Whether there is something to read."""
    return db.session.scalar(select(Fiche.id).where(Fiche.state == FicheState.PUBLISHED.value).limit(1)) is not None


def published(theme: str = "") -> list[Fiche]:
    """What everybody may read, the latest first."""
    found = select(Fiche).where(Fiche.state == FicheState.PUBLISHED.value)
    found = found.where(Fiche.theme == theme) if theme else found
    return list(db.session.scalars(found.order_by(Fiche.published_at.desc(), Fiche.id.desc()).limit(_LOOKED_THROUGH)))


def read(slug: str) -> Fiche:
    """:raises NotFound: no such fiche, or it is not published."""
    fiche = db.session.scalar(select(Fiche).where(Fiche.slug == slug, Fiche.state == FicheState.PUBLISHED.value))
    if fiche is None:
        raise NotFound("Cette fiche n’existe pas, ou n’est plus publiée.")
    return fiche


def like(text: str, theme: str = "", limit: int = OFFERED) -> list[Fiche]:
    """Published fiches that share words with ``text`` (French stems, accents or not), the likest first; the theme counts too."""
    wanted = set(stems(text))
    least = 2 if len(text.split()) > 2 else 1  # one word looked for is enough; one word of a question is chance
    found = []
    for rank, fiche in enumerate(published()):
        shared = len(wanted & set(stems(f"{fiche.title} {fiche.question} {fiche.answer}")))
        same = bool(theme) and fiche.theme == theme
        if shared >= least or (same and shared):
            found.append((-(shared + 2 * same), rank, fiche))
    return [fiche for *_, fiche in sorted(found, key=lambda item: item[:2])[:limit]]


def _may_agree(dossier: Dossier, who: Any) -> str:
    fiche = dossier.fiche
    if who is not None and who.role != Role.AUTHOR and who.id not in {person.id for person in who_answered(dossier)}:
        return "Cette fiche n’attend pas votre accord."
    if fiche is None or who is None:
        return ""
    mine = fiche.author_agreed_at if who.role == Role.AUTHOR else fiche.helper_agreed_at
    return "Votre accord est déjà noté, merci." if mine and fiche.state != FicheState.WITHDRAWN else ""


def _to_edit(dossier: Dossier, _who: Any) -> str:
    agreed = dossier.fiche is not None and dossier.fiche.state in (FicheState.AGREED, FicheState.PUBLISHED)
    return "" if agreed else "Les deux accords ne sont pas encore donnés."


def _to_withdraw(dossier: Dossier, who: Any) -> str:
    kept = dossier.fiche is not None and dossier.fiche.state != FicheState.WITHDRAWN
    if not kept or who is None:
        return "Il n’y a pas de fiche à retirer."
    if who.role == Role.HELPER and who is not dossier.helper:
        return "Cette fiche n’est pas la vôtre."
    return ""


def _helper_may_agree(dossier: Dossier, who: Any) -> str:
    return "Cette fiche n’attend pas votre accord." if who is None else _may_agree(dossier, who)


_ALL = frozenset({Role.AUTHOR, Role.HELPER, Role.COORDINATOR})
_FICHE = ("fiche", "D’accord pour en faire une fiche sans nom",
          "permet de publier la question et la réponse, sans aucun nom, si l’autre personne est d’accord aussi", _ENDED)
register(
    Action(*_FICHE, _ALL - {Role.HELPER}, agree, only=_may_agree),
    Action(*_FICHE, frozenset({Role.HELPER}), agree, only=_helper_may_agree),
    Action("rediger-fiche", "Relire et publier la fiche", "publie la fiche", _ENDED, frozenset({Role.COORDINATOR}), publish,
           form=True, main=True, only=_to_edit),
    Action("retirer-fiche", "Retirer la fiche", "retire la fiche ; plus personne ne la lit", _ENDED, _ALL, withdraw,
           words="optional", words_label="Un mot pour la coordination", only=_to_withdraw),
)

