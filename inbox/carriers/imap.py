"""The mailbox carrier: take in what arrived, put it away, and wait for more.

A message is stored and committed, then moved to the folder of what was processed, then understood. Whatever stops in between
is done again: the bytes are known by their hash. Where the move fails, the position (UIDVALIDITY and UID, RFC 9051, 2.3.1.1)
says what was taken already; another UIDVALIDITY only makes it all be looked at again.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from inbox.private import taken
from inbox.together import full, understand_all
from models.instance import instance
from services import inbound

from .mailbox import IdleRefused, Mailbox, WrongPassword, open_mailbox, pause
from .taking import take_header
from .troubles import explain

if TYPE_CHECKING:
    from config import ImapAccount
    from inbox.ahead import Claimed

log = logging.getLogger(__name__)

NAME = "imap"
#: Messages stored between two moves.
BATCH = 20
#: Seconds between two looks into a mailbox that tells by itself: a server may forget to.
IDLE_FOR = 120.0
#: Seconds before the mailbox is opened again after 1, 2, 3… failures in a row.
BACK_OFF = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0)
#: A wrong password is not tried at that pace: providers shut out who insists.
PASSWORD_BACK_OFF = (60.0, 300.0, 900.0)
#: A message the server would not give is asked for again after this long; after ``FETCH_TRIES`` refusals, much later.
TRY_AGAIN = timedelta(minutes=1)
SKIPPED_FOR = timedelta(days=1)
#: So many refusals of IDLE in a row, and the mailbox is looked into at intervals.
IDLE_REFUSALS = 3


@dataclass
class Place:
    """Where the carrier stands in a folder: ``last`` and all below were taken, but for those in ``tries``."""

    uidvalidity: int
    of: str
    last: int = 0
    tries: dict[int, tuple[int, str]] = field(default_factory=dict)
    """UID -> how many failures to fetch it, and when it may be asked for again (ISO 8601)."""

    @classmethod
    def load(cls, kept: dict[str, Any], uidvalidity: int, of: str) -> Place:
        """What was kept, if it speaks of this very folder."""
        if kept.get("uidvalidity") != uidvalidity or kept.get("of") != of:
            return cls(uidvalidity, of)
        tries = {int(uid): (count, at) for uid, (count, at) in kept.get("tries", {}).items()}
        return cls(uidvalidity, of, int(kept.get("last", 0)), tries)

    def dump(self) -> dict[str, Any]:
        return {"uidvalidity": self.uidvalidity, "of": self.of, "last": self.last,
                "tries": {str(uid): list(found) for uid, found in self.tries.items()}}

    def see(self, uids: list[int]) -> None:
        """Forget failures of messages that are gone."""
        there = set(uids)
        self.tries = {uid: found for uid, found in self.tries.items() if uid in there}

    def wanted(self, uids: list[int], now: datetime) -> list[int]:
        """What is to be fetched next: new messages, and once there is none those that failed, one at a time, in their time."""
        new = [uid for uid in uids if uid > self.last and uid not in self.tries]
        return new[:BATCH] or [uid for uid, (_, at) in self.tries.items() if datetime.fromisoformat(at) <= now][:1]

    def taken(self, uids: list[int]) -> list[int]:
        return [uid for uid in uids if uid <= self.last and uid not in self.tries]

    def took(self, uid: int) -> None:
        self.last = max(self.last, uid)
        self.tries.pop(uid, None)

    def failed(self, uid: int, now: datetime, wait: timedelta) -> None:
        count = self.tries.get(uid, (0, ""))[0] + 1
        at = now + (SKIPPED_FOR if count >= inbound.FETCH_TRIES else wait)
        self.tries[uid] = (count, at.isoformat())
        self.last = max(self.last, uid)


def watch(app: Flask, account: ImapAccount, stopped: Callable[[], bool]) -> None:
    """Take mail in as it arrives, until asked to stop; every trouble is noted, and tried again after a wait."""
    failures, refusals = 0, 0
    done_folder = app.extensions["ring"].settings.IMAP_DONE_FOLDER
    while not stopped():
        try:
            with open_mailbox(account, done_folder) as box:
                box.idles = box.idles and refusals < IDLE_REFUSALS
                while not stopped():
                    with app.app_context():
                        take_all(box, account, stopped)
                    failures = 0
                    box.wait(IDLE_FOR, stopped)
                    refusals = 0 if box.idles else refusals
        except IdleRefused:
            refusals += 1
        except Exception as error:  # noqa: BLE001  this is what keeps the mailbox read, whatever happens
            waits = PASSWORD_BACK_OFF if isinstance(error, WrongPassword) else BACK_OFF
            note(app, explain(error, account))
            pause(waits[min(failures, len(waits) - 1)], stopped)
            failures += 1


def fetch(app: Flask, account: ImapAccount) -> int:
    """Take in what is there, once; gives how many messages. What fails is noted, then raised."""
    try:
        with open_mailbox(account, app.extensions["ring"].settings.IMAP_DONE_FOLDER) as box, app.app_context():
            return take_all(box, account)
    except Exception as error:
        note(app, explain(error, account))
        raise


def note(app: Flask, trouble: str) -> None:
    """Write a trouble down where it can be read, and in the log if that cannot be done."""
    log.warning("%s", trouble)
    try:
        with app.app_context():
            inbound.note_failure(NAME, app.extensions["clock"](), trouble)
    except Exception as error:  # noqa: BLE001  the database may be the trouble
        log.error("the trouble could not be noted: %s", type(error).__name__)


def take_all(box: Mailbox, account: ImapAccount, stopped: Callable[[], bool] = lambda: False) -> int:
    """Take in all that is new in an open mailbox, batch after batch; gives how many messages.

    :raises OSError, IMAPClientError: the session broke; the message it broke at comes after the others next time.
    """
    count = 0
    place = Place.load(inbound.position(NAME), box.uidvalidity, _identity(account))
    while True:
        uids = box.uids()
        place.see(uids)
        batch, fetched, stuck = place.wanted(uids, _now()), [], []
        try:
            try:
                _fetch(box, place, batch, stopped, fetched, stuck)
            finally:
                stored = _store(place, fetched)
            inbound.note_success(NAME, _now(), place.dump(), _put_away(box, place.taken(uids)) or " ".join(stuck))
        except (OSError, IMAPClientError) as error:
            inbound.note_failure(NAME, _now(), explain(error, account), place.dump())
            understand_all(stored, _now)
            raise
        understand_all(stored, _now)
        count += len(stored)
        if stopped() or not batch:
            return count


def _fetch(box: Mailbox, place: Place, batch: list[int], stopped: Callable[[], bool], fetched: list[tuple[int, bytes]],
           stuck: list[str]) -> None:
    """Put each message of the batch that is to be stored in ``fetched``, as many as are kept in one commit. What is private is
    stored nowhere, and leaves the mailbox for good; where it will not, that is said in ``stuck``, and tried again.
    """
    limit = instance().settings.inbox_max_bytes
    sizes = box.sizes(batch)
    for uid in batch:
        if stopped() or full([raw for _, raw in fetched]):
            return
        try:
            size = sizes.get(uid, 0)
            raw = box.header(uid) if size > limit else box.whole(uid)
        except (IMAPClientAbortError, OSError):
            place.failed(uid, _now(), timedelta())
            raise
        except IMAPClientError:
            # The server says no for this one, and goes on.
            place.failed(uid, _now(), TRY_AGAIN)
            continue
        large = raw is not None and max(size, len(raw)) > limit
        if raw is not None and taken(raw, _now(), whole=not large):
            if trouble := _erase(box, uid):
                stuck.append(trouble)
                place.failed(uid, _now(), TRY_AGAIN)
                continue
        elif large:
            take_header(raw, max(size, len(raw)), NAME, _now())
        elif raw is not None:
            fetched.append((uid, raw))
            continue
        place.took(uid)


def _store(place: Place, fetched: list[tuple[int, bytes]]) -> list[Claimed]:
    """Store what was fetched, in one commit; what nobody knew is claimed: it is understood even when asked to stop."""
    kept = inbound.store_all([raw for _, raw in fetched], NAME, _now()) if fetched else []
    for uid, _ in fetched:
        place.took(uid)
    return [(message_id, raw if mine else None) for (_, raw), (message_id, mine) in zip(fetched, kept, strict=True)]


def _erase(box: Mailbox, uid: int) -> str:
    """Remove a message for good; gives what went wrong, in French."""
    try:
        box.erase(uid)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        return (f"Un courriel confidentiel est protégé ici, mais n’a pas pu être effacé de la boîte : effacez-le à la main. "
                f"Le serveur dit : « {str(error)[:200]} »")
    return ""


def _put_away(box: Mailbox, uids: list[int]) -> str:
    """Move what was taken; gives what went wrong, in French."""
    if not uids:
        return ""
    try:
        box.put_away(uids)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        log.warning("messages taken in could not be moved: %s", error)
        folder = instance().settings.IMAP_DONE_FOLDER
        return (f"Les courriels sont pris en compte, mais n’ont pas pu être rangés dans le dossier « {folder} ». "
                f"Le serveur dit : « {str(error)[:200]} »")
    return ""


def _identity(account: ImapAccount) -> str:
    """Which folder of which mailbox: the numbers of one say nothing of another's."""
    return hashlib.sha256("\0".join((account.host, str(account.port), account.user, account.folder)).encode()).hexdigest()[:16]


def _now() -> datetime:
    return current_app.extensions["clock"]()
