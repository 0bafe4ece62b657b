"""Every kind of answer: what is taken, what is not, and what the person is told to do."""

from __future__ import annotations

import re
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form

from forms import adhesion, entraide, immersion
from forms.acces import CodeForm, SignInForm
from forms.acting import MailReplyForm, WordsForm
from forms.base import RingForm
from forms.fields import (
    Agreement,
    Checkboxes,
    CommuneChoice,
    Day,
    Email,
    Hour,
    LongText,
    Number,
    Phone,
    Radios,
    Siret,
    Text,
    Website,
    clean_line,
    clean_text,
    parse_hour,
)
from forms.journey import Progress
from models.vocabulary import WORK_STATUSES

MISSING = "Écrivez quelque chose."


def asked(field, *typed: str, name: str = "x", **more: str):
    """The field of a form of its own, after these answers were typed and checked."""
    form = type("One", (Form,), {name: field})(MultiDict([(name, value) for value in typed] + list(more.items())))
    form.validate()
    return form[name]


@pytest.mark.parametrize(("length", "good"), [(0, False), (1, True), (119, True), (120, True), (121, False)])
def test_a_text_has_a_length(length, good):
    field = asked(Text("Nom", missing=MISSING), "é" * length)
    assert bool(field.errors) != good
    if length > 120:
        assert "120" in field.errors[0] and "121" in field.errors[0]


@pytest.mark.parametrize(("typed", "kept"), [
    ("  Noa\u00a0 Fictif ", "Noa Fictif"), ("a\r\nb", "a b"), ("a\x00b\x07", "ab"), ("Noa\u202eelbuod", "Noaelbuod"),
    ("\ufeffx\u200b", "x"), ("\t", ""),
])
def test_a_line_is_cleaned_of_what_cannot_be_seen(typed, kept):
    assert clean_line(typed) == kept


@given(st.text())
@settings(max_examples=200)
def test_cleaning_is_done_once_and_for_all(text):
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_text(clean_text(text)) == clean_text(text)
    assert "\r" not in clean_text(text) and "\n" not in clean_line(text)


def test_a_long_text_keeps_its_lines():
    assert asked(LongText("Q", missing=MISSING), "un\r\n\r\n  deux  \r\n").data == "un\n\n  deux"


@pytest.mark.parametrize(("typed", "kept"), [
    ("noa@structure-b.example", "noa@structure-b.example"), (" Noa@Structure-B.Example ", "Noa@structure-b.example"),
    ("prenom.nom+reseau@exemple.fr", "prenom.nom+reseau@exemple.fr"),
])
def test_an_address_is_taken(typed, kept):
    field = asked(Email("Courriel", missing=MISSING), typed)
    assert (field.errors, field.data) == ([], kept) or (list(field.errors), field.data) == ([], kept)


@pytest.mark.parametrize("typed", ["noa", "noa@", "@x.fr", "a@b", "a b@x.fr", "a@x.fr, b@x.fr", "a@x.fr;b@x.fr", "noé@exemple.fr",
                                   "a@x..fr", "a@x.fr\r\nBcc: b@y.fr", "<a@x.fr>", f"a@{'x' * 250}.fr"])
def test_what_is_not_one_address_is_told_so(typed):
    field = asked(Email("Courriel", missing=MISSING), typed)
    assert "exemple.fr" in field.errors[0]


@pytest.mark.parametrize(("typed", "good"), [
    ("04 65 71 00 00", True), ("+33 4 65 71 00 00", True), ("0465710000 (accueil)", False), ("12", False), ("1" * 16, False),
    ("06.39.98.00.01", True), ("06 39 98 00 01 p12", True),
])
def test_a_telephone(typed, good):
    assert bool(asked(Phone("Tél", missing=MISSING), typed).errors) != good


@pytest.mark.parametrize(("typed", "kept"), [
    ("000 000 018 00010", "00000001800010"), ("00000001800010", "00000001800010"), ("000 000 018 00011", None),
    ("123", None), ("abc", None), ("35600000000048", "35600000000048"),
])
def test_a_siret_is_checked_by_its_sum(typed, kept):
    field = asked(Siret("Siret", missing=MISSING), typed)
    assert (field.data == kept and not field.errors) if kept else field.errors


@pytest.mark.parametrize(("typed", "kept"), [
    ("exemple.fr", "https://exemple.fr"), ("http://www.exemple.fr/a?b=c", "http://www.exemple.fr/a?b=c"),
    ("javascript:alert(1)", None), ("javascript://exemple.fr/%0aalert(1)", None), ("data:text/html,x", None), ("exemple", None),
    ('https://x.fr/"onclick=', None), ("https://a@b.fr", None),
])
def test_a_site_can_only_be_a_page(typed, kept):
    field = asked(Website("Site", missing=MISSING), typed)
    assert (field.data == kept and not field.errors) if kept else field.errors


@pytest.mark.parametrize(("typed", "good"), [("0", False), ("1", True), ("20", True), ("21", False), ("-1", False),
                                            ("1,5", False), ("²", False), ("deux", False), ("9" * 5000, False)])
def test_a_number_stays_within_its_limits(typed, good):
    field = asked(Number("Places", missing=MISSING, low=1, high=20), typed)
    assert bool(field.errors) != good
    assert field.number == (int(typed) if typed in ("0", "1", "20", "21") else None)


@pytest.mark.parametrize(("parts", "found"), [
    (("27", "3", "2027"), date(2027, 3, 27)), (("27", "mars", "27"), date(2027, 3, 27)),
    (("1", "Févr.", "2027"), date(2027, 2, 1)),
    (("1", "AOÛT", "2027"), date(2027, 8, 1)), (("31", "2", "2027"), None), (("", "3", "2027"), None), (("x", "3", "2027"), None),
    (("1", "ju", "2027"), None), (("1", "jui", "2027"), None), (("1", "1", "27000"), None), (("1", "1", "0"), None),
    (("²", "1", "2027"), None),
])
def test_a_day_is_written_in_three_parts(parts, found):
    field = asked(Day("Date", missing=MISSING), **dict(zip(("x-jour", "x-mois", "x-annee"), parts, strict=True)))
    assert (field.data == found and not field.errors) if found else field.errors, field.errors


def test_a_day_that_must_come_is_not_past():
    class One(Form):
        x = Day("Date", missing=MISSING, future=True)
    for day, good in (("10", False), ("11", True)):
        form = One(MultiDict({"x-jour": day, "x-mois": "1", "x-annee": "2027"}))
        form.x.today = date(2027, 1, 11)
        assert form.validate() == good


@pytest.mark.parametrize(("typed", "hour"), [
    ("9h", time(9)), ("9 h 30", time(9, 30)), ("09:30", time(9, 30)), ("14.15", time(14, 15)), ("9", time(9)),
    ("9 heures", time(9)),
    ("0h", time(0)), ("23h59", time(23, 59)), ("24h", None), ("9h60", None), ("midi", None), ("", None), ("-1", None),
])
def test_an_hour_is_read_however_it_is_written(typed, hour):
    assert parse_hour(typed) == hour
    if typed:
        assert bool(asked(Hour("De", missing=MISSING), typed).errors) == (hour is None)


def test_a_choice_that_is_not_in_the_list_is_not_taken():
    choices = (("a", "Premier"), ("b", "Second"))
    assert asked(Radios("Q", missing=MISSING, choices=choices), "c").errors == [MISSING] or asked(
        Radios("Q", missing=MISSING, choices=choices), "c").errors
    assert asked(Checkboxes("Q", missing=MISSING, choices=choices), "a", "c").errors
    both = asked(Checkboxes("Q", missing=MISSING, choices=choices), "b", "a", "a")
    assert (both.data, both.say()) == (["b", "a"], "Second\nPremier")
    assert list(asked(Agreement("Q", missing=MISSING)).errors) == [MISSING]
    assert asked(Agreement("Q", missing=MISSING), "oui").data is True


def test_a_commune_with_namesakes_is_chosen_from_a_list_and_not_guessed():
    field = asked(CommuneChoice("Commune", missing=MISSING), "Saint-Martin")
    assert field.errors and len(field.choices) > 1
    code = field.choices[0][0]
    chosen = asked(CommuneChoice("Commune", missing=MISSING), "Saint-Martin", **{"x-code": code})
    assert (chosen.data, list(chosen.errors)) == (code, [])
    corrected = asked(CommuneChoice("Commune", missing=MISSING), "Montpellier", **{"x-code": code})
    assert corrected.data == "34172", "what is typed wins over what was chosen before"


WAYS = (*adhesion.JOURNEYS.values(), entraide.JOURNEY, immersion.JOURNEY)
FORMS = [*(step.form for journey in WAYS for step in journey.steps), immersion.HostForm, immersion.ProposeHostForm,
         SignInForm, CodeForm,
         WordsForm, MailReplyForm]


@pytest.fixture
def pages(context):
    """Every page of every form."""
    with context.test_request_context():
        yield [form(MultiDict()) for form in dict.fromkeys(FORMS)]


def test_every_question_says_what_to_do_when_it_is_left_empty(pages):
    for form in pages:
        for field in form.questions():
            if not field.optional:
                assert field.missing.endswith((".", "?")), (type(form), field.short_name)
                assert not re.search(r"veuillez|obligatoire|invalide|erreur|requis", field.missing, re.IGNORECASE), field.missing
                assert field.missing[0].isupper()


def test_an_empty_page_names_each_needed_question_once(pages):
    for form in pages:
        form.validate()
        needed = {field.short_name for field in form.questions() if not field.optional and field.applies(form)}
        assert {field.short_name for field in form.wrong} == needed, type(form)
        assert all(len(field.errors) == 1 for field in form.wrong)


def test_labels_are_questions_a_person_understands(pages):
    for form in pages:
        for field in form.questions():
            text = field.label.text
            assert text == text.strip() and (text[0].isupper() or isinstance(field, Hour)), (type(form), text)
            assert "'" not in text and "'" not in field.hint, text
            assert not re.search(r"\b(e-mail|mail|email|login|cliquez)\b", f"{text} {field.hint} {field.missing}", re.IGNORECASE)
            assert len(text) <= 90


def test_names_are_unique_in_a_journey():
    for journey in WAYS:
        for status, _ in WORK_STATUSES:
            asked = journey.asked(Progress(answers={"situation": {"work_status": status}}))
            names = [name for step in asked for name in vars_of(step.form)]
            assert len(names) == len(set(names)), (journey.name, status)
        slugs = [step.slug for step in journey.steps]
        assert len(slugs) == len(set(slugs)) and "verification" not in slugs


def vars_of(form: type[RingForm]) -> set[str]:
    return {name for name in dir(form) if hasattr(getattr(form, name), "field_class")}
