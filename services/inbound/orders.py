"""A reply that is an order: done like the button of the same name and confirmed, or told why not, its words kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from mail import outbox
from mail.letter import Attachment
from mail.letters import coordination
from models.base import db, transaction
from models.convention import ConventionState
from models.dossier import Actor, Dossier, Immersion, Participant
from models.inbound import InboundState
from models.instance import instance
from models.mentorat import Mentorat
from models.outbox import OutboxMessage
from models.states import ImmersionState, Kind, Role
from territory.calendar import local

from .. import acting, convention, conversation, entraide, mailbox_reply
from ..coordination import holding, presence
from ..errors import NotAllowed, Refused
from ..evaluation import giving
from ..evaluation.questions import VOICES, ReportLines
from ..immersion import host_search, hosting, moving, planning
from ..mentorat import candidates
from ..words import WORDS, undoing, word_for
from .storing import mark_once
from .understood import Understood, copied, kept_files, say_refused_files


def obey(message_id: int, mail_id: str, participant_id: int, reply: Understood, now: datetime) -> None:
    """Do what a command says, and confirm it with the words that undo it; else say why nothing was done.

    The fate of the message and what it did are one transaction.
    """
    def confirm(participant: Participant, done: str) -> None:
        mark_once(message_id, mail_id, InboundState.DONE, f"commande : {reply.command}", participant_id)
        # Seen by the letter that answers it (mail/threads.py).
        db.session.flush()
        if reply.command == "accueillir":
            dates = "\u00a0; ".join(hosting.say_session(session) for session in participant.dossier.sessions)
            done += f" Dates\u00a0: {dates}."
        done = " ".join([done, *_keep_files(participant, reply, now)])
        copied(participant, reply, now)
        if (participant.role, reply.command) not in _TOLD_OTHERWISE:
            outbox.post(_done(participant, reply.command, done, now), participant, now)
        say_refused_files(participant, reply.refused_files, now)

    try:
        extra = _argument(acting.load_participant(participant_id), reply, now)
        if isinstance(extra, hosting.HostLines | ReportLines):
            _to_complete(message_id, mail_id, participant_id, reply, now)
            return
    except Refused as unclear:
        doubt(message_id, mail_id, participant_id, reply, now, unclear.sentence)
        return
    try:
        if reply.command in _OF_ONESELF:
            _of_oneself(participant_id, reply, extra, now, confirm)
        else:
            words = {"accueillir": reply.hosting.words, "bilan": reply.report.words}.get(reply.command, reply.command_words)
            acting.perform(reply.command, participant_id, words, now, via="mail", extra=extra, also=confirm)
    except Refused as refusal:
        _refused(message_id, mail_id, participant_id, reply, refusal.sentence, now)


def _argument(participant: Participant, reply: Understood, now: datetime) -> Any:
    if reply.command == "transmettre":
        return holding.colleague_named(reply.argument, participant.email).email
    if reply.command == "signature":
        _was_read(participant.dossier)
    if reply.command == "proposer":
        named = candidates.mentor_named if isinstance(participant.dossier, Mentorat) else host_search.host_named
        return named(participant.dossier, reply.argument, now)
    if reply.command == "accorder":
        return reply.argument.strip(" .,;:")
    if reply.command == "relancer" and acting.find_action(participant.dossier, Role.COORDINATOR, "relancer", now, participant):
        return convention.signer_named(participant.dossier, reply.argument)
    if reply.command == "accueillir" and acting.find_action(participant.dossier, Role.HOST, reply.command, now, participant):
        return hosting.accepted(reply.hosting, planning.around(participant.dossier, now)) or reply.hosting
    if reply.command in ("collegue", "choisir"):
        return reply.argument
    if reply.command == "avis":
        return entraide.opinion.said(reply.argument)
    if reply.command == "pause":
        return entraide.helping.pause_said(reply.argument, now)
    if reply.command == "bilan" and acting.find_action(participant.dossier, Role(participant.role), "bilan", now, participant):
        return giving.report_of_lines(VOICES[participant.role], reply.report) or reply.report
    if reply.command == "deplacer":
        return moving.as_asked(participant.dossier, reply.move or moving.SaidMove(why="il manque les dates"), local(now).date())
    return presence.days_said(reply.argument, now) if reply.command == "absence" else None


#: Orders whose own letter says that it is done: the receipt of a request, how to write to who is helped.
_TOLD_OTHERWISE = frozenset({(Role.AUTHOR, "confirmer"), (Role.HELPER, "prendre")})
def _to_complete(message_id: int, mail_id: str, participant_id: int, reply: Understood, now: datetime) -> None:
    """An answer line by line that lacks something: its words go to the coordination, and one letter says what is needed."""
    with transaction():
        person = acting.load_participant(participant_id)
        acting.lock(person.dossier)
        report = reply.command == "bilan"
        mark_once(message_id, mail_id, InboundState.DONE, "retour à compléter" if report else "réponse de l’accueil à compléter",
             participant_id)
        db.session.flush()
        _keep_words(person, reply, now)
        copied(person, reply, now)
        if report:
            giving.ask_to_complete(person, reply.report, now)
        else:
            hosting.ask_to_complete(person, reply.hosting, now)
        say_refused_files(person, reply.refused_files, now)


#: Orders about the coordinator rather than about the dossier.
_OF_ONESELF = ("absence", "retour")


def _of_oneself(participant_id: int, reply: Understood, days: Any, now: datetime, confirm) -> None:
    with transaction():
        participant = acting.load_participant(participant_id)
        dossier = acting.lock(participant.dossier)
        if participant.role != Role.COORDINATOR or not acting.still_coordinates(participant):
            raise NotAllowed()
        done = (presence.leave(participant.email, days, now) if reply.command == "absence"
                else presence.return_early(participant.email, now))
        if reply.command_words:
            conversation.note(dossier, _by(participant), reply.command_words, now)
            done += " Vos autres mots sont gardés en note interne."
        confirm(participant, done)


def _done(participant: Participant, slug: str, done: str, now: datetime):
    dossier, role = participant.dossier, Role(participant.role)
    said = word_for(slug, role, dossier.kind)
    back = undoing(said, role, dossier.kind) if said else None
    undo = None
    if back is not None:
        back_slug = back.slugs[dossier.kind_]
        if back_slug in _OF_ONESELF or acting.find_action(dossier, role, back_slug, now, participant):
            undo = coordination.Command(back.shown, back.does, "", "", back.hint)
    # An answer to a confirmation is for who made the request, as to any letter of the coordination.
    after = acting.find_action(dossier, role, _NEXT[slug], now, participant) if slug in _NEXT else None
    follows = word_for(after.slug, role, dossier.kind) if after else None
    return coordination.command_done(
        instance().network, participant, done, undo=undo, stage=slug not in _QUIET,
        reply_address=acting.reply_address(participant), files=_sent(dossier, slug),
        follows=coordination.Command(follows.shown, follows.does, "", "", follows.hint) if follows else None)


def _sent(dossier: Dossier, slug: str) -> tuple[Attachment, ...]:
    """The very document that the parties were just sent by that action, as their letter has it."""
    if slug not in _SENDS:
        return ()
    row = db.session.scalar(select(OutboxMessage).where(
        OutboxMessage.dossier_id == dossier.id, OutboxMessage.letter == _SENDS[slug]).order_by(OutboxMessage.id.desc()).limit(1))
    return tuple(Attachment(*file) for file in mailbox_reply.files_of(row)) if row else ()


def _was_read(dossier: Immersion) -> None:
    """Nobody looks at a page here: what is sent to be signed must be what was sent to be read.

    :raises Refused: the convention was corrected since.
    """
    latest = dossier.convention
    if dossier.state == ImmersionState.IN_REVIEW and (latest is None or latest.state != ConventionState.SHOWN):
        raise Refused("La convention a changé depuis sa dernière relecture. Écrivez d’abord «\u00a0relecture\u00a0»\u00a0: "
                      "les parties la recevront, et vous aussi.")


#: The orders that send a convention -> the letter that takes it.
_SENDS = {"relecture": "convention/convention_to_review", "signature": "convention/convention_to_sign"}
#: An order -> the one that comes next, once what it sent was read.
_NEXT = {"relecture": "signature"}
#: Orders that say nothing of the stage of the request.
_QUIET = frozenset({*_OF_ONESELF, "note", "retirer-note", "prendre", "prendre-quand-meme", "rendre", "transmettre", "stop",
                    "reprendre-courriels", "pas-cette-fois", "collegue", "pause"})


def _keep_files(participant: Participant, reply: Understood, now: datetime) -> list[str]:
    """Files that came with an order: beside the note it wrote, else a note of their own, or words to the coordination."""
    if not reply.files:
        return []
    dossier, files = participant.dossier, kept_files(reply, now)
    if participant.role != Role.COORDINATOR:
        conversation.write(dossier, _by(participant), NO_WORDS, now, files=files)
        return ["Les pièces jointes sont transmises à la coordination."]
    latest = dossier.messages[-1] if dossier.messages else None
    if latest is not None and latest.is_note and latest.participant is participant and latest.at == now:
        for file in files:
            db.session.add(file)
            file.dossier, file.message = dossier, latest
    else:
        conversation.note(dossier, _by(participant), NO_WORDS, now, files=files)
    return ["Les pièces jointes sont gardées en note interne : elles ne partent à personne."]


#: What stands for words where there are only files.
NO_WORDS = "(sans texte, voir les pièces jointes)"


def _refused(message_id: int, mail_id: str, participant_id: int, reply: Understood, sentence: str, now: datetime) -> None:
    with transaction():
        participant = acting.load_participant(participant_id)
        acting.lock(participant.dossier)
        mark_once(message_id, mail_id, InboundState.DONE, f"commande refusée : {reply.command}", participant_id)
        db.session.flush()
        kept = _keep_words(participant, reply, now) if reply.command_words or reply.files else ""
        copied(participant, reply, now)
        outbox.post(coordination.command_refused(instance().network, participant, reply.said or reply.command, sentence, kept),
                    participant, now)
        say_refused_files(participant, reply.refused_files, now)


def _keep_words(participant: Participant, reply: Understood, now: datetime) -> str:
    """Words that came with an order that was not obeyed: a coordinator's are a note, anybody else's go to the coordination."""
    files, words = kept_files(reply, now), reply.words or NO_WORDS
    if participant.role == Role.COORDINATOR:
        conversation.note(participant.dossier, _by(participant), words, now, elided=reply.elided, files=files)
        return "Vos mots sont gardés en note interne."
    keep = conversation.tell_coordination if participant.role == Role.HELPER else conversation.write
    keep(participant.dossier, _by(participant), words, now, elided=reply.elided, files=files)
    return "Vos mots sont transmis à la coordination."


def doubt(message_id: int, mail_id: str, participant_id: int, reply: Understood, now: datetime, reason: str = "") -> None:
    """Words that may be an order and are not surely one: kept and told, rather than sent to somebody or obeyed."""
    with transaction():
        participant = acting.load_participant(participant_id)
        dossier = acting.lock(participant.dossier)
        word = reply.doubtful or reply.said
        mark_once(message_id, mail_id, InboundState.DONE, f"commande incertaine : {word}", participant_id)
        db.session.flush()
        kept = _keep_words(participant, reply, now)
        copied(participant, reply, now)
        outbox.post(coordination.command_refused(instance().network, participant, word,
                                                 reason or _why(word, dossier, participant, now), kept), participant, now)
        say_refused_files(participant, reply.refused_files, now)


def _why(said: str, dossier: Dossier, participant: Participant, now: datetime) -> str:
    kind, role = Kind(dossier.kind), Role(participant.role)
    word = next((w for w in WORDS if w.say == said and role in w.roles), None)
    here = f"Ici, vous pouvez écrire\u00a0: {', '.join(command.word for command in acting.commands(dossier, participant, now))}."
    if word is not None and not word.slugs:
        return ("Ce mot ne fait rien pour la coordination. Pour confier la demande, écrivez «\u00a0transmettre à\u00a0» puis "
                "un nom. Pour vous absenter, écrivez «\u00a0je m’absente jusqu’au\u00a0» puis le jour.")
    if word is None:
        return f"Ce mot n’en est pas un que nous comprenons. {here}"
    if kind not in word.slugs:
        return f"Ce mot ne sert pas pour une {kind.label}. {here}"
    return (f"Votre réponse contient «\u00a0{word.say}\u00a0», mais ce n’est pas certain que ce soit un ordre. Pour agir, "
            f"écrivez «\u00a0/{word.say}\u00a0» au début de la première ligne, et un seul ordre par courriel. Pour écrire à la "
            "personne, commencez autrement.")


def _by(participant: Participant) -> Actor:
    return Actor(Role(participant.role), participant, "mail")
