"""A Maildir folder is taken in as it is, again and again: a backup, or what another program left."""

from __future__ import annotations

import pytest
from cast import COORDINATOR

from models.base import db
from models.dossier import Dossier


@pytest.fixture
def folder(tmp_path, mail):
    for name in ("new", "cur", "tmp"):
        (tmp_path / "Maildir" / name).mkdir(parents=True)
    made = tmp_path / "Maildir"
    (made / "cur" / "1700000001.a.host:2,S").write_bytes(mail.answer("La première"))
    (made / "new" / "1700000002.b.host").write_bytes(mail.answer("La deuxième"))
    (made / "tmp" / "1700000003.c.host").write_bytes(mail.answer("En cours de livraison"))
    (made / "cur" / ".cache").write_bytes(b"x")
    (made / "dovecot-uidlist").write_bytes(b"3 V1 N3\n")
    return made


def bring(app, folder) -> str:
    done = app.test_cli_runner().invoke(args=["inbox", "import", str(folder)])
    assert done.exit_code == 0, done.output
    return done.output.replace("\u00a0", " ").strip()


def state(folder) -> dict:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def test_it_is_taken_in_order_and_a_second_time_changes_nothing(app, folder, mail):
    before = state(folder)
    assert bring(app, folder) == "Nouveaux : 2. Déjà connus : 0. Trop lourds : 0."
    assert mail.said() == ["La première", "La deuxième"]
    assert bring(app, folder) == "Nouveaux : 0. Déjà connus : 2. Trop lourds : 0."
    assert mail.said() == ["La première", "La deuxième"]
    assert state(folder) == before, "the source is not touched"


def test_a_command_of_a_restored_mail_is_not_done_twice(app, folder, mail, post, clock):
    (folder / "new" / "1700000009.z.host").write_bytes(mail.answer("/clore\nMerci à vous"))
    bring(app, folder)
    with app.app_context():
        assert db.session.scalars(db.select(Dossier.state)).one() == "closed"
    before = len(post.all())
    bring(app, folder)
    assert len(post.all()) == before


def test_what_came_by_another_carrier_is_known_even_when_its_bytes_differ(app, folder, mail, clock):
    from inbox import receive
    with app.app_context():
        receive(b"Delivered-To: x@ring.example\r\n" + (folder / "new" / "1700000002.b.host").read_bytes(), "imap", clock.now)
    bring(app, folder)
    assert sorted(mail.said()) == ["La deuxième", "La première"]


def test_what_was_erased_after_its_days_is_still_known(app, folder, mail, clock):
    from jobs.engine import hourly
    bring(app, folder)
    clock.advance(days=31)
    with app.app_context():
        hourly(clock.now)
    assert [row.raw for row in mail.kept()] == [b"", b""]
    assert bring(app, folder) == "Nouveaux : 0. Déjà connus : 2. Trop lourds : 0."
    assert len(mail.said()) == 2


def test_a_file_that_is_too_large_is_answered_and_the_rest_goes_on(app, folder, mail, post):
    (folder / "cur" / "1700000000.0.host:2,").write_bytes(mail.answer("Trop") + b"A" * (26 * 1024 * 1024))
    assert bring(app, folder) == "Nouveaux : 2. Déjà connus : 0. Trop lourds : 1."
    assert post.last(COORDINATOR, "mail_too_large")
    assert len(mail.said()) == 2


def test_a_folder_of_another_kind_is_told(app, tmp_path):
    done = app.test_cli_runner().invoke(args=["inbox", "import", str(tmp_path)])
    assert done.exit_code == 1 and "Maildir" in done.output and "Error" not in done.output
