"""The clock door's engine: Huey. A task only says "look now"; rows are the truth, so a lost or doubled task is harmless."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic

from flask import Flask
from huey import Huey, MemoryHuey, PostgresHuey, SqliteHuey, crontab

from inbox import process_stored
from services import convention, delivery, digest, employing, files, inbound, links, submission, sweeping
from services.alerte import notices, watch
from services.attestation import making as attestations
from services.coordination import bulk, morning, presence
from services.donnees import agreeing, checking, erasing, moving, team
from services.entraide import watching, waves
from services.evaluation import asking
from services.immersion import living, placement
from services.inbound import addresses, requests
from services.membre import looking, undoing
from services.mentorat import ending, following, pairing
from services.mentorat import making as protocols
from services.sweeping import all_of


def make_huey(database_url: str, jobs_file: str, *, immediate: bool = False) -> Huey:
    """The queue that goes with the database: in memory for tests, a SQLite file on one machine, PostgreSQL beyond."""
    if immediate:
        return MemoryHuey("ring", immediate=False)
    if database_url.startswith("postgresql"):
        return PostgresHuey("ring", dsn=database_url.replace("postgresql+psycopg://", "postgresql://"))
    return SqliteHuey("ring", filename=jobs_file)


def register_jobs(app: Flask, huey: Huey) -> None:
    """Declare the tasks of ``app``; each runs one verb inside an application context."""

    def job(verb):
        def run() -> int:
            with app.app_context():
                return all_of((verb,), datetime.now(UTC))
        run.__name__ = verb.__name__
        return run

    deliver = huey.task(name="deliver_due")(job(deliver_all))
    app.extensions["wake_sender"] = lambda: _wake(huey, deliver)
    seal = huey.task(name="seal_due")(job(convention.seal_due))
    app.extensions["wake_sealer"] = seal
    app.extensions["wake_examiner"] = huey.task(name="examine_due")(job(convention.examine_due))
    huey.periodic_task(crontab(minute="*"), name="sweep")(job(sweep))
    huey.periodic_task(crontab(minute="7"), name="hourly")(job(hourly))


def _wake(huey: Huey, deliver) -> None:
    # One "look now" in the queue is enough for any number of letters.
    if huey.pending_count() == 0:
        deliver()


def deliver_all(now: datetime) -> int:
    """All that is due, batch after batch: each is claimed at its own time, so that its lease is not too short."""
    return all_of((notices.send_due, _deliver_batches), now)


def _deliver_batches(now: datetime) -> int:
    began, total = monotonic(), 0
    while count := delivery.deliver_due(now + timedelta(seconds=monotonic() - began)):
        total += count
    return total


def sweep(now: datetime) -> int:
    """Each minute, :data:`SWEEP`, in its order; gives how many things were done. Raises as ``sweeping.all_of`` does."""
    return all_of(SWEEP, now)


#: What is signed and not sealed, copies that came back and are not compared, attestations decided, protocols agreed, notices
#: that waited, peers to ask, letters whose task was lost, messages stored and never understood.
SWEEP = (convention.seal_due, convention.examine_due, attestations.make_due, protocols.make_due, digest.send_waiting,
         waves.send_waves, deliver_all, process_stored)

#: What is done each hour: remind, delete, forget. Each verb is told the time, and gives how many it dealt with.
HOURLY = (
    erasing.erase_due,  # before what writes: no letter of the same hour names who is gone
    living.remind_sessions,
    living.live_due,
    asking.ask_due,
    asking.remind_due,
    living.close_due,
    morning.send,
    presence.purge,
    bulk.purge,
    submission.remind_unconfirmed,
    submission.delete_unconfirmed,
    links.forget,
    files.purge_unsent_uploads,
    files.purge_unnamed,
    addresses.stop_waiting,
    requests.remind,
    requests.give_up,
    inbound.empty_raw,
    digest.purge,
    delivery.purge,
    convention.expire,
    convention.remind,
    placement.follow_up,
    watch.remind,
    watch.recall_still,
    watch.close_idle,
    watch.erase_closed,
    watch.forget,
    watching.watch,
    checking.ask,
    agreeing.ask,
    moving.forget,
    team.remind,
    team.forget,
    employing.suggest,
    pairing.remind,
    following.ask,
    ending.end_due,
    undoing.forget,
    looking.look,
    sweeping.forget,
)


def hourly(now: datetime) -> int:
    """Each hour, :data:`HOURLY`, in its order; gives how many things were done. Raises as ``sweeping.all_of`` does."""
    return all_of(HOURLY, now)
