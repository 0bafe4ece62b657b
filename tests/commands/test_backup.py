"""``flask backup``: one dated folder from which the whole instance lives again; whole or not at all."""

from __future__ import annotations

import stat
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from roads.signed import issued
from setting import databases
from sqlalchemy import make_url, select, text

from app import create_app
from models.base import db
from models.dossier import Dossier
from models.stored_file import StoredFile
from services.files import read_content


@pytest.fixture
def used(app, clock) -> str:
    """An instance with a convention to sign and its PDF; gives the request's reference."""
    with app.app_context():
        reference = issued(clock.now).reference
        db.session.remove()
    (Path(app.instance_path) / "documents" / "convention").mkdir(parents=True)
    (Path(app.instance_path) / "documents" / "convention" / "2027-06.html").write_text("<p>Un texte à nous.</p>")
    return reference


def backed_up(app, folder: Path, *options: str) -> Path:
    said = app.test_cli_runner().invoke(args=["backup", str(folder), *options])
    assert said.exit_code == 0 and "Sauvegarde faite" in said.output, said.output
    return max(folder.iterdir())


@databases("sqlite", "postgresql")
def test_from_a_copy_the_whole_instance_lives_again(app, environ, used, tmp_path, request):
    copy = backed_up(app, tmp_path / "copies")
    again = {**environ, "RING_INSTANCE": str(copy)}
    if "RING_DATABASE_URL" in environ:
        server = request.getfixturevalue("postgres_server")
        again["RING_DATABASE_URL"] = server.new_database()
        subprocess.run(["pg_restore", f"--dbname={make_url(again['RING_DATABASE_URL']).set(drivername='postgresql')}",
                        str(copy / "ring.dump")], check=True)
    restored = create_app(again, testing=True)
    with restored.app_context():
        assert db.session.scalar(select(Dossier)).reference == used
        assert read_content(db.session.scalar(select(StoredFile))).startswith(b"%PDF")
        db.session.remove()
        db.engine.dispose()
    assert (copy / "documents" / "convention" / "2027-06.html").read_text() == "<p>Un texte à nous.</p>"
    assert {path.name for path in Path(app.instance_path).iterdir()} - {path.name for path in copy.iterdir()} <= {
        "jobs.db", "jobs.db-shm", "jobs.db-wal", "ring.db", "ring.db-shm", "ring.db-wal", "ring.db.lock"}, "nothing is forgotten"


def test_who_has_an_account_on_the_machine_reads_nothing_of_it(app, used, tmp_path):
    copy = backed_up(app, tmp_path / "copies")
    assert stat.S_IMODE((tmp_path / "copies").stat().st_mode) == stat.S_IMODE(copy.stat().st_mode) == 0o700


def test_it_waits_for_nobody_and_nobody_waits_for_it(app, used, tmp_path):
    with app.app_context():
        db.session.execute(text("update dossier set title = 'pas encore validé'"))
        copy = backed_up(app, tmp_path / "copies")
        db.session.rollback()
    assert b"pas encore valid" not in (copy / "ring.db").read_bytes()


def test_only_the_latest_stay_and_a_file_takes_its_room_once(app, clock, used, tmp_path):
    made = []
    for _ in range(4):
        made.append(backed_up(app, tmp_path / "copies", "--garder", "2"))
        clock.advance(days=1)
    assert sorted((tmp_path / "copies").iterdir()) == made[2:]
    files = Counter(path.stat().st_ino for folder in made[2:] for path in (folder / "files").rglob("*") if path.is_file())
    assert files and set(files.values()) == {2}


def test_what_was_killed_in_the_middle_is_no_copy_and_goes_with_the_next(app, used, tmp_path):
    stopped = tmp_path / "copies" / "2026-01-01-03h15m00.en-cours"
    stopped.mkdir(parents=True)
    copy = backed_up(app, tmp_path / "copies", "--garder", "1")
    assert list((tmp_path / "copies").iterdir()) == [copy]


def test_a_folder_that_cannot_be_written_is_said_in_french_and_nothing_is_left(app, used, tmp_path):
    (tmp_path / "copies").write_text("")
    said = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "copies")])
    assert said.exit_code != 0 and "Traceback" not in said.output
    for folder in (tmp_path / "copies" / "below", Path(app.instance_path) / "copies"):
        said = app.test_cli_runner().invoke(args=["backup", str(folder)])
        assert said.exit_code == 1 and "Sauvegarde impossible" in said.output
        assert not folder.exists()
