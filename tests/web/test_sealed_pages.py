"""The page of a request says where the sealing stands, offers the sealed file, and lets the coordination try again."""

from __future__ import annotations

from pathlib import Path

import pytest
from cast import ANDREA, CLAUDE, NOA, press, sign_in
from icalendar import Calendar
from pages import soup
from roads.signed import again, issued, signed
from roads.stories import letters, token_in

from models.convention import Convention
from services import convention
from services.files import read_content


@pytest.fixture
def row(context, clock) -> Convention:
    return signed(clock.now)


def words(response) -> str:
    return " ".join(soup(response).main.get_text(" ").split())


def own(address: str) -> str:
    return f"/d/{token_in(letters(address)[-1])}"


def test_from_the_last_signature_to_the_sealed_file_each_party_reads_where_it_is(client, row, clock):
    link = own(NOA)
    assert "chaque personne le reçoit par courriel dans quelques minutes" in words(client.get(link))
    convention.seal_due(clock.now)
    row = again(row)
    for address in (NOA, CLAUDE, ANDREA):
        page = client.get(own(address))
        assert row.verification_code in words(page)
        href = soup(page).find("a", string=lambda text: text and text.startswith("Télécharger le document scellé"))
        href = href or next(a for a in soup(page).find_all("a") if a.get_text().startswith("Télécharger le document scellé"))
        file = client.get(href["href"])
        assert file.data == read_content(row.sealing.file)
        assert f"convention-{row.immersion.reference}-v1-signee.pdf" in file.headers["Content-Disposition"]
        assert client.get(f"{own(address)}/convention.pdf").data == file.data, "the convention is the sealed one from now on"


def test_the_sessions_go_to_a_calendar_from_the_page_once_it_is_signed(client, context, clock):
    dossier = issued(clock.now)
    assert client.get(f"{own(NOA)}/agenda.ics").status_code == 404
    signed(clock.now, dossier)
    convention.seal_due(clock.now)
    answer = client.get(f"{own(NOA)}/agenda.ics")
    calendar = Calendar.from_ical(answer.data)
    assert answer.mimetype == "text/calendar" and calendar["method"] == "PUBLISH" and len(calendar.walk("VEVENT")) == 2


def test_a_sealing_that_fails_is_told_to_each_as_it_concerns_them_and_tried_again_by_a_press(client, post, row, clock, context):
    folder = Path(context.instance_path) / "seal"
    folder.mkdir(exist_ok=True)
    (folder / "key.pem").write_text("nothing of a key")
    convention.seal_due(clock.now)
    party = words(client.get(own(NOA)))
    assert "prend plus de temps que prévu" in party and "key.pem" not in party
    sign_in(client, post)
    base = f"/coordination/{again(row).immersion.reference}"
    page = words(client.get(base))
    assert "Le scellement échoue" in page and "Prochain essai" in page
    (folder / "key.pem").unlink()
    assert again(row).seal_state == "failed", "reading changes nothing"
    press(client, f"{base}/sceller")
    huey = context.extensions["huey"]
    while (task := huey.dequeue()) is not None:
        huey.execute(task)
    assert again(row).seal_state == "sealed"
    assert "Télécharger le document scellé" in words(client.get(base))
    assert client.post(f"{base}/sceller").status_code == 409


def test_a_sealed_file_is_not_somebody_else_s(client, row, clock):
    from roads.stories import planted

    from models.states import Kind
    convention.seal_due(clock.now)
    file = again(row).sealing.file_id
    other = planted(Kind.IMMERSION, "submitted", clock.now)
    from models.access_link import Purpose
    from models.base import transaction
    from services.links import personal_url
    with transaction():
        url = personal_url(Purpose.DOSSIER, other.author, clock.now)
    assert client.get(f"/d/{url.rsplit('/', 1)[1]}/fichier/{file}").status_code == 404
