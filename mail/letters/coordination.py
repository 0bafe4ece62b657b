"""Letters to coordinators: what comes in, what their replies did, the way into their space."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from models.dossier import Dossier, Participant
from models.network import Network
from models.typography import french

from ..letter import Attachment, Letter, Subscription, compose


@dataclass(frozen=True)
class Command:
    """A word a coordinator can reply with, what it does, and the link that does the same; ``hint``: what follows the word."""

    word: str
    explanation: str
    label: str
    url: str
    hint: str = ""

    @property
    def then(self) -> str:
        """What follows it, said."""
        return f" puis {self.hint}" if self.hint else ""

    @property
    def body(self) -> str:
        """The reply as it is prepared."""
        return f"{self.word} " if self.hint else self.word


@dataclass(frozen=True)
class Said:
    """Words of the exchange, for who begins to read it: who and when, and what."""

    head: str
    words: str


@dataclass(frozen=True)
class Handed:
    """How a request comes from a colleague."""

    by: str
    words: str
    history: list[Said]


@dataclass(frozen=True)
class Held:
    """A request that somebody away leaves open."""

    reference: str
    title: str
    state_label: str
    promised: str
    url: str


@dataclass(frozen=True)
class Waits:
    """A request that waits for the coordination: ``late`` in words, or ""; ``words`` are (what to write, what it does)."""

    reference: str
    title: str
    who: str
    state_label: str
    promised: str
    late: str
    mine: bool
    url: str
    reply_address: str
    words: list[Command]


@dataclass(frozen=True)
class Told:
    """One item of a digest: a sentence, when, and the page of what it is about; ``mail`` is the ``Item`` of a mail set aside."""

    sentence: str
    at: str
    reference: str
    url: str
    mail: Any = None


def request_to_coordinator(network: Network, dossier: Dossier, coordinator: Participant, url: str,
                           commands: list[Command], promised: str, known: str, place: str, reply_address: str,
                           files: list[str], handed: Handed | None = None, peers: str = "", alike: str = "") -> Letter:
    """A new request, or one a colleague hands over, with all that is needed to decide, three ways to act: reply, press a
    link, open the page."""
    return compose("coordination/request_to_coordinator", network=network, dossier=dossier, coordinator=coordinator,
                   url=url, commands=_set(commands), promised=promised, known=known, place=place,
                   reply_address=reply_address, files=files, handed=handed, peers=peers, alike=alike)


def _set(commands: list[Command]) -> list[Command]:
    return [replace(c, word=french(c.word), explanation=french(c.explanation)) for c in commands]


def command_done(network: Network, participant: Participant, done: str, *, reply_address: str = "", undo: Command | None = None,
                 stage: bool = True, files: tuple[Attachment, ...] = (), follows: Command | None = None) -> Letter:
    """What a reply did, in one sentence, and the word that undoes it; ``stage``: the request's own, where it matters.

    ``files``: the document it sent, to be read; ``follows``: the word that comes next, once it was read.
    """
    return compose("coordination/command_done", attachments=files, network=network, participant=participant,
                   dossier=participant.dossier, done=french(done), undo=_set([undo])[0] if undo else None,
                   follows=_set([follows])[0] if follows else None, joined=bool(files), reply_address=reply_address,
                   stage=stage)


def command_refused(network: Network, participant: Participant, word: str, reason: str, kept: str = "") -> Letter:
    """Why a reply did nothing, what can be written instead, and what became of its words."""
    return compose("coordination/command_refused", network=network, participant=participant,
                   dossier=participant.dossier, word=french(word), reason=french(reason), kept=french(kept))


def holder_changed(network: Network, dossier: Dossier, to: Participant, by: str, words: str, *, taken: bool, reply_address: str
                   ) -> Letter:
    """To the other coordinators of an exchange: a colleague takes care of it, or no longer does."""
    return compose("coordination/holder_changed", network=network, dossier=dossier, to=to, by=by, words=words, taken=taken,
                   reply_address=reply_address)


def colleague_away(network: Network, name: str, colleague: str, days: str, held: list[Held]) -> Letter:
    """To who stands in for somebody away: from when to when, and all that is open with them, in one letter."""
    return compose("coordination/colleague_away", network=network, name=name, colleague=colleague, days=days,
                   held=held)


def entrusted(network: Network, name: str, by: str, held: list[Held]) -> Letter:
    """To a coordinator: a colleague gives them several requests at once."""
    return compose("coordination/entrusted", network=network, name=name, by=by, held=held)


def no_longer_entrusted(network: Network, name: str, by: str, references: list[str]) -> Letter:
    """To a coordinator: their colleague took back what they had given."""
    return compose("coordination/no_longer_entrusted", network=network, name=name, by=by, references=references)


def taken_over(network: Network, name: str, colleague: str, held: list[Held]) -> Letter:
    """To who takes over from somebody who leaves: all that goes on, in one letter."""
    return compose("coordination/taken_over", network=network, name=name, colleague=colleague, held=held)


def morning(network: Network, name: str, day: str, waiting: list[Waits], more: int, base: str, ways: Subscription) -> Letter:
    """To a coordinator, each working day that something waits: what, by promise; each item has its own address to answer at."""
    return compose("coordination/morning", subscription=ways, network=network, name=name, day=day, waiting=waiting, more=more,
                   base=base, stop_url=ways.url)


def person_stopped(network: Network, dossier: Dossier, to: Participant, person: str, words: str) -> Letter:
    """To the coordination: somebody in the exchange said « stop »."""
    return compose("coordination/person_stopped", network=network, dossier=dossier, to=to, person=person, words=words)


def words_kept(network: Network, dossier: Dossier, to: Participant, reason: str, words: str, url: str) -> Letter:
    """To the coordination: words that were kept and sent to nobody, and why."""
    return compose("coordination/words_kept", network=network, dossier=dossier, to=to, reason=french(reason),
                   words=words, url=url)


def no_longer(network: Network, participant: Participant, now_with: str) -> Letter:
    """To somebody who coordinated and writes again: their reply did nothing, and who has their words."""
    return compose("coordination/no_longer", network=network, participant=participant, dossier=participant.dossier,
                   now_with=now_with)


def sign_in_link(network: Network, name: str, url: str) -> Letter:
    """The way into the coordinators' space."""
    return compose("coordination/sign_in_link", network=network, name=name, url=url)


def sign_in_unknown(network: Network, rejoin_url: str) -> Letter:
    """To an address that coordinates nothing: said by mail, so that the screen is the same for everybody."""
    return compose("coordination/sign_in_unknown", network=network, rejoin_url=rejoin_url)


def new_device(network: Network, name: str, browser: str, at: str, url: str) -> Letter:
    """To somebody of the team: a browser never seen opened their space."""
    return compose("coordination/new_device", network=network, name=name, browser=french(browser), at=at, url=url)


def access_changed(network: Network, name: str, sentence: str, url: str) -> Letter:
    """To somebody of the team: what an administrator changed of their way in."""
    return compose("coordination/access_changed", network=network, name=name, sentence=french(sentence), url=url)


def digest(network: Network, name: str, told: list[Told], more: int, base: str, ways: Subscription) -> Letter:
    """To a coordinator: what happened, in one letter; ``more`` is how much is not told here, ``base`` the site's address."""
    return compose("coordination/digest", subscription=ways, network=network, name=name, told=told, more=more, base=base,
                   stop_url=ways.url)


def digest_stopped(network: Network, name: str, url: str) -> Letter:
    """To who stopped the digests by mail: it is done, and how to have them again."""
    return compose("coordination/digest_stopped", network=network, name=name, url=url)


def mail_test(network: Network) -> Letter:
    """To the address an operator tries the sending with (``flask mail test``): it works, and what to look at."""
    return compose("coordination/mail_test", network=network)


def address_stopped(network: Network, dossier: Dossier, to: Participant, person: Participant, reason: str, url: str, *,
                    tried: bool) -> Letter:
    """To a coordinator: somebody of the request cannot be written to. ``tried``: it is the address just given for them."""
    return compose("coordination/address_stopped", network=network, dossier=dossier, to=to, person=person, reason=french(reason),
                   url=url, tried=tried)


def letter_failed(network: Network, dossier: Dossier, to: Participant, person: Participant, about: str, reason: str,
                  url: str) -> Letter:
    """To a coordinator: one letter to somebody of the request will not get through; the others may."""
    return compose("coordination/letter_failed", network=network, dossier=dossier, to=to, person=person, about=about,
                   reason=french(reason), url=url)
