"""Letters of a member's own space: the way in, a change of address, a departure, the yearly question."""

from __future__ import annotations

from models.dossier import Dossier, Participant
from models.network import Network

from ..letter import Letter, compose


def space_link(network: Network, name: str, url: str) -> Letter:
    """To a member: the way to their space."""
    return compose("donnees/space_link", network=network, name=name, url=url)


def space_unknown(network: Network, rejoin_url: str) -> Letter:
    """To an address that is no member's, written at the door of the spaces."""
    return compose("donnees/space_unknown", network=network, rejoin_url=rejoin_url)


def move_from(network: Network, name: str, new: str, url: str) -> Letter:
    """To a member's present address: agree to be written to elsewhere."""
    return compose("donnees/move_from", network=network, name=name, new=new, url=url)


def move_to(network: Network, url: str) -> Letter:
    """To the new address, whoever holds it: nothing of the member is told."""
    return compose("donnees/move_to", network=network, url=url)


def moved(network: Network, name: str) -> Letter:
    """To the new address, once both have agreed."""
    return compose("donnees/moved", network=network, name=name)


def left(network: Network, name: str, rejoin_url: str) -> Letter:
    """To somebody who leaves: it is done, what stays and why."""
    return compose("donnees/left", network=network, name=name, rejoin_url=rejoin_url)


def member_left(network: Network, name: str, coordinator: str, structure: str, words: str) -> Letter:
    """To a coordinator: a member leaves."""
    return compose("donnees/member_left", network=network, name=name, coordinator=coordinator, structure=structure, words=words)


def yearly_reminder(network: Network, dossier: Dossier, member: Participant, facts: list[tuple[str, str]], url: str) -> Letter:
    """To a member, once a year: is what the network knows still right? « oui » in reply is enough."""
    return compose("donnees/yearly_reminder", network=network, dossier=dossier, member=member, facts=facts, url=url)


def invitation(network: Network, name: str, by: str, structure: str, url: str) -> Letter:
    """To a professional whom their structure names: join, by filling in their own data, or not."""
    return compose("donnees/invitation", network=network, name=name, by=by, structure=structure, url=url)


def invitation_reminder(network: Network, name: str, by: str, structure: str, url: str) -> Letter:
    """The same, once more and never again."""
    return compose("donnees/invitation_reminder", network=network, name=name, by=by, structure=structure, url=url)


def records_merged(network: Network, other: str, main: str, by: str, until: str, url: str) -> Letter:
    """To each address of a member whose two records are one now. Addresses come masked; ``main`` is "" at the one that stays."""
    return compose("donnees/records_merged", network=network, other=other, main=main, by=by, until=until, url=url)


def records_parted(network: Network, other: str, main: str, by: str, url: str) -> Letter:
    """The same, once it is undone."""
    return compose("donnees/records_parted", network=network, other=other, main=main, by=by, url=url)


def structures_merged(network: Network, name: str, structure: str, by: str, url: str) -> Letter:
    """To who answers for a structure that was there twice."""
    return compose("donnees/structures_merged", network=network, name=name, structure=structure, by=by, url=url)


def charter_proposed(network: Network, name: str, why: str, changes: list[tuple[str, str]], url: str, *, by_reply: bool
                     ) -> Letter:
    """To a member: new commitments, what changes in plain words. ``by_reply``: « j’accepte » in reply is understood."""
    return compose("donnees/charter_proposed", network=network, name=name, why=why, changes=changes, url=url, by_reply=by_reply)


def charter_reminder(network: Network, name: str, changes: list[tuple[str, str]], url: str, *, by_reply: bool) -> Letter:
    """The same once more, after a month, and after three more."""
    return compose("donnees/charter_reminder", network=network, name=name, changes=changes, url=url, by_reply=by_reply)


def erasure_to_confirm(network: Network, name: str, url: str, days: int) -> Letter:
    """To a member who asks that their data be erased: confirm; it is done ``days`` later."""
    return compose("donnees/erasure_to_confirm", network=network, name=name, url=url, days=days)


def erasure_planned(network: Network, name: str, day: str, kept: list[str], url: str) -> Letter:
    """To the same, once confirmed: what goes, what stays (the references ``kept``), and how to change one's mind."""
    return compose("donnees/erasure_planned", network=network, name=name, day=day, kept=kept, url=url)


def erasure_told(network: Network, coordinator: str, name: str, day: str, waiting: list[str], *, cancelled: bool) -> Letter:
    """To a coordinator: an erasure is planned, with the requests others wait for; or it is cancelled."""
    return compose("donnees/erasure_told", network=network, coordinator=coordinator, name=name, day=day, waiting=waiting,
                   cancelled=cancelled)
