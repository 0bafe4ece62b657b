"""What coordinators should know and nobody waits for: told together, at most once an hour, in working hours.

The first notice is told at once; what follows within the hour waits and goes in one letter. A verb calls :func:`tell`; the
clock calls :func:`send_waiting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from mail import outbox
from mail.letters import coordination as letters
from mail.letters.coordination import Told
from models.access_link import Purpose
from models.base import db, transaction
from models.delivery import DigestItem
from models.dossier import Dossier, Participant
from models.inbound import InboundMessage, InboundState
from models.instance import instance
from models.network import Coordinator
from models.typography import french
from territory.calendar import say_datetime

from . import reminding, subscription, sweeping, throttle
from .inbound.items import item_of
from .links import personal_url

#: Between two letters to one address.
EVERY = timedelta(hours=1)
#: Told or not, an item goes after this long.
KEPT = timedelta(days=14)
#: Items of one letter; what is beyond is counted in it, and waits in the coordinators' space.
MOST = 20


def tell(email: str, name: str, sentence: str, now: datetime, *, dossier: Dossier | None = None,
         inbound: InboundMessage | None = None) -> None:
    """Have ``sentence`` (plain French, whole, at most 500 characters) told to that address, about ``dossier`` or a mail set
    aside if one is given; inside a transaction.

    Nothing is kept for who does not want digests, nor twice the same thing that waits.
    """
    if not subscription.wants(email):
        return
    item = DigestItem(email=email.lower(), name=name[:200], created_at=now, sentence=french(sentence)[:500],
                      dossier_id=dossier.id if dossier else None, inbound_id=inbound.id if inbound else None)
    waiting = _waiting(item.email)
    if any((other.sentence, other.dossier_id, other.inbound_id) == (item.sentence, item.dossier_id, item.inbound_id)
           for other in waiting):
        return
    db.session.add(item)
    db.session.flush()
    _send(item.email, [*waiting, item], now)


def whom_to_tell() -> Coordinator | None:
    """Who is told of what concerns nobody in particular: the default coordinator, else their deputy, else whoever wants to."""
    network = instance().network
    first = network.default_coordinator
    deputy = network.coordinator(first.deputy) if first.deputy else None
    people = [first, *([deputy] if deputy else []), *network.coordinators]
    return next((person for person in people if subscription.wants(person.email)), None)


def send_waiting(now: datetime) -> int:
    """Send what waited and may leave now; gives how many letters. Nothing to say, no letter."""
    if reminding.working(now) != now:
        return 0
    first = db.session.scalars(select(func.min(DigestItem.id)).where(DigestItem.sent_at.is_(None)).group_by(DigestItem.email))
    return sweeping.each("digest_item", first.all(), _send_to, now)


def _send_to(number: int, now: datetime) -> int:
    """All that waits for who that item is for."""
    with transaction():
        email = db.session.scalar(select(DigestItem.email).where(DigestItem.id == number))
        return int(_send(email, _waiting(email), now)) if email else 0


def purge(now: datetime) -> int:
    """Remove items older than :data:`KEPT`, told or not; gives how many."""
    with transaction():
        return db.session.execute(delete(DigestItem).where(DigestItem.created_at < now - KEPT)).rowcount


def _waiting(email: str) -> list[DigestItem]:
    return list(db.session.scalars(select(DigestItem).where(DigestItem.email == email, DigestItem.sent_at.is_(None))
                                   .order_by(DigestItem.id)))


def _settled(email: str) -> set[int]:
    """The items that wait for that address about a mail which somebody dealt with meanwhile."""
    return set(db.session.scalars(select(DigestItem.id).join(InboundMessage, InboundMessage.id == DigestItem.inbound_id).where(
        DigestItem.email == email, DigestItem.sent_at.is_(None), InboundMessage.state != InboundState.QUARANTINED.value)))


def _send(email: str, items: Sequence[DigestItem], now: datetime) -> bool:
    """One letter of all ``items``, if it may leave now; while it may not, each that is added costs the same."""
    if settled := _settled(email):
        db.session.execute(delete(DigestItem).where(DigestItem.id.in_(settled)))
    known = [item for item in items if item.id not in settled]
    if not known or reminding.working(now) != now:
        return False
    # Counted where two who tell at the same moment cannot both be the first.
    if not throttle.allow(f"digest:{email}", 1, int(EVERY.total_seconds()), now):
        return False
    name = known[-1].name
    told = [_told(item, email, now) for item in known[:MOST]]
    ring = instance()
    ways = subscription.new_subscription(email, now)
    letter = letters.digest(ring.network, name, told, len(known) - len(told), ring.settings.PUBLIC_URL.rstrip("/"), ways)
    only = told[0].mail if len(known) == 1 else None
    outbox.post_to_address(letter, email, name, now, reply_to=only.reply_address if only else "")
    db.session.execute(update(DigestItem).where(DigestItem.id.in_([item.id for item in known])).values(sent_at=now))
    return True


def _told(item: DigestItem, email: str, now: datetime) -> Told:
    base = instance().settings.PUBLIC_URL.rstrip("/")
    dossier = db.session.get(Dossier, item.dossier_id) if item.dossier_id else None
    mail = db.session.get(InboundMessage, item.inbound_id) if item.inbound_id else None
    return Told(item.sentence, say_datetime(item.created_at), dossier.reference if dossier else "",
                _dossier_url(dossier, email, base, now) if dossier else f"{base}/coordination/", item_of(mail) if mail else None)


def _dossier_url(dossier: Dossier, email: str, base: str, now: datetime) -> str:
    """Their own link where they take part, else the page of their space."""
    person: Participant | None = next((one for one in dossier.participants if one.email.lower() == email and one.active), None)
    return personal_url(Purpose.DOSSIER, person, now) if person else f"{base}/coordination/{dossier.reference}"
