"""N05: hostile or strange input, from the form to the convention: shown as it is, refused with clear words, or taken whole."""

from __future__ import annotations

import subprocess

import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, HOSTING, IMMERSION, NOA, confirm, press, send, sign_in, walk
from pages import form_values, soup
from roads.stories import host_structure
from roads.test_immersion_detours import SPACE, Story
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from models.base import db
from models.dossier import Immersion
from services import convention

SCRIPT, TEMPLATE, IMAGE = "<script>alert(1)</script> & Fils", "{{ 7*7 }}", '<img src="file:///etc/passwd">'
NAMES = ("Zoë d’Œuvre-N’Guyen", "山田", "عائشة بن علي", "😀")


def words(response) -> str:
    return " ".join(soup(response).get_text(" ").split()).replace("\u00a0", " ")


def strange(name: str = NAMES[0]):
    more = {"souhaits": {"objectives": f"{TEMPLATE}\nBonjour"}, "vous": {"given_name": name, "family_name": "Essai"},
            "employeur": {"structure_name": SCRIPT, "address": IMAGE}}
    return tuple((slug, {**answers, **more.get(slug, {})}) for slug, answers in IMMERSION)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_goes_through_to_the_convention_as_it_was_written(app, client, post, clock, name):
    client.reading = False  # what people type is no French prose
    with app.app_context():
        number = host_structure(clock.now)
    send(client, "/immersion", strange(name))
    confirm(client, post, NOA)
    post.reply(post.last(COORDINATOR), "accepter")
    post.reply(post.last(ANDREA), "Oui")
    sign_in(client, post)
    press(client, f"{SPACE}/proposer", structure=str(number))
    press(client, f"{post.last(CLAUDE, 'host_to_agree').link('d')}/accueillir", **{**HOSTING, "place": IMAGE})
    press(client, f"{SPACE}/relecture")
    page = client.get(f"{SPACE}/convention")
    assert "<script>alert" not in page.text and "&lt;script&gt;" in page.text and "file:///etc/passwd" in page.text
    assert TEMPLATE in words(page) and " 49 " not in words(page)
    letter = post.last(NOA, "convention_to_review")
    text = subprocess.run(["pdftotext", "-", "-"], input=letter.files[0][2], capture_output=True, check=True).stdout.decode()
    assert "{{ 7*7 }}" in text and "alert(1)" in text and "root:" not in text
    if name in NAMES[:2]:
        assert name.replace("’", "") in text.replace("’", "")


def test_control_and_direction_marks_are_removed_where_they_are_typed(app, client, post):
    send(client, "/immersion", strange("\u202ea\u2060b\u200ec\u00ad\x07"))
    with app.app_context():
        assert db.session.scalar(select(Immersion)).author.name == "abc Essai"
    page = walk(client, "/immersion", IMMERSION, upto="vous")
    nobody = {**dict(IMMERSION)["vous"], "given_name": "\u200d\u2060"}
    assert client.fill(page, "/immersion/vous", **nobody).status_code == 422, "a name that cannot be seen is none"


def test_a_line_break_in_a_subject_begins_no_header(app, client, post):
    pages = strange()
    pages[2][1]["rhythm"] = "Bonjour\r\nBcc: tiers@courriel.example"
    send(client, "/immersion", pages)
    letter = post.last(NOA)
    assert "\r\nBcc:" not in letter.text and not any("tiers@" in sent.to for sent in post.all())


@pytest.mark.parametrize(("slug", "name", "value", "said"), [
    ("souhaits", "objectives", "x" * 12000, "2000 caractères au plus, elle en compte 12000"),
    ("vous", "email", "prénom.nom@example.org", "sans accent"), ("vous", "given_name", "a" * 81, "80 caractères au plus"),
    ("vous", "phone", "06 39 98 00 07 " + "é" * 30, "40 caractères au plus")])
def test_what_cannot_be_taken_is_refused_with_what_to_do_and_kept_on_the_page(client, slug, name, value, said):
    page = walk(client, "/immersion", IMMERSION, upto=slug)
    answer = client.fill(page, f"/immersion/{slug}", **{**dict(IMMERSION)[slug], name: value})
    assert answer.status_code == 422 and said in words(answer)
    field = soup(answer).select_one(f'[name="{name}"]')
    assert (field.text.strip("\n") if field.name == "textarea" else field["value"]) == value


@pytest.fixture
def agreed(app, client, post, clock) -> Story:
    return Story(app, client, post, clock).host_agrees()


def forty(path: str, client, count: int = 40):
    """The page of dates at that path with that many dates, a week apart, as its rows are asked for two by two."""
    opened = client.get(path)
    while len(soup(opened).select("fieldset.session")) < count:
        before = len(soup(opened).select("fieldset.session"))
        opened = client.fill(opened, path, ajouter="1")
        if len(soup(opened).select("fieldset.session")) == before:
            break
    return opened


def test_forty_dates_are_taken_and_more_are_refused_with_a_way_out(agreed, client):
    path = f"{SPACE}/rediger"
    opened = forty(path, client)
    assert len(soup(opened).select("fieldset.session")) == 40
    assert "Quarante séances au plus" in words(opened) and not soup(opened).select('button[name="ajouter"]')
    form = next(f for f in soup(opened).find_all("form") if f["action"].startswith(path))
    values = [(name, value) for name, value in form_values(form) if not name.startswith("seance") or name == "seances"]
    for number in range(1, 41):
        month, day = divmod(number - 1, 20)
        values += [(f"seance{number}-on-jour", str(day + 1)), (f"seance{number}-on-mois", str(3 + month)),
                   (f"seance{number}-on-annee", "2027"), (f"seance{number}-starts", "9h"), (f"seance{number}-ends", "12h")]
    assert client.post(path, data=MultiDict(values)).status_code == 303
    with agreed.app.app_context():
        data = convention.draft_data(db.session.scalar(select(Immersion)), agreed.post.clock.now)
    assert len(data.sessions) == 40


def test_twelve_thousand_characters_are_refused_on_a_party_s_page_and_the_rest_is_kept(agreed, client, post):
    path = post.last(NOA, "host_agreed").link("d").removesuffix("/completer") + "/completer"
    answer = client.fill(client.get(path), path, objectives="y" * 12000, companion_job="Médiatrice")
    assert answer.status_code == 422 and "4000 caractères au plus, elle en compte 12000" in words(answer)
    with agreed.app.app_context():
        data = convention.draft_data(db.session.scalar(select(Immersion)), agreed.post.clock.now)
    assert data.companion.job_title == "Médiatrice" and data.objectives[0].startswith("Découvrir")
