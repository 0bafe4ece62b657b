"""Letters about the days of an immersion: recalled, moved, given up; the next exchange."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.dossier import Dossier, Participant
from models.network import Network

from ..letter import Attachment, Letter, compose

Files = tuple[Attachment, ...]


def session_reminder(network: Network, dossier: Dossier, to: Participant, session: str, host: Mapping[str, str],
                     url: str) -> Letter:
    """To who comes and who receives, some days before: when, where, whom to call."""
    return compose("sessions/session_reminder", network=network, dossier=dossier, to=to, session=session, url=url,
                   host={name: host.get(name, "") for name in ("address", "access", "tutor_name", "tutor_quality",
                                                               "tutor_contact", "meals", "safety")})


def move_asked(network: Network, dossier: Dossier, to: Participant, who: str, was: str, wanted: str, words: str, url: str,
               reply_address: str) -> Letter:
    """To each party but who asks: another date, yes or no."""
    return compose("sessions/move_asked", network=network, dossier=dossier, to=to, who=who, was=was, wanted=wanted, words=words,
                   url=url, reply_address=reply_address)


def move_done(network: Network, dossier: Dossier, to: Participant, was: str, becomes: str, url: str, files: Files) -> Letter:
    """To everybody: all agreed, the new date; its file for their calendar."""
    return compose("sessions/move_done", attachments=files, network=network, dossier=dossier, to=to, was=was, becomes=becomes,
                   url=url)


def move_refused(network: Network, dossier: Dossier, to: Participant, who: str, was: str, words: str) -> Letter:
    """To the others: the date stays."""
    return compose("sessions/move_refused", network=network, dossier=dossier, to=to, who=who, was=was, words=words)


def sessions_changed(network: Network, dossier: Dossier, to: Participant, gone: list[str], added: list[str],
                     files: Files, place: str = "", kept: Sequence[str] = ()) -> Letter:
    """To everybody, once an amendment is signed: which days are no more, which are new; their files for calendars.

    ``place``: where it is from now on, if that changes; ``kept``: the days that stay, for who has to read them again.
    """
    return compose("sessions/sessions_changed", attachments=files, network=network, dossier=dossier, to=to, gone=gone,
                   added=added, place=place, kept=kept)


def tutor_relieved(network: Network, dossier: Dossier, to: Participant, files: Files) -> Letter:
    """To who welcomed the person so far: somebody else does, once an amendment is signed; their calendar is emptied of it."""
    return compose("sessions/tutor_relieved", attachments=files, network=network, dossier=dossier, to=to,
                   joined=bool(files))


def immersion_stopped(network: Network, dossier: Dossier, to: Participant, who: str, cause: str, words: str, lines: list[str],
                      files: Files, *, begun: bool, own: bool, url: str = "", until: str = "") -> Letter:
    """To everybody, the employer first: it goes no further, or does not take place; what leaves their calendar.

    ``until``: the day until which ``to`` may say that it was a mistake, at ``url``; "" for who may not.
    """
    return compose("sessions/immersion_stopped", attachments=files, network=network, dossier=dossier, to=to, who=who, cause=cause,
                   words=words, lines=lines, begun=begun, own=own, url=url, until=until)


def immersion_resumed(network: Network, dossier: Dossier, to: Participant, who: str, words: str, lines: list[str], url: str,
                      files: Files, *, own: bool) -> Letter:
    """To everybody: it was said by mistake that it stops; the days that hold again, for their calendars."""
    return compose("sessions/immersion_resumed", attachments=files, network=network, dossier=dossier, to=to, who=who,
                   words=words, lines=lines, url=url, own=own)


def exchange_planned(network: Network, dossier: Dossier, to: Participant, when: str, place: str, words: str, files: Files, *,
                     changed: bool) -> Letter:
    """To everybody: when and where they next talk about it."""
    return compose("sessions/exchange_planned", attachments=files, network=network, dossier=dossier, to=to, when=when,
                   place=place,
                   words=words, changed=changed)


def exchange_cancelled(network: Network, dossier: Dossier, to: Participant, when: str, words: str, files: Files) -> Letter:
    """To everybody: that exchange will not be."""
    return compose("sessions/exchange_cancelled", attachments=files, network=network, dossier=dossier, to=to, when=when,
                   words=words)
