"""What a migration finds in a database that was used is still there after it, and the way back gives it again."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from setting import TODAY, databases
from sqlalchemy import text

from app import create_app
from commands.database import alembic_config, newest, revision, upgrade
from models.base import db
from models.convention import Convention
from models.inbound import InboundMessage
from models.outbox import OutboxMessage

AT = TODAY.replace(tzinfo=None)
_LETTER = ("INSERT INTO outbox_message (id, message_id, letter, recipient, recipient_name, envelope_from, subject, raw, state, "
           "created_at, due_at, attempts, server_said) VALUES (:id, :name, 'accueil/sign_in', 'noa@structure-b.example', 'Noa', "
           "'retour@ring.example', 'Essai', :raw, :state, :at, :at, 0, '')")


@pytest.fixture
def empty(tmp_path, database, request):
    """An application whose database has no table yet."""
    environ = {"RING_INSTANCE": str(tmp_path / "older")}
    if database == "postgresql":
        environ["RING_DATABASE_URL"] = request.getfixturevalue("postgres_server").new_database()
    app = create_app(environ, testing=True)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _move(to: str, *, back: bool = False) -> None:
    config = alembic_config()
    with db.engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if back else command.upgrade)(config, to)


def test_the_chain_of_migrations_has_one_end_and_files_are_named_in_its_order():
    chain = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()]
    assert chain == sorted(chain, reverse=True)
    assert chain[0] == newest()


@databases("sqlite", "postgresql")
def test_a_database_is_migrated_once(empty):
    assert revision() is None
    assert upgrade()
    assert revision() == newest()
    assert not upgrade()
    _move("-1", back=True)
    assert revision() != newest()
    assert upgrade()
    assert revision() == newest()


@databases("sqlite", "postgresql")
def test_the_bytes_of_letters_and_what_servers_said_of_them_outlive_their_move(empty):
    bytes_ = {1: b"Subject: essai\r\n\r\n.\r\n\x00\xff" + b"x" * 9000, 2: b"", 3: b"Subject: attend\r\n\r\n"}
    _move("0007")
    with db.engine.begin() as connection:
        for id_, raw in bytes_.items():
            connection.execute(text(_LETTER), {"id": id_, "name": f"<{id_}@ring.example>", "raw": raw, "at": AT,
                                               "state": "due" if id_ == 3 else "sent"})
        connection.execute(text("INSERT INTO delivery_event (outbox_message_id, email, at, outcome, code, said) VALUES "
                                "(1, 'noa@structure-b.example', :at, 'accepted', '250', '250 ok')"), {"at": AT})
    _move("head")
    assert {row.id: (row.raw, row.state) for row in db.session.query(OutboxMessage)} == {
        id_: (raw, "due" if id_ == 3 else "sent") for id_, raw in bytes_.items()}
    db.session.rollback()
    with db.engine.begin() as connection:
        assert connection.scalar(text("SELECT outbox_message_id FROM delivery_event")) == 1
        connection.execute(text("DELETE FROM outbox_message WHERE id = 2"))
        assert connection.scalar(text("SELECT count(*) FROM outbox_body")) == 2, "the bytes go with their letter"
    db.engine.dispose()
    _move("0007", back=True)
    with db.engine.begin() as connection:
        found = {row.id: bytes(row.raw) for row in connection.execute(text("SELECT id, raw FROM outbox_message"))}
    assert found == {id_: raw for id_, raw in bytes_.items() if id_ != 2}


_MAIL = ("INSERT INTO inbound_message (id, dedupe_key, received_at, carrier, raw, message_id, sender, subject, state, reason, "
         "attempts, handled_by) VALUES (:id, :key, :at, 'imap', :raw, '', '', '', 'done', '', 1, '')")


@databases("sqlite", "postgresql")
def test_the_bytes_of_mails_outlive_their_move(empty):
    bytes_ = {1: b"Subject: essai\r\n\r\n.\r\n\x00\xff" + b"x" * 9000, 2: b"Subject: rien\r\n\r\n", 3: b""}
    _move("0031")
    with db.engine.begin() as connection:
        for id_, raw in bytes_.items():
            connection.execute(text(_MAIL), {"id": id_, "key": f"{id_:064}", "raw": raw, "at": AT})
    _move("head")
    assert {row.id: row.raw for row in db.session.query(InboundMessage)} == bytes_
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM inbound_message WHERE id = 2"))
        assert connection.scalar(text("SELECT count(*) FROM inbound_body")) == 1, "the bytes go with their mail, or went before"
    db.engine.dispose()
    _move("0031", back=True)
    with db.engine.begin() as connection:
        found = {row.id: bytes(row.raw) for row in connection.execute(text("SELECT id, raw FROM inbound_message"))}
    assert found == {id_: raw for id_, raw in bytes_.items() if id_ != 2}


_DOSSIER = ("INSERT INTO dossier (id, kind, year, number, reference, submission_key, state, title, commune, created_at, "
            "moved_at, awaits_coordination, assigned_to, answers, summary, version) VALUES (1, 'immersion', 2027, 1, "
            "'IMM-2027-0001', 'k', 'to_sign', 'Essai', '30189', :at, :at, :no, '', '{}', '[]', 1)")
_CONVENTION = ("INSERT INTO convention (id, immersion_id, version, state, template, data, content_hash, pdf_sha256, saved_at) "
               "VALUES (:id, 1, :id, :state, 'convention/2026-12', '{}', :hash, '', :at)")


@databases("sqlite", "postgresql")
def test_conventions_sent_before_signatures_were_kept_are_still_there(empty):
    _move("0008")
    with db.engine.begin() as connection:
        connection.execute(text(_DOSSIER), {"at": AT, "no": False})
        for id_, state in ((1, "superseded"), (2, "issued")):
            connection.execute(text(_CONVENTION), {"id": id_, "state": state, "hash": "a" * 64, "at": AT})
    _move("head")
    assert [(row.version, row.state, row.kind, row.number, row.seal_state, row.verification_code, row.signatures)
            for row in db.session.query(Convention).order_by(Convention.id)] == [
        (1, "superseded", "convention", 0, "", None, []), (2, "issued", "convention", 0, "", None, [])]
    db.session.rollback()
    db.engine.dispose()
    _move("0008", back=True)
    with db.engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM convention")) == 2


@databases("sqlite", "postgresql")
@pytest.mark.parametrize("name", ["ix_dossier_shelf", "ix_dossier_confirmed", "ix_journal_entry_counted",
                                  "ix_inbound_message_handled", "ix_participant_email_lower", "ix_membre_name"])
def test_an_index_on_words_of_sql_is_made_of_those_the_questions_are_asked_in(empty, name):
    """Changed in the models alone, it would be found by no question any more, and nothing would say so but the time."""
    _move("head")
    made = next(index for table in db.metadata.tables.values() for index in table.indexes if index.name == name)
    with db.engine.begin() as connection:
        found = text("SELECT sql FROM sqlite_master WHERE name = :name" if connection.dialect.name == "sqlite" else
                     "SELECT indexdef FROM pg_indexes WHERE indexname = :name")
        before = connection.scalar(found, {"name": name})
        connection.execute(text(f"DROP INDEX {name}"))
        made.create(connection)
        assert _bare(connection.scalar(found, {"name": name})) == _bare(before)


def _bare(sql: str) -> str:
    return "".join(one for one in sql.lower() if not one.isspace() and one not in '"()')


def test_a_table_whose_numbers_are_given_once_is_made_so(context):
    """A later migration that makes a table anew would forget it."""
    made = dict(db.session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all())
    wanted = {table.name for table in db.metadata.tables.values() if table.dialect_options["sqlite"]["autoincrement"]}
    assert {name for name, sql in made.items() if "AUTOINCREMENT" in sql.upper()} == wanted
    assert wanted >= {"participant", "inbound_message", "access_link", "membre", "immersion_session"}


@databases("sqlite", "postgresql")
def test_numbers_of_signed_addresses_go_on_where_they_were_and_the_rows_stay(empty):
    _move("0026")
    with db.engine.begin() as connection:
        connection.execute(text(_DOSSIER), {"at": AT, "no": False})
        connection.execute(text(_SEAT), {"id": 7, "email": "noa@structure-b.example", "yes": True})
        connection.execute(text(_ENTRY), {"at": AT})
    _move("head")
    with db.engine.begin() as connection:
        assert connection.execute(text("SELECT id, participant_id FROM journal_entry")).all() == [(1, 7)]
        if connection.dialect.name == "sqlite":
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            connection.execute(text("DELETE FROM participant"))
            connection.execute(text(_SEAT.replace("id, ", "", 1).replace(":id, ", "")), {"email": "lou@x.example", "yes": True})
            assert connection.scalar(text("SELECT id FROM participant")) == 8
    _move("0026", back=True)


_SEAT = ("INSERT INTO participant (id, dossier_id, role, name, email, phone, quality, organisation, active, named) VALUES "
         "(:id, 1, 'author', 'Noa', :email, '', '', '', :yes, :yes)")
_ENTRY = ("INSERT INTO journal_entry (id, dossier_id, at, kind, participant_id, via, facts) VALUES (1, 1, :at, 'submitted', 7, "
          "'web', '{}')")
