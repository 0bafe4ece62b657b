"""What the house says of personal data is what it does."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from cast import AIDE, COORDINATOR, NOA, confirm, send
from house.test_links_act_on_press_only import dump
from sqlalchemy import func, select

from blueprints.accueil import RETENTIONS
from jobs.engine import hourly
from models.base import db
from models.outbox import OutboxMessage
from models.personal_data import PERSONAL_DATA, Erasure
from models.stored_file import StoredFile
from services import digest, files, links, submission, throttle
from services.alerte import notices, watch
from services.coordination import bulk, presence
from services.delivery import retention
from services.donnees import moving, team
from services.inbound import addresses, erasing
from services.membre import merging


def test_every_column_of_every_table_is_declared_once():
    tables = {table.name: {column.name for column in table.columns} for table in db.metadata.sorted_tables}
    assert set(tables) == set(PERSONAL_DATA)
    for name, kept in PERSONAL_DATA.items():
        assert set(kept.personal) & set(kept.technical) == set(), name
        assert set(kept.personal) | set(kept.technical) == tables[name], name


@pytest.mark.parametrize("name", sorted(PERSONAL_DATA))
def test_what_is_personal_has_a_reason_and_a_way_to_go(name):
    kept = PERSONAL_DATA[name]
    assert kept.why
    assert all(kept.personal.values())
    assert bool(kept.personal) == bool(kept.erased)
    assert (kept.days is not None) == (Erasure.JOB in kept.erased) == bool(kept.since)


def test_days_are_those_of_the_jobs():
    days = {"dossier": submission.DELETED_AFTER, "outbox_message": submission.DELETED_AFTER, "stored_file": files._UNSENT_KEPT,
            "inbound_message": submission.DELETED_AFTER, "inbound_body": erasing.RAW_KEPT, "access_link": links.KEPT,
            "throttle": throttle.KEPT,
            "coordinator_absence": presence.KEPT, "bulk_action": bulk.KEPT,
            "second_address": addresses.KEPT_UNANSWERED, "address_move": moving.KEPT, "invitation": team.KEPT,
            "digest_item": digest.KEPT, "merge": merging.UNDONE_FOR,
            "delivery_event": retention.RAW_KEPT, "outbox_body": retention.RAW_KEPT, "stopped_address": retention.STOPPED_KEPT,
            "alerte": watch.KEPT, "alerte_notice": notices.GIVEN_UP_AFTER}
    assert {name: timedelta(days=kept.days) for name, kept in PERSONAL_DATA.items() if kept.days} == days
    emptied = {name: kept for name, kept in PERSONAL_DATA.items() if kept.emptied}
    assert {name: timedelta(days=kept.emptied_days) for name, kept in emptied.items()} == {
        "inbound_message": erasing.RAW_KEPT}
    assert all(set(kept.emptied) <= set(kept.personal) and kept.emptied_since for kept in emptied.values())


def test_what_goes_with_its_dossier_is_tied_to_it_by_the_database():
    tied, tables = {"dossier"}, db.metadata.tables
    while more := {name for name, table in tables.items() if name not in tied and any(
            key.ondelete == "CASCADE" and key.column.table.name in tied for key in table.foreign_keys)}:
        tied |= more
    assert {name for name, kept in PERSONAL_DATA.items() if Erasure.WITH_DOSSIER in kept.erased} <= tied


def test_an_unconfirmed_request_leaves_no_trace_after_its_days(app, client, clock, post):
    """Neither row nor letter nor answer nor file speaks of the person any more."""
    planning = {"fichiers": (io.BytesIO(b"%PDF-1.7 Noa"), "planning-de-Noa.pdf")}
    send(client, "/aide", [(slug, answers | (planning if slug == "contexte" else {})) for slug, answers in AIDE])
    post.reply(post.last(NOA), "Bonjour, je suis Noa Fictif")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 2, "the question, and what to write"
        assert db.session.scalar(select(StoredFile.name)) == "planning-de-Noa.pdf"
        for days in (3, 4.1, 30, 8):
            clock.advance(days=days)
            hourly(clock.now)
            files.purge_unsent_uploads(clock.now)
        assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0
        assert not [path for path in (app.extensions["ring"].settings.files_dir).rglob("*") if path.is_file()]
    left = dump(app)
    said = " ".join(row for rows in left.values() for row in rows).lower()
    assert not [word for word in ("noa", "fictif", "mandat") if word in said]
    assert {name for name, rows in left.items() if rows} <= {"reference_counter", "throttle"}


def test_a_confirmed_request_is_not_removed_by_a_job(app, client, clock, post):
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    clock.advance(days=400)
    with app.app_context():
        hourly(clock.now)
    assert post.to(COORDINATOR)
    assert dump(app)["dossier"]


def test_the_page_promises_no_erasure_that_no_job_does():
    """A number of days is one a job keeps; all the rest is kept until its erasure is asked for, and the page says so."""
    days = {found for kept in PERSONAL_DATA.values() for found in (kept.days, kept.emptied_days) if found}
    promised = [int(number) for row in RETENTIONS for number in re.findall(r"(\d+)[ \u00a0](?:jours?|mois|ans?)\b", row.how_long)]
    assert set(promised) == days
    assert not [row.how_long for row in RETENTIONS if re.search(r"\b(mois|ans?|anonymis)", row.how_long)]
    assert sum("demand" in row.how_long for row in RETENTIONS) >= 4
