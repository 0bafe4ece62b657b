"""Files are stored once, belong to one request, and open only for those they were meant for."""

from __future__ import annotations

import io
import os
from datetime import timedelta

import pytest
from cast import AIDE, NOA, confirm, send, sign_in
from roads.stories import confirmed, form, planted, who
from sqlalchemy import select

from models.access_link import Purpose
from models.base import db, transaction
from models.dossier import Actor
from models.states import Kind, Role
from models.stored_file import StoredFile
from services import conversation, files, links, submission, throttle
from services.errors import FileRefused, NotFound

PDF = b"%PDF-1.7 un planning"


def _on_disk(app) -> list[bytes]:
    return [path.read_bytes() for path in app.extensions["ring"].settings.files_dir.rglob("*") if path.is_file()]


def test_the_same_content_lies_once_on_disk_however_often_it_is_sent(context, clock):
    keys = {files.receive_upload(f"copie {n}.pdf", "application/pdf", PDF, "a", clock.now).id for n in range(3)}
    assert len(keys) == 3
    assert _on_disk(context) == [PDF]
    rows = repr(db.session.execute(select(StoredFile.key_hash)).all())
    assert not [key for key in keys if key in rows], "keys are kept as hashes"


def test_a_file_goes_with_its_form_and_with_no_other(context, clock):
    key = files.receive_upload("planning.pdf", "application/pdf", PDF, "a", clock.now).id
    submission.submit(form(key="k1", uploads=(key,)), "a", clock.now)
    submission.submit(form(key="k2", uploads=(key, "inconnue")), "a", clock.now)
    row = db.session.scalar(select(StoredFile))
    assert row.dossier.submission_key == "k1"


def test_a_file_too_heavy_is_told_so_and_not_kept(context, clock):
    with pytest.raises(FileRefused, match="10 Mo"):
        files.receive_upload("film.pdf", "application/pdf", b"%PDF" + b"0" * files.LONGEST, "a", clock.now)
    assert _on_disk(context) == []


def test_what_was_never_sent_goes_after_a_day_and_what_somebody_else_counts_on_stays(context, clock):
    files.receive_upload("un.pdf", "application/pdf", PDF, "a", clock.now)
    files.receive_upload("deux.pdf", "application/pdf", b"%PDF deux", "a", clock.now)
    kept = files.receive_upload("trois.pdf", "application/pdf", PDF, "b", clock.now).id
    submission.submit(form(uploads=(kept,)), "b", clock.now)
    assert files.purge_unsent_uploads(clock.now + timedelta(days=1)) == 0
    assert files.purge_unsent_uploads(clock.now + timedelta(days=1, seconds=1)) == 2
    assert _on_disk(context) == [PDF]
    assert files.read_content(db.session.scalar(select(StoredFile))) == PDF


def test_who_sends_too_many_files_fills_no_disk(context, clock, monkeypatch):
    monkeypatch.setattr(throttle, "allow", lambda *_args: False)
    with pytest.raises(FileRefused, match="beaucoup de fichiers"):
        files.receive_upload("un.pdf", "application/pdf", PDF, "a", clock.now)
    assert _on_disk(context) == []


def test_a_full_disk_refuses_the_file_and_not_the_page(context, clock, monkeypatch):
    def full(_content: bytes) -> str:
        raise OSError(28, "No space left on device")
    monkeypatch.setattr(files, "write_content", full)
    with pytest.raises(FileRefused, match="Continuez sans ce fichier"):
        files.receive_upload("un.pdf", "application/pdf", PDF, "a", clock.now)


def test_contents_that_no_row_names_go_after_a_day(context, clock):
    """What a crash left, or a row that went while its content was new."""
    named = files.receive_upload("un.pdf", "application/pdf", PDF, "a", clock.now)
    lost = files.write_content(b"%PDF perdu")
    partial = files.content_path(lost).with_name(f".{lost}.abcd")
    partial.write_bytes(b"%PD")
    for days, left in ((0.9, 3), (1.1, 1)):
        for path in (files.content_path(lost), partial):
            os.utime(path, times=2 * ((clock.now - timedelta(days=days)).timestamp(),))
        files.purge_unnamed(clock.now)
        assert len(_on_disk(context)) == left
    assert _on_disk(context) == [PDF] and named.size == len(PDF)


def test_a_file_lost_on_disk_is_a_page_that_says_so(context, clock):
    files.receive_upload("un.pdf", "application/pdf", PDF, "a", clock.now)
    row = db.session.scalar(select(StoredFile))
    files.content_path(row.sha256).unlink()
    with pytest.raises(NotFound, match="plus disponible"):
        files.read_content(row)


def test_a_file_opens_for_its_author_and_the_coordination_and_for_nobody_else(app, client, post, clock):
    planning = {"fichiers": (io.BytesIO(PDF), "Été « planning ».pdf")}
    send(client, "/aide", [(slug, answers | (planning if slug == "contexte" else {})) for slug, answers in AIDE])
    confirm(client, post, NOA)
    with app.app_context():
        other = confirmed(Kind.ENTRAIDE, clock.now, key="autre", email="autre@x.example")
        with transaction():
            stranger = links.personal_url(Purpose.DOSSIER, other.author, clock.now).removeprefix("http://localhost")
        number = db.session.scalar(select(StoredFile.id))
    mine = post.last(NOA, "request_received").link("d")
    answer = client.get(f"{mine}/fichier/{number}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''%C3%89t%C3%A9" in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"{stranger}/fichier/{number}").status_code == 404
    assert client.get(f"{mine}/fichier/{number + 1}").status_code == 404
    assert client.get(f"/coordination/AIDE-2027-0001/fichier/{number}").status_code == 303
    sign_in(client, post)
    assert client.get(f"/coordination/AIDE-2027-0001/fichier/{number}").data == PDF
    assert client.get(f"/coordination/AIDE-2027-0002/fichier/{number}").status_code == 404


def test_a_file_sent_to_one_party_is_not_for_the_others(app, client, clock):
    with app.app_context():
        dossier = planted(Kind.IMMERSION, "employer_asked", clock.now)
        coordinator = who(dossier, "coordinator")
        with transaction():
            file = files.new_file("avis.pdf", "application/pdf", PDF, clock.now)
            conversation.write(dossier, Actor(Role.COORDINATOR, coordinator), "Voici", clock.now, to=who(dossier, "employer"),
                               files=[file])
            paths = {role: links.personal_url(Purpose.DOSSIER, who(dossier, role), clock.now).removeprefix("http://localhost")
                     for role in ("author", "employer", "host")}
        number = file.id
    codes = {role: client.get(f"{path}/fichier/{number}").status_code for role, path in paths.items()}
    assert codes == {"author": 404, "employer": 200, "host": 404}
