"""The protocol: one of the three writes it, each agrees to the very text in view, then it is sealed and sent to all."""

from __future__ import annotations

import calendar
import hmac
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from mail import outbox
from mail.letters import mentorat as letters
from models.access_link import Purpose
from models.base import db
from models.dossier import Actor, Dossier, Participant
from models.instance import instance
from models.mentorat import Checkpoint, Mentorat, Protocole, ProtocoleState
from models.states import MentoratState, Role
from models.vocabulary import MENTORING_MONTHS, MENTORING_RHYTHMS, MENTORING_WAYS, SKILLS, label, labels
from pdf import own_texts
from pdf.convention_data import NetworkIdentity
from pdf.protocole import Agreed, ProtocoleData, Side, from_json, protocole_html, protocole_pdf, text_hash, to_json
from pdf.released import current_template
from territory.calendar import add_working_days, local, say_date

from .. import acting
from ..acting import Action, register, reply_address, who_coordinates
from ..conversation import keep_words
from ..errors import NotFound, Refused
from ..links import personal_url
from .pairing import in_states, is_mentor

_S = MentoratState
_AS = {Role.AUTHOR: "personne accompagnée", Role.MENTOR: "mentor, mentore", Role.COORDINATOR: "réseau"}
_THREE = frozenset(_AS)


@dataclass(frozen=True)
class Terms:
    """What one of the three writes. Codes of :mod:`models.vocabulary`; ``employer`` is told for the newcomer alone to say:
    None leaves it as it is, "" tells nobody, else an address."""

    objectives: tuple[str, ...]
    rhythm: str
    ways: tuple[str, ...]
    months: int
    starts_on: date
    employer: str | None = None
    employer_name: str = ""


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def checkpoint_days(starts_on: date, months: int) -> tuple[date, ...]:
    """When it is asked how it goes: after a month, midway where that is far enough, at the end; working days."""
    departement = instance().network.departement
    middle = (months_after(starts_on, months // 2),) if months >= 6 else ()
    end = months_after(starts_on, months) - timedelta(days=1)
    return tuple(add_working_days(day, 0, departement) for day in (months_after(starts_on, 1), *middle, end))


def known_terms(dossier: Mentorat, now: datetime) -> dict[str, Any]:
    """What the page shows first: the latest version, else what can be guessed."""
    kept = dossier.answers.get("terms")
    sought = labels(SKILLS, dossier.answers.get("skills_sought") or [])
    guessed = {"objectives": "\n".join(sought), "rhythm": "quinzaine", "ways": [], "months": "6",
               "starts_on": add_working_days(local(now).date(), 5).isoformat()}
    employer = dossier.answers.get("employer") or {}
    told = "" if kept is None else "oui" if dossier.answers.get("employer_told") else "non"
    return (kept or guessed) | {"tell_employer": told, "employer_name": employer.get("name", ""),
                                "employer_email": employer.get("email", "")}


def write(dossier: Mentorat, by: Actor, words: str, now: datetime, terms: Terms) -> str:
    """A new version: what was agreed to before counts no more, each of the three reads it and agrees."""
    answers = {**dossier.answers, "terms": {
        "objectives": "\n".join(terms.objectives), "rhythm": terms.rhythm, "ways": list(terms.ways), "months": str(terms.months),
        "starts_on": terms.starts_on.isoformat()}}
    if terms.employer is not None and by.role == Role.AUTHOR:
        answers |= {"employer_told": bool(terms.employer),
                    "employer": {"name": terms.employer_name, "email": terms.employer}
                    if terms.employer else dossier.answers.get("employer", {})}
    dossier.answers = answers
    before = dossier.protocole
    data = _data(dossier, terms, (before.version if before else 0) + 1, now)
    if before is not None and before.state == ProtocoleState.SHOWN and text_hash(
            replace(data, version=before.version, written_on=from_json(before.data).written_on)) == before.content_hash:
        return "Rien n’a changé dans le protocole."
    for version in dossier.protocoles:
        version.state = ProtocoleState.SUPERSEDED.value
    dossier.protocoles.append(Protocole(
        version=data.version, state=ProtocoleState.SHOWN.value, template=data.template, data=to_json(data),
        content_hash=text_hash(data), saved_at=now, agreements={}, attempts=0))
    dossier.awaits_coordination = False
    if dossier.state == _S.AGREED:
        dossier.move_to(_S.TO_AGREE, by, now, "protocol_saved", version=data.version)
    else:
        dossier.record("protocol_saved", by, now, version=data.version)
    keep_words(dossier, by, words, now)
    db.session.flush()
    for person in [*dossier.pair, *who_coordinates(dossier)]:
        outbox.post(letters.protocole_to_agree(
            instance().network, dossier, person, by.participant.name if person is not by.participant else "", data.version,
            terms_in_words(data), personal_url(Purpose.DOSSIER, person, now), reply_address(person)), person, now)
    return "Le protocole part aux trois parties. Il commence quand chacune l’a accepté, vous aussi."


def _data(dossier: Mentorat, terms: Terms, version: int, now: datetime) -> ProtocoleData:
    network, coordinator, template = instance().network, who_coordinates(dossier)[-1], current_template(own_texts.PROTOCOLE)
    ways = [words if place == 0 else words[0].lower() + words[1:]
            for place, words in enumerate(labels(MENTORING_WAYS, list(terms.ways)))]
    told = dossier.author.organisation or (dossier.answers.get("employer") or {}).get("name", "")
    return ProtocoleData(
        reference=dossier.reference, version=version,
        network=NetworkIdentity(network.name, network.full_name, coordinator.name, network.email, network.phone),
        newcomer=_side(dossier.author), mentor=_side(dossier.mentor), objectives=terms.objectives,
        rhythm=label(MENTORING_RHYTHMS, terms.rhythm), ways=tuple(ways), length=label(MENTORING_MONTHS, str(terms.months)),
        starts_on=terms.starts_on, ends_on=months_after(terms.starts_on, terms.months) - timedelta(days=1),
        checkpoints=checkpoint_days(terms.starts_on, terms.months),
        employer=told if dossier.answers.get("employer_told") else "", written_on=local(now).date(), template=template,
        template_digest=own_texts.digest(template))


def _side(person: Participant) -> Side:
    return Side(person.name, person.quality, person.organisation)


def terms_in_words(data: ProtocoleData) -> list[list[str]]:
    """What a version says that is its own, as questions and answers."""
    return [["Objectifs", "\n".join(data.objectives)], ["Rythme", data.rhythm], ["Comment", ", ".join(data.ways)],
            ["Durée", f"{data.length}, du {say_date(data.starts_on)} au {say_date(data.ends_on)}"],
            ["Nous prendrons des nouvelles", ", ".join(say_date(day) for day in data.checkpoints)],
            ["L’employeur", f"Le réseau informe {data.employer}" if data.employer else "Le réseau n’informe aucun employeur"]]


def agree(dossier: Mentorat, by: Actor, words: str, now: datetime, shown: str | None = None) -> str:
    """One of the three agrees to the text they had in view: its fingerprint by the page, its version by mail.

    :raises Refused: another text is to be agreed to now.
    """
    version = dossier.protocole
    if version is None or not (hmac.compare_digest((shown or "").encode(), version.content_hash.encode())
                               or shown == str(version.version)):
        now_is = version.version if version else 1
        raise Refused(f"Le protocole a changé depuis\u00a0: rien n’est accepté. C’est maintenant la version {now_is} qui est à "
                      "lire, sur la page de votre lien, puis à accepter.")
    given = {by.role.value: {"name": by.participant.name, "at": now.isoformat()}}
    version.agreements = {**version.agreements, **given}
    dossier.record("protocol_agreed_by", by, now, version=version.version)
    keep_words(dossier, by, words, now)
    left = [role for role in _AS if role.value not in version.agreements]
    dossier.awaits_coordination = left == [Role.COORDINATOR]
    acting.promise(dossier, now)
    if left:
        waits = ", ".join(_who(dossier, role) for role in left)
        return f"Merci, votre accord est enregistré. Il manque encore celui de {waits}."
    version.state = ProtocoleState.AGREED.value
    dossier.move_to(_S.UNDER_WAY, by, now, "protocol_agreed", version=version.version)
    _plan(dossier, from_json(version.data))
    return "Merci. Tout le monde est d’accord : le mentorat commence. Le protocole arrive par courriel dans la minute."


def _who(dossier: Mentorat, role: Role) -> str:
    return {Role.AUTHOR: dossier.author.name, Role.MENTOR: dossier.mentor.name}.get(role, "la coordination")


def _plan(dossier: Mentorat, data: ProtocoleData) -> None:
    for person in dossier.pair:
        dossier.checkpoints += [Checkpoint(participant=person, due_on=day, last=day == data.checkpoints[-1], how="")
                                for day in dict.fromkeys(data.checkpoints)]


def as_agreed(version: Protocole) -> ProtocoleData:
    """What a version says, with who agreed to it so far."""
    given = version.agreements
    agreed = tuple(Agreed(given[role.value]["name"], words, datetime.fromisoformat(given[role.value]["at"]))
                   for role, words in _AS.items() if role.value in given)
    return replace(from_json(version.data), agreements=agreed)


def readable(dossier: Dossier, who: Any) -> Protocole:
    """The version that person may read now.

    :raises NotFound: none is written, or they are none of the three.
    """
    version = dossier.protocole if isinstance(dossier, Mentorat) else None
    if version is None or version.state == ProtocoleState.SUPERSEDED or Role(who.role) not in _THREE or is_mentor(dossier, who):
        raise NotFound("Le protocole n’est pas encore écrit.")
    return version


def is_readable(dossier: Dossier, who: Any) -> bool:
    """Whether there is a protocol that person may read."""
    try:
        return readable(dossier, who) is not None
    except NotFound:
        return False


def as_page(version: Protocole) -> str:
    """The protocol as a fragment of a page, its headings from h2 on."""
    return protocole_html(as_agreed(version))


def as_pdf(version: Protocole) -> bytes:
    """The protocol as a PDF; the sealed one goes by mail and stays among the files."""
    return protocole_pdf(as_agreed(version))


def _to_agree(dossier: Dossier, who: Any) -> str:
    if why := is_mentor(dossier, who):
        return why
    version = dossier.protocole
    if who is None or version is None:
        return "" if version else "Le protocole n’est pas encore écrit."
    return "Vous avez déjà accepté cette version." if who.role in version.agreements else ""


register(
    Action("accorder", "Lire et accepter le protocole", "accepte le protocole, tel qu’il est affiché", in_states(_S.TO_AGREE),
           _THREE, agree, words="none", form=True, main=True, only=_to_agree),
    Action("protocole", "Écrire le protocole", "ouvre le protocole : objectifs, rythme, durée", in_states(_S.AGREED), _THREE,
           write, words="optional", words_label="Un mot pour la coordination", form=True, main=True, only=is_mentor),
    Action("protocole", "Modifier le protocole", "change le protocole ; chacun·e le relit et l’accepte de nouveau",
           in_states(_S.TO_AGREE), _THREE, write, words="optional", words_label="Un mot pour la coordination", form=True,
           only=is_mentor),
)
