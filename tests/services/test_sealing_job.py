"""What all have signed is sealed and sent, once, whatever fails, dies or happens twice meanwhile."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, NOA
from icalendar import Calendar
from roads.signed import again, issued, signed
from roads.stories import letters, said_in, who
from setting import at_once, databases
from sqlalchemy import func, select

from jobs.engine import sweep
from models.base import db, transaction
from models.sealing import Sealing
from models.stored_file import StoredFile
from pdf.verify import Finding
from services import convention, sealing
from services.convention import sealing_job
from services.files import read_content

both = databases("sqlite", "postgresql")


def attached(row) -> list:
    return list(message_from_bytes(row.raw, policy=default).iter_attachments())


def sealed_files() -> list[StoredFile]:
    return list(db.session.scalars(select(StoredFile).where(StoredFile.name.like("%signee%"))))


@both
def test_the_sealed_file_is_kept_said_and_sent_to_everyone_with_the_sessions(context, clock):
    row = signed(clock.now)
    assert convention.seal_due(clock.now) == 1
    row = again(row)
    (file,) = sealed_files()
    content = read_content(file)
    assert row.seal_state == "sealed" and row.sealing.file_id == file.id and row.sealing.level == "B-B"
    assert row.sealing.sealed_at == clock.now and file.dossier_id == row.immersion_id
    verdict = sealing.verify_document(content, clock.now)
    assert verdict.finding is Finding.AUTHENTIC and verdict.carried.code == row.verification_code
    assert verdict.carried.content_hash == row.content_hash
    assert [each["name"] for each in verdict.carried.proofs["proofs"]] == [each.name for each in row.signatures]
    assert "scellée" in row.immersion.journal[-1].sentence
    got = letters("", "convention_sealed")
    assert sorted(letter.recipient for letter in got) == sorted([NOA, ANDREA, CLAUDE, COORDINATOR])
    for letter in got:
        pdf, *calendars = attached(letter)
        assert pdf.get_content_type() == "application/pdf" and pdf.get_payload(decode=True) == content
        assert pdf.get_filename() == f"convention-{row.immersion.reference}-v1-signee.pdf"
        assert row.verification_code in said_in(letter)
        events = [event for part in calendars for event in Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")]
        assert [event["uid"] for event in events] == [f"seance-{each.id}@ring.example" for each in row.immersion.sessions]
        assert {str(event["attendee"]) for event in events} == {f"mailto:{letter.recipient}"}
        assert {event["transp"] for event in events} == {"OPAQUE" if letter.recipient in (NOA, CLAUDE) else "TRANSPARENT"}


def test_a_calendar_file_holds_no_address_of_others_nor_a_personal_link(context, clock):
    signed(clock.now)
    convention.seal_due(clock.now)
    for letter in letters("", "convention_sealed"):
        for part in attached(letter)[1:]:
            text = part.get_payload(decode=True).replace(b"\r\n ", b"").decode()
            assert text.lower().count("mailto:") == 2 and "/d/" not in text and "06 39" not in text


@both
def test_sealing_again_does_nothing_more(context, clock):
    signed(clock.now)
    assert [convention.seal_due(clock.now) for _ in range(3)] == [1, 0, 0]
    assert len(sealed_files()) == 1 and len(letters("", "convention_sealed")) == 4


@both
def test_two_workers_at_the_same_instant_make_one_sealed_file(context, clock):
    for number in range(2):
        signed(clock.now, issued(clock.now, timedelta(days=7 * 4 * number)))
    _given, raised = at_once(context, 4, lambda _: convention.seal_due(clock.now))
    db.session.rollback()
    assert raised == [] and sum(_given) == 2
    assert len(sealed_files()) == 2 and len(letters("", "convention_sealed")) == 8


def test_nothing_is_sealed_before_all_have_signed(context, clock):
    issued(clock.now)
    assert convention.seal_due(clock.now) == 0 and sealed_files() == []


def test_a_version_cancelled_meanwhile_is_neither_sealed_nor_sent(context, clock):
    row = signed(clock.now)
    with transaction():
        row.state = "cancelled"
    assert convention.seal_due(clock.now) == 0 and letters("", "convention_sealed") == []


def test_the_sweep_finds_what_a_lost_task_left(context, clock):
    signed(clock.now)
    sweep(clock.now)
    assert len(sealed_files()) == 1


def test_the_last_signature_wakes_the_task(context, clock):
    row = signed(clock.now)
    huey = context.extensions["huey"]
    names = []
    while (task := huey.dequeue()) is not None:
        names.append(task.name)
        huey.execute(task)
    assert "seal_due" in names and again(row).seal_state == "sealed"


@pytest.fixture
def broken_key(context):
    """The seal's key cannot be read; gives what mends it."""
    folder = Path(context.instance_path) / "seal"
    folder.mkdir(exist_ok=True)
    (folder / "key.pem").write_text("nothing of a key")
    return lambda: (folder / "key.pem").unlink()


@both
def test_what_fails_is_tried_later_and_later_then_told_and_mended_without_loss(context, clock, broken_key):
    row = signed(clock.now)
    told = len(letters(COORDINATOR, "digest"))
    waited = []
    for _ in range(8):
        assert convention.seal_due(clock.now) == 0
        row = again(row)
        assert row.seal_state == "failed" and row.sealing.error and row.sealing.lease_until is None
        waited.append(round((row.sealing.next_try_at - clock.now).total_seconds() / 60))
        assert convention.seal_due(clock.now) == 0, "not before its time"
        assert again(row).sealing.failures == len(waited)
        clock.now = row.sealing.next_try_at
    assert waited == [1, 5, 15, 60, 180, 360, 360, 360]
    news = letters(COORDINATOR, "digest")[told:]
    assert len(news) == 1, "once a day, not at each attempt"
    assert "scellement échoue" in said_in(news[0]) and row.immersion.reference in said_in(news[0])
    broken_key()
    assert convention.seal_due(clock.now) == 1
    row = again(row)
    assert (row.seal_state, row.sealing.failures, row.sealing.error) == ("sealed", 0, "")
    assert len(letters("", "convention_sealed")) == 4


def test_a_process_that_died_gives_its_attempt_back_and_the_same_document_is_made(context, clock, monkeypatch):
    signed(clock.now)

    class Killed(BaseException):
        """What no handler catches."""

    made = []
    original = sealing_job.sealing.seal_document

    def die(pdf, moment):
        made.append(original(pdf, moment).content)
        raise Killed
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(sealing_job.sealing, "seal_document", die)
        convention.seal_due(clock.now)
    db.session.remove()
    assert convention.seal_due(clock.now + timedelta(minutes=1)) == 0, "somebody may still be at it"
    assert convention.seal_due(clock.now + timedelta(minutes=6)) == 1
    (file,) = sealed_files()
    assert read_content(file) == made[0], "begun again, it is the same document"
    assert len(letters("", "convention_sealed")) == 4
    assert db.session.scalar(select(Sealing.attempts)) == 2


def test_an_attempt_that_comes_back_late_is_thrown_away(context, clock, monkeypatch):
    """Slower than its lease: another one has sealed meanwhile."""
    row = signed(clock.now)
    original = sealing_job.sealing.seal_document

    def slow(pdf, moment):
        monkeypatch.setattr(sealing_job.sealing, "seal_document", original)
        assert convention.seal_due(clock.now + timedelta(minutes=6)) == 1
        return original(pdf, moment + timedelta(seconds=9))
    monkeypatch.setattr(sealing_job.sealing, "seal_document", slow)
    assert convention.seal_due(clock.now) == 0
    assert db.session.scalar(select(func.count()).select_from(Sealing)) == 1
    assert len(letters("", "convention_sealed")) == 4 and len(sealed_files()) == 1
    assert again(row).seal_state == "sealed"


def test_no_transaction_is_open_while_the_document_is_made(context, clock, monkeypatch):
    from models.base import in_transaction
    seen = []
    original = sealing_job.sealing.seal_document

    def look(pdf, moment):
        seen.append((in_transaction(), db.session().in_transaction()))
        return original(pdf, moment)
    signed(clock.now)
    monkeypatch.setattr(sealing_job.sealing, "seal_document", look)
    convention.seal_due(clock.now)
    assert seen == [(False, False)]


def test_the_tutor_named_with_an_address_receives_it_too(context, clock):
    dossier = issued(clock.now)
    with transaction():
        row = dossier.convention
        row.data = row.data | {"tutor": row.data["tutor"] | {"email": "tuteur@structure-c.example", "name": "Ariel Modèle"}}
        row.content_hash = convention_hash(row.data)
    signed(clock.now, dossier)
    convention.seal_due(clock.now)
    assert [letter.recipient_name for letter in letters("tuteur@structure-c.example", "convention_sealed")] == ["Ariel Modèle"]
    assert [p.role for p in again(dossier.convention).immersion.participants if p.email.startswith("tuteur@")] == ["tutor"]
    assert who(dossier, "tutor")


def convention_hash(data) -> str:
    from pdf.convention import content_hash, from_json
    return content_hash(from_json(data))


def test_the_command_seals_at_once_what_failed_and_says_what_is_left(app, context, clock, broken_key):
    row = signed(clock.now)
    runner = app.test_cli_runner()
    convention.seal_due(clock.now)
    said = runner.invoke(args=["convention", "seal"])
    assert said.exit_code == 1 and "✗" in said.output and row.immersion.reference in said.output
    broken_key()
    said = runner.invoke(args=["convention", "seal", "IMM-1999-0001"])
    assert said.exit_code == 0 and "Rien n’attend" in said.output
    said = runner.invoke(args=["convention", "seal", again(row).immersion.reference])
    assert said.exit_code == 0 and "✓" in said.output and "Scellés : 1. Restent : 0." in said.output
    assert again(row).seal_state == "sealed"
    assert "Rien n’attend" in runner.invoke(args=["convention", "seal"]).output


def test_what_could_not_be_sealed_is_among_what_an_operator_must_mend(app, context, clock, broken_key):
    row = signed(clock.now)
    convention.seal_due(clock.now)
    said = app.test_cli_runner().invoke(args=["check"])
    assert said.exit_code == 1 and f"{row.immersion.reference} : signée, mais le scellement échoue" in said.output
