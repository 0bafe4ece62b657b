"""Tables that leave: whole, in three formats, with the exact words of the State's tool, and never a formula nor an alert."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date

import pytest
from cast import AIDE, COORDINATOR, NOA, STRUCTURE, confirm, send, sign_in
from odf.opendocument import load
from odf.table import TableCell, TableRow
from odf.teletype import extractText
from openpyxl import load_workbook
from pages import soup
from roads.stories import confirmed, host_structure
from setting import databases
from sqlalchemy import insert

from models import coop
from models.base import db, transaction
from models.dossier import Dossier
from models.states import Kind
from models.structure import Membre
from services import exports
from services.acting import perform
from services.exports.sheets import Sheet, safe, write

#: What La Coop takes, from its own sources (reference field.md 2.4).
COOP = {
    coop.ActivityType: ["animation", "evenement", "partenariat"], coop.Initiative: ["initiative", "demande"],
    coop.AnimationType: ["assemblee", "comite", "groupe_de_travail", "echange", "reunion_coordination", "webinaire", "autre"],
    coop.AnimationTheme: ["partage", "reseau", "soutien", "professionnel", "rh", "autre"]}
WICKED = ["=cmd|'/C calc'!A0", "+33465710000", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "ordinaire", "l’été",
          "a;b\"c", "deux\nlignes", "\x00\x0b=1", "=HYPERLINK(\"http://x\")"]


def read(content: bytes, extension: str) -> list[list[str]]:
    """Every cell of a file as text, as another program reads it."""
    if extension == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    if extension == "xlsx":
        page = load_workbook(io.BytesIO(content)).active
        assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
        return [["" if cell.value is None else cell.value if isinstance(cell.value, str) else str(cell.value) for cell in row]
                for row in page.iter_rows()]
    book = load(io.BytesIO(content))
    assert not [cell for cell in book.getElementsByType(TableCell) if cell.getAttribute("formula")]
    return [[extractText(cell) for cell in row.getElementsByType(TableCell)] for row in book.getElementsByType(TableRow)]


def _whole(table: str, year: int | None) -> Sheet:
    """A table with its rows read, which are read once."""
    sheet = exports.build(table, year)
    return replace(sheet, rows=list(sheet.rows))


def _whole_of(app, table: str) -> list:
    with app.app_context():
        return _whole(table, None).rows


@pytest.mark.parametrize("extension", sorted(exports.FORMATS))
def test_nothing_that_was_typed_is_a_formula(extension):
    sheet = Sheet("Essai", ["Mots"], [[word] for word in WICKED])
    cells = [row[0] for row in read(b"".join(write(sheet, extension)), extension)[1:]]
    assert len(cells) == len(WICKED)
    assert not [cell for cell in cells if re.match(r"[=+\-@\t\r\n＝]", cell)]
    assert "ordinaire" in cells and "l’été" in cells and "a;b\"c" in cells


def test_numbers_and_days_stay_what_they_are():
    assert safe(-3) == -3 and safe(date(2027, 1, 11)) == date(2027, 1, 11) and safe(None) is None
    page = load_workbook(io.BytesIO(b"".join(write(Sheet("Essai", ["n", "d"], [[-3, date(2027, 1, 11)]]), "xlsx")))).active
    assert page["A2"].value == -3 and page["B2"].value.date() == date(2027, 1, 11)


def test_an_ods_keeps_types_lines_and_blanks():
    wanted = [[-3, date(2027, 1, 11), "deux  blancs\tpuis une ligne\net <une> & autre", None]]
    content = b"".join(write(Sheet("Essai", ["n", "d", "m", "r"], wanted), "ods"))
    _names, [number, day, words, nothing] = [row.getElementsByType(TableCell) for row in
                                             load(io.BytesIO(content)).getElementsByType(TableRow)]
    assert (number.getAttribute("value"), day.getAttribute("datevalue")) == ("-3", "2027-01-11")
    assert [extractText(line) for line in words.childNodes] == ["deux  blancs\tpuis une ligne", "et <une> & autre"]
    assert extractText(day) == "11/01/2027" and extractText(nothing) == ""
    assert content[30:38] == b"mimetype" and content[38:84] == b"application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize("words", sorted(COOP, key=lambda words: words.__name__), ids=lambda words: words.__name__)
def test_the_words_of_the_states_tool_are_its_own(words):
    assert [word.value for word in words] == COOP[words]


@pytest.fixture
def played(app, client, post, clock):
    """A structure joined, a simple question was answered."""
    send(client, "/rejoindre/structure", STRUCTURE)
    confirm(client, post, "claude@structure-c.example")
    post.reply(post.last(COORDINATOR), "accepter")
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    clock.advance(minutes=95)
    post.reply(post.last(COORDINATOR), "Il faut un mandat écrit signé.")
    return app


def test_help_answered_is_reported_once_as_the_tool_wants_it(played, post, clock):
    post.reply(post.last(COORDINATOR), "Et voici un modèle.")
    with played.app_context():
        sheet = _whole("activite", None)
        assert [row[1:] for row in sheet.rows] == [
            ["animation", "demande", "echange", "reseau", "ADH-2027-0001"],
            ["animation", "demande", "echange", "partage", "AIDE-2027-0001"]]
        assert _whole("activite", 2026).rows == []


def test_requests_leave_without_anybodys_name(played):
    with played.app_context():
        sheet = _whole("demandes", 2027)
        said = repr(sheet.rows)
        assert [row[0] for row in sheet.rows] == ["ADH-2027-0001", "AIDE-2027-0001"]
        assert sheet.rows[1][9] == 2, "an hour and thirty-five minutes to the first answer"
        assert not [word for word in ("Noa", "Fictif", "Claude", "@", "mandat") if word in said]


def test_members_leave_with_what_a_coordinator_needs(played):
    with played.app_context():
        [row] = _whole("membres", None).rows
        assert row[:4] == ["Accueil", "Claude", "structure", "claude@structure-c.example"]
        assert "Bagnols-sur-Cèze" in row


@databases("sqlite", "postgresql")
@pytest.mark.parametrize("extension", sorted(exports.FORMATS))
@pytest.mark.parametrize("table", sorted(exports.TABLES))
def test_each_file_is_downloaded_whole_from_both_databases(played, client, post, table, extension):
    sign_in(client, post)
    answer = client.get(f"/coordination/exports/{table}.{extension}")
    assert len(read(answer.data, extension)) == len(_whole_of(played, table)) + 1 > 1


@pytest.mark.parametrize("extension", sorted(exports.FORMATS))
def test_the_page_gives_each_file_under_its_own_name(played, client, post, extension):
    with played.app_context(), transaction():
        db.session.query(Dossier).filter_by(reference="AIDE-2027-0001").one().title = "=1+1"
    sign_in(client, post)
    page = soup(client.get("/coordination/exports"))
    link = f"/coordination/exports/demandes.{extension}?annee=2027"
    assert link in [a["href"] for a in page.select(".exports a")]
    answer = client.get(link)
    assert answer.status_code == 200 and answer.mimetype == exports.FORMATS[extension][0].split(";")[0]
    assert f"demandes-2027-2027-01-11.{extension}" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    rows = read(answer.data, extension)
    assert [row[0] for row in rows[1:]] == ["ADH-2027-0001", "AIDE-2027-0001"] and "'=1+1" in rows[2]


def test_a_table_longer_than_what_is_read_at_once_leaves_whole(app, client, post, clock):
    with app.app_context(), transaction() as session:
        session.execute(insert(Membre), [
            {"kind": "professional", "given_name": "Camille", "family_name": f"Modèle{place}",
             "email": f"c{place}@structure-a.example", "commune": "30189",
             "charter_version": "2026-11", "joined_at": clock.now} for place in range(2100)])
    sign_in(client, post)
    for extension in exports.FORMATS:
        assert len(read(client.get(f"/coordination/exports/membres.{extension}").data, extension)) == 2101


def test_no_table_knows_anything_of_alerts():
    import ast
    from pathlib import Path
    for path in Path(exports.__file__).parent.glob("*.py"):
        names = {name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)
                 for name in (node.module or "").split(".")}
        assert not [name for name in names if "alerte" in name], path


@databases("sqlite", "postgresql")
@pytest.mark.parametrize("table", sorted(exports.TABLES))
@pytest.mark.parametrize("year", [None, 2027, 2026])
def test_a_table_leaves_whole_from_both_databases_piece_after_piece(client, post, context, clock, table, year):
    dossier = confirmed(Kind.ENTRAIDE, clock.now)
    perform("repondre", dossier.coordinators[0].id, "Voici.", clock.now)
    host_structure(clock.now)
    rows = read(b"".join(write(exports.build(table, year), "csv")), "csv")
    assert len(rows) == (1 if year == 2026 else 2)
