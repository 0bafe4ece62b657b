"""Where each carrier of mail stands: what it notes of itself, and what an operator or a coordinator reads of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from models.base import db, run, transaction
from models.inbound import CarrierState, InboundMessage, InboundState
from models.instance import instance
from territory.calendar import say_datetime

from ..delivery import outage

#: A carrier that looks by itself notes a success every few minutes.
STALE = timedelta(minutes=30)
#: A message is understood within seconds; one that fails is set aside within ten minutes.
TOO_LONG = timedelta(minutes=15)
#: Mail set aside waits for a coordinator, who has other things to do; not for ever.
FORGOTTEN = timedelta(days=7)
#: So many failures to fetch one message, and it is left where it is until the next day.
FETCH_TRIES = 3

LABELS = {"imap": "Boîte IMAP", "lmtp": "Livraison LMTP", "smtp": "Livraison SMTP", "pipe": "Commande de réception",
          "maildir": "Dossier Maildir"}


@dataclass(frozen=True)
class Carrier:
    """One way mail comes in."""

    label: str
    last_success_at: datetime | None
    last_error_at: datetime | None
    last_error: str


@dataclass(frozen=True)
class Overview:
    """How mail comes in, as a whole. ``troubles``: a sentence for each thing somebody should see to."""

    carriers: tuple[Carrier, ...]
    waiting: int
    oldest_waiting_at: datetime | None
    set_aside: int
    oldest_set_aside_at: datetime | None
    troubles: tuple[str, ...]


def position(name: str) -> dict[str, Any]:
    """Where the carrier goes on; empty the first time."""
    row = db.session.get(CarrierState, name, populate_existing=True)
    return dict(row.position or {}) if row else {}


def note_success(name: str, now: datetime, position: dict[str, Any] | None = None, trouble: str = "") -> None:
    """The carrier did its work, and goes on at ``position``; ``trouble`` says what did not go well all the same."""
    with transaction():
        row = _row(name)
        row.last_success_at = now
        if position is not None:
            row.position = position
        if trouble:
            row.last_error_at, row.last_error = now, trouble[:500]


def note_failure(name: str, now: datetime, trouble: str, position: dict[str, Any] | None = None) -> None:
    """The carrier could not do its work; ``trouble`` is a French sentence without secrets."""
    with transaction():
        row = _row(name)
        row.last_error_at, row.last_error = now, trouble[:500]
        if position is not None:
            row.position = position


def _row(name: str) -> CarrierState:
    run(_make_sure, name=name)
    return db.session.get_one(CarrierState, name, with_for_update=True, populate_existing=True)


def _make_sure(insert):
    row = insert(CarrierState.__table__).values(name="", last_error="", position={})
    return row.on_conflict_do_nothing(index_elements=["name"])


def can_receive() -> bool:
    """True where some carrier is set up, or a mail server used the pipe."""
    settings = instance().settings
    return bool(settings.IMAP_URL or settings.INBOX_LISTEN) or db.session.get(CarrierState, "pipe") is not None


def overview(now: datetime) -> Overview:
    """The state of all carriers, of what waits to be understood, and of what was set aside."""
    rows = {row.name: row for row in db.session.scalars(
        select(CarrierState).where(CarrierState.name.in_(LABELS)).order_by(CarrierState.name))}
    expected = _expected()
    carriers = tuple(Carrier(LABELS[name], row.last_success_at if row else None, row.last_error_at if row else None,
                             row.last_error if row else "")
                     for name in dict.fromkeys([*expected, *rows]) for row in [rows.get(name)])
    waiting, oldest = _count(InboundState.RECEIVED)
    aside, oldest_aside = _count(InboundState.QUARANTINED)
    troubles = [trouble for name in dict.fromkeys([*expected, *rows])
                for trouble in _troubles(name, rows.get(name), name in expected, now)]
    if instance().settings.MAIL_SERVER and not can_receive():
        troubles.append("Aucune réponse ne peut arriver : ni IMAP_URL ni INBOX_LISTEN n’est réglé, et la commande de réception "
                        "n’a jamais servi.")
    if oldest and oldest < now - TOO_LONG:
        troubles.append(f"Un courriel attend d’être lu depuis le {say_datetime(oldest)} : les tâches de fond tournent-elles ?")
    if oldest_aside and oldest_aside < now - FORGOTTEN:
        troubles.append(f"Un courriel mis de côté attend la coordination depuis le {say_datetime(oldest_aside)}.")
    if found := outage.under_way():
        troubles.append(f"Rien ne part depuis le {say_datetime(found.since)} : le serveur d’envoi ne répond pas comme il faut. "
                        "Les courriels à envoyer attendent.")
    return Overview(carriers, waiting, oldest, aside, oldest_aside, tuple(troubles))


def _expected() -> tuple[str, ...]:
    """The carriers that should be at work here."""
    settings = instance().settings
    found = ["imap"] if settings.imap else []
    if settings.listener:
        found.append("lmtp" if settings.listener.lmtp else "smtp")
    return tuple(found)


def _troubles(name: str, row: CarrierState | None, expected: bool, now: datetime) -> list[str]:
    label, found = LABELS[name], []
    success = row.last_success_at if row else None
    if row is not None and row.last_error_at and (success is None or row.last_error_at >= success):
        found.append(f"{label} : {row.last_error}")
    elif expected and success is None:
        found.append(f"{label} : rien n’a encore fonctionné. Ce service tourne-t-il ?")
    if expected and success is not None and success < now - STALE:
        found.append(f"{label} : aucun signe depuis le {say_datetime(success)}. Ce service tourne-t-il ?")
    if left := [tries for tries, *_ in (row.position or {}).get("tries", {}).values() if tries >= FETCH_TRIES] if row else []:
        found.append(f"{label} : {len(left)} courriel(s) que le serveur ne parvient pas à donner, laissés dans la boîte.")
    return found


def _count(state: InboundState) -> tuple[int, datetime | None]:
    count, oldest = db.session.execute(select(func.count(), func.min(InboundMessage.received_at))
                                       .where(InboundMessage.state == state.value)).one()
    return count, oldest
