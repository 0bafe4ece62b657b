"""A personal link that was lost, or is too old: whoever holds the address gets fresh ones, and a stranger learns nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from mail import outbox
from mail.letters import accueil
from models.access_link import AccessLink, Purpose, hash_token
from models.base import db, transaction
from models.dossier import CLOCK, Participant
from models.instance import instance

from . import throttle
from .convention.signing import sign_url, signature_of, why_not
from .errors import LinkUnknown, TooMany
from .links import link_to, personal_url, seats_of

#: A request that ended longer ago is not offered any more.
ENDED_SINCE = timedelta(days=180)
#: Asked from one internet access within an hour, then for one address.
MOST_BY_ACCESS, MOST_BY_ADDRESS = 20, 3


def send_links(email: str, access: str, now: datetime) -> None:
    """Send to ``email`` a fresh link for each request it takes part in; the same silence whether there are any or not.

    :raises TooMany: many addresses were tried from that internet access.
    """
    with transaction():
        if not throttle.allow(f"lost:{access}", MOST_BY_ACCESS, 3600, now):
            raise TooMany()
        if not throttle.allow(f"lost:{email.lower()}", MOST_BY_ADDRESS, 3600, now):
            return
        seats = _seats(email, now)
        if seats:
            found = [accueil.Found(seat.dossier.reference, seat.dossier.title, *_url(seat, now)) for seat in seats]
            letter = accueil.links_found(instance().network, seats[0].name, found)
            outbox.post_to_address(letter, seats[0].email, seats[0].name, now)
        else:
            _as_long(email, now)


def _as_long(email: str, now: datetime) -> None:
    """The same work for nobody: how long the page takes does not tell whom the network knows."""
    nothing = [accueil.Found("", "", link_to("/"), False)]
    outbox.rendered(accueil.links_found(instance().network, "", nothing), email, "", now)


def renew_link(token: str, now: datetime) -> None:
    """Send a new link to the address an old one was made for, and to no other; once per quarter of an hour.

    :raises LinkUnknown: the token was never one of ours.
    """
    with transaction():
        row = db.session.scalar(select(AccessLink).where(AccessLink.token_hash == hash_token(token)))
        known = row is not None and row.participant is not None and row.participant.active
        if not known or row.purpose not in (Purpose.CONFIRM, Purpose.DOSSIER):
            raise LinkUnknown()
        if not throttle.allow(f"renew:{row.participant_id}", 3, 900, now):
            return
        participant, purpose = row.participant, Purpose(row.purpose)
        if purpose == Purpose.CONFIRM and participant.dossier.confirmed_at:
            purpose = Purpose.DOSSIER
        row.revoked_at = row.revoked_at or now
        url, to_sign = _url(participant, now) if purpose == Purpose.DOSSIER else (personal_url(purpose, participant, now), False)
        outbox.post(accueil.link_renewed(instance().network, participant, url, to_sign=to_sign), participant, now)
        participant.dossier.record("link_renewed", CLOCK, now)


def _seats(email: str, now: datetime) -> list[Participant]:
    return [seat for seat in seats_of(email) if not (seat.dossier.ended and now - seat.dossier.moved_at > ENDED_SINCE)]


def _url(seat: Participant, now: datetime) -> tuple[str, bool]:
    """The address to open, and whether a signature waits there."""
    row = signature_of(seat) if hasattr(seat.dossier, "conventions") else None
    if row is not None and not why_not(row):
        return sign_url(row, now), True
    return personal_url(Purpose.DOSSIER, seat, now), False
