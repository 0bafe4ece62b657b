"""kill -9 while documents are sealed: each ends sealed once, sent once to each person, and no second document exists."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import timedelta

from drawn_once import anew
from faults.killing import killed
from roads.signed import issued, signed
from roads.stories import letters
from setting import TODAY, databases
from sqlalchemy import select

from models.base import db
from models.convention import Convention
from models.stored_file import StoredFile
from pdf.verify import Finding
from services import convention, sealing
from services.files import read_content

HOW_MANY = 6


@databases("sqlite", "postgresql")
def test_a_sealing_killed_at_any_moment_loses_and_doubles_nothing(app, environ, warm):
    with app.app_context():
        for number in range(HOW_MANY):
            signed(TODAY, issued(TODAY, timedelta(weeks=4 * number)))
        db.session.remove()
        db.engine.dispose()
    # A document has some fifty moments. Whoever works beside may seal what is left: how often depends on the first row alone.
    struck = killed(warm, "seal", environ, alone=range(1, 48, 3), beside=range(4, 65, 12))
    assert len(struck) >= 16 and len(set(struck)) >= 8, "killed often enough to mean something"
    with app.app_context():
        with anew():  # by this process too, what others had drawn
            convention.seal_due(TODAY + timedelta(days=1))
        rows = db.session.scalars(select(Convention)).all()
        assert {row.seal_state for row in rows} == {"sealed"} and len(rows) == HOW_MANY
        assert sum(row.sealing.attempts for row in rows) > HOW_MANY + 8, "most were killed in the middle"
        sent = Counter((row.dossier_id, row.recipient) for row in letters("", "convention_sealed"))
        assert set(sent.values()) == {1} and len(sent) == 4 * HOW_MANY
        files = db.session.scalars(select(StoredFile).where(StoredFile.name.like("%signee%"))).all()
        assert sorted(file.id for file in files) == sorted(row.sealing.file_id for row in rows)
        for row in rows:
            content = read_content(row.sealing.file)
            assert hashlib.sha256(content).hexdigest() == row.sealing.sha256 == row.sealing.file.sha256
            assert sealing.verify_document(content, TODAY).finding is Finding.AUTHENTIC
            assert [entry.kind for entry in row.immersion.journal].count("convention_sealed") == 1
        # What a killed attempt had written already is the very document of the next one.
        folder = app.extensions["ring"].settings.files_dir
        whole = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
        found = [path for path in whole if sealing.verify_document(path.read_bytes(), TODAY).finding is Finding.AUTHENTIC]
        assert len(found) == HOW_MANY
