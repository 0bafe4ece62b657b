"""Versions of a convention: shown to the parties, frozen and sent to be signed, taken back."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime

from mail import outbox
from mail.letters import convention as letters
from mail.letters import signature as signature_letters
from models.access_link import Purpose
from models.base import db
from models.convention import Convention, ConventionState
from models.dossier import Actor, Immersion
from models.instance import instance
from models.signature import PartyName, Signature
from models.states import ImmersionState, Kind, Role
from pdf.convention import TO_REVIEW, TO_SIGN, ConventionData, Signatory, content_hash, convention_pdf, from_json, to_json
from pdf.own_texts import UnfitText
from territory.calendar import local, say_date

from ..acting import Action, register
from ..errors import NotAllowed, Refused
from ..files import new_file
from ..links import link_to, personal_url
from .difference import Difference, as_rows, differences, to_sign_again
from .drafting import draft_data, new_row, obstacles
from .parts import shared_addresses
from .people import parties, tutors
from .reading import first_day
from .signatories import make_signatures
from .signing import sign_url, what, who

#: No letter that can be taken for another or for a figure, when read out on the phone (Crockford's base 32).
_AMONG = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: What was once sent to be signed is never written over.
SENT = frozenset({"issued", "signed", "superseded", "declined", "cancelled"})


def _row_to_send(dossier: Immersion, data: ConventionData, now: datetime) -> Convention:
    """The row of the version about to leave: what was once sent to be signed is never written over.

    :raises NotAllowed: another version was saved while this one was made ready.
    """
    latest = dossier.convention
    row = new_row(dossier, data, now) if latest is None or latest.state in SENT else latest
    if row.version != data.version:
        raise NotAllowed("La convention a changé pendant ce temps. Relisez-la, puis envoyez-la de nouveau.")
    return row


def _prepare(dossier: Immersion, _words: str, now: datetime) -> tuple[ConventionData, bytes]:
    return _frozen(dossier, now, TO_REVIEW)


def _prepare_to_sign(dossier: Immersion, _words: str, now: datetime) -> tuple[ConventionData, bytes]:
    return _frozen(dossier, now, TO_SIGN)


def _frozen(dossier: Immersion, now: datetime, status: str) -> tuple[ConventionData, bytes]:
    return frozen_from(dossier, draft_data(dossier, now), now, status)


def frozen_from(dossier: Immersion, said: ConventionData, now: datetime, status: str = TO_SIGN) -> tuple[ConventionData, bytes]:
    """``said`` as the next version, with its PDF; slow, and without any transaction.

    :raises Refused: the legal frame still wants something.
    """
    latest = dossier.convention
    version = 1 if latest is None else latest.version + (latest.state in SENT)
    code = new_code() if status == TO_SIGN else ""
    data = replace(said, version=version, status=status, issued_on=local(now).date(),
                   verification_code=code, verification_url=verification_url(code) if code else "")
    if why := [*obstacles(dossier, data, now), *shared_addresses(dossier, data)]:
        raise Refused("La convention n’est pas complète. " + " ".join(why))
    try:
        return data, convention_pdf(data)
    except UnfitText as unfit:
        raise Refused(f"Le texte de la convention ne peut pas être utilisé. {unfit}") from unfit


def new_code() -> str:
    """A code that finds a document for who holds it: 60 bits, « 7K4M-XQ2P-9RTD »."""
    letters_ = "".join(secrets.choice(_AMONG) for _ in range(12))
    return "-".join(letters_[start:start + 4] for start in (0, 4, 8))


def verification_url(code: str) -> str:
    """Where anybody who holds the document checks it."""
    return link_to(f"/verifier/{code}")


def show(dossier: Immersion, by: Actor, words: str, now: datetime, ready: tuple[ConventionData, bytes]) -> str:
    """Send the draft to the three parties, as a page and as a PDF."""
    data, pdf = ready
    row = _row_to_send(dossier, data, now)
    row.state, row.data, row.content_hash = ConventionState.SHOWN.value, to_json(data), content_hash(data)
    dossier.move_to(ImmersionState.IN_REVIEW, by, now, "convention_shown", version=row.version)
    db.session.flush()
    for party in parties(dossier):
        page = personal_url(Purpose.DOSSIER, party, now)
        outbox.post(letters.convention_to_review(instance().network, dossier, party, f"{page}/convention", f"{page}/completer",
                                                 row.version, words, pdf), party, now)
    return "Le projet de convention part par courriel aux parties."


def issue(dossier: Immersion, by: Actor, words: str, now: datetime, ready: tuple[ConventionData, bytes]) -> str:
    """Freeze the version and send it to the three parties to be signed: the same bytes to each.

    Where only ways to reach somebody changed since a version that has signatures, that version is to be signed again, and
    they count. Where more did, they do not, and everybody is told what changed and why.
    """
    data, pdf = ready
    before = last_sent(dossier)
    changes = differences(from_json(before.data), data) if before else []
    if before and any(mine.signed for mine in before.signatures) and not to_sign_again(changes):
        return _keep_signatures(dossier, before, changes, by, now)
    row = _row_to_send(dossier, data, now)
    file = new_file(f"convention-{dossier.reference}-v{row.version}.pdf", "application/pdf", pdf, now)
    db.session.add(file)
    file.dossier = dossier
    row.state, row.issued_at, row.data = ConventionState.ISSUED.value, now, to_json(data)
    row.content_hash, row.pdf_sha256, row.file = content_hash(data), hashlib.sha256(pdf).hexdigest(), file
    row.verification_code = data.verification_code
    signatures = make_signatures(row, data)
    dossier.move_to(ImmersionState.TO_SIGN, by, now, "convention_issued", version=row.version)
    db.session.flush()
    voided = _void(before, by, now) if before else []
    _send_to_sign(row, signatures, words, pdf, changes, before.because if before else "", voided, now)
    return "La convention à signer part par courriel aux parties."


def _send_to_sign(row: Convention, signatures: list[Signature], words: str, pdf: bytes, changes: list[Difference], because: str,
                  voided: list[Signature], now: datetime) -> None:
    dossier = row.immersion
    theirs = {mine.participant: mine for mine in reversed(signatures) if mine.participant}
    had_signed = {old.participant_id for old in voided}
    first = first_day(row)
    for person in dict.fromkeys([*parties(dossier), *reversed(theirs), *tutors(dossier)]):
        mine = theirs.get(person)
        url = sign_url(mine, now) if mine else personal_url(Purpose.DOSSIER, person, now) + "/convention"
        outbox.post(letters.convention_to_sign(
            instance().network, dossier, person, url, row.version, words, pdf, row.content_hash,
            [] if mine else [who(each) for each in signatures],
            letters.Changed(as_rows(changes), because, person.id in had_signed), say_date(first) if first else ""), person, now)


def last_sent(dossier: Immersion) -> Convention | None:
    """The version of the convention that was last sent to be signed, if one was."""
    return next((row for row in reversed(dossier.conventions) if not row.number and row.issued_at), None)


def previous(version: Convention) -> Convention | None:
    """The version sent to be signed before that one, if there was one."""
    return next((row for row in reversed(version.immersion.conventions) if row.number == version.number and row.issued_at
                 and row.version < version.version), None)


def changes_of(version: Convention) -> list[Difference]:
    """What a version of the convention says otherwise than the one sent before it."""
    before = previous(version) if not version.number else None
    return differences(from_json(before.data), from_json(version.data)) if before else []


def _void(before: Convention, by: Actor, now: datetime) -> list[Signature]:
    """What was signed is said otherwise: those signatures count no more."""
    voided = [row for row in before.signatures if row.signed]
    for row in voided:
        row.voided_at, row.voided_because = now, before.because
    if voided:
        before.immersion.record("signatures_voided", by, now, version=before.version, count=len(voided))
    return voided


def _keep_signatures(dossier: Immersion, before: Convention, changes: list[Difference], by: Actor, now: datetime) -> str:
    """Nothing that was agreed on changed: the version that has signatures is to be signed again, and they count."""
    for draft in [row for row in dossier.conventions if not row.number and row.version > before.version]:
        dossier.conventions.remove(draft)
    before.state, before.because = ConventionState.ISSUED.value, ""
    before.corrections = [*before.corrections, *as_rows(changes)]
    dossier.move_to(ImmersionState.TO_SIGN, by, now, "contact_corrected", version=before.version)
    db.session.flush()
    tell_resumed(before, "", as_rows(changes), now)
    return ("Seules des coordonnées ont changé : la version déjà signée reste à signer, et les signatures reçues comptent "
            "toujours. Toutes les parties sont prévenues.")


def tell_resumed(version: Convention, words: str, changes: list[list[str]], now: datetime) -> None:
    """Tell all the parties that the same version is to be signed again; inside a transaction."""
    dossier, network = version.immersion, instance().network
    waiting = {row.participant: row for row in reversed(version.signatures) if row.participant and not row.signed}
    signers = [row.participant for row in version.signatures if row.participant]
    for person in dict.fromkeys([*parties(dossier), *signers, *tutors(dossier)]):
        row = waiting.get(person)
        url = sign_url(row, now) if row else personal_url(Purpose.DOSSIER, person, now) + "/convention"
        outbox.post(signature_letters.signing_resumed(network, dossier, person, what(version), words, changes, url,
                                                      to_sign=row is not None), person, now)


def with_signatory(data: ConventionData, party: str, position: int, person: Signatory) -> ConventionData:
    """``data`` where that person signs, at that rank, for that party."""
    if party == PartyName.COMPANION:
        raise NotAllowed("La personne accueillie signe elle-même.")
    side = getattr(data, party)
    people = [*side.signatories]
    people[position] = person
    return replace(data, **{party: replace(side, signatories=tuple(people))})


def take_back(dossier: Immersion, by: Actor, because: str, now: datetime) -> Convention:
    """Have the version sent corrected: whether its signatures still count is known once the next one is sent."""
    row = dossier.convention
    row.state, row.because = ConventionState.SUPERSEDED.value, because
    dossier.move_to(ImmersionState.IN_REVIEW, by, now, "convention_reopened", version=row.version)
    return row


def reopen(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The version sent is not to be signed any more; everybody is told why."""
    row = take_back(dossier, by, words, now)
    signers = [each.participant for each in row.signatures if each.participant]
    for person in dict.fromkeys([*parties(dossier), *signers]):
        signed = any(each.participant is person and each.signed for each in row.signatures)
        outbox.post(letters.convention_reopened(instance().network, dossier, person, row.version, words, signed=signed),
                    person, now)
    return "Vous pouvez corriger la convention. Un courriel dit aux parties de ne pas signer la version envoyée."


def close(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """All signed copies are back, or nothing more is expected: the dossier is closed."""
    dossier.move_to(ImmersionState.CLOSED, by, now, "closed")
    for party in parties(dossier):
        outbox.post(letters.immersion_closed(instance().network, dossier, party, words), party, now)
    return "Le dossier est clos. Les parties reçoivent un courriel."


def _in(*states: ImmersionState) -> dict[Kind, frozenset[str]]:
    return {Kind.IMMERSION: frozenset(state.value for state in states)}


_S, _COORDINATOR = ImmersionState, frozenset({Role.COORDINATOR})


def _not_by_hand(*_: object) -> str:
    raise NotAllowed()


register(
    Action("rediger", "Préparer la convention", "ouvre la convention", _in(_S.HOST_AGREED, _S.IN_REVIEW), _COORDINATOR,
           _not_by_hand, form=True, main=True),
    Action("relecture", "Envoyer le projet aux parties", "envoie le projet de convention aux parties",
           _in(_S.HOST_AGREED, _S.IN_REVIEW), _COORDINATOR, show, words="optional", words_label="Un mot pour les parties",
           strict=True, prepare=_prepare),
    Action("signature", "Envoyer la convention à signer", "envoie la convention à signer aux parties",
           _in(_S.IN_REVIEW), _COORDINATOR, issue, words="optional", words_label="Un mot pour les parties",
           strict=True, prepare=_prepare_to_sign),
    Action("reprendre", "Reprendre la convention", "annule l’envoi à signer pour corriger la convention",
           _in(_S.TO_SIGN, _S.CHANGE_ASKED, _S.DECLINED, _S.EXPIRED), _COORDINATOR, reopen, words="required",
           words_label="Ce qui doit changer, dit aux parties"),
    Action("clore", "Clore le dossier", "clôt le dossier ; les parties sont prévenues",
           _in(_S.TO_SIGN, _S.LIVED, _S.INTERRUPTED, _S.NOT_HELD), _COORDINATOR, close, words="optional",
           words_label="Un mot pour les parties"),
)
