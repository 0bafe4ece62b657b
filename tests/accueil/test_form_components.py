from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form

from forms import fields
from forms.composants import SampleForm, samples

NOTHING = {"commune": None, "debut": None, "documents": []}


@pytest.fixture
def macros(in_page: Flask):
    return in_page.jinja_env.get_template("components/form.html").module


def soup(markup: str) -> BeautifulSoup:
    return BeautifulSoup(str(markup), "html.parser")


def control(page: BeautifulSoup, ident: str) -> Tag:
    return page.find(id=ident)


def test_every_question_has_a_label(macros) -> None:
    page = soup(macros.fields(SampleForm(data=NOTHING)))
    for tag in page.find_all(["input", "textarea"]):
        assert tag.get("type") == "hidden" or page.find("label", attrs={"for": tag["id"]}), tag
    for group in page.find_all("fieldset"):
        assert group.find("legend").get_text(strip=True)


def test_optional_is_written_in_the_label_and_the_rest_is_announced(macros) -> None:
    page = soup(macros.fields(SampleForm(data=NOTHING)))
    assert "(facultatif)" in page.find("label", attrs={"for": "telephone"}).get_text()
    assert not control(page, "telephone").has_attr("aria-required")
    assert "(" not in page.find("label", attrs={"for": "nom"}).get_text()
    assert control(page, "nom")["aria-required"] == "true"
    assert control(page, "lieu")["aria-required"] == "true"
    assert "sauf celles marquées" in page.get_text()


def test_when_all_is_needed_each_label_says_so(macros) -> None:
    class Short(Form):
        nom = fields.Text("Nom", missing="Indiquez votre nom.")
        lieu = fields.Radios("Lieu", missing="Choisissez.", choices=[("a", "A"), ("b", "B")])

    page = soup(macros.fields(Short()))
    assert page.get_text().count("(obligatoire)") == 2 and "sauf celles" not in page.get_text()


def test_single_question_needs_no_mark_and_may_be_the_title(macros) -> None:
    class One(Form):
        nom = fields.Text("Nom", missing="Indiquez votre nom.")

    assert "obligatoire" not in str(macros.fields(One()))
    assert soup(macros.field(One().nom, heading=True)).select_one("h1 > label")["for"] == "nom"


def test_an_error_stands_between_hint_and_field_and_is_tied_to_it(macros) -> None:
    wrong = samples()["wrong"]
    page = soup(macros.field(wrong.courriel))
    field = page.find("input")
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == f"{wrong.courriel.hint_id} {wrong.courriel.error_id}"
    assert [tag.get("id") for tag in page.select(".field > *")] == [
        None, wrong.courriel.hint_id, wrong.courriel.error_id, wrong.courriel.id]
    assert field["value"] == "alix.martin"


def test_nothing_is_said_wrong_before_an_error(macros) -> None:
    page = soup(macros.fields(SampleForm(data=NOTHING)))
    assert not page.find_all(attrs={"aria-invalid": True}) and not page.select(".error-text, .wrong")


def test_every_line_of_the_summary_leads_to_a_control(macros) -> None:
    wrong = samples()["wrong"]
    page, summary = soup(macros.fields(wrong)), soup(macros.error_summary(wrong))
    links = summary.find_all("a")
    assert len(links) == len([f for f in wrong if f.errors]) > 5
    for link in links:
        assert control(page, link["href"][1:]).name in ("input", "textarea"), link


def test_summary_takes_pairs_and_is_absent_without_error(macros) -> None:
    assert "href=\"#jour\"" in str(macros.error_summary([("jour", "Choisissez un jour.")]))
    assert str(macros.error_summary(SampleForm(data=NOTHING))) == ""


def test_a_dependent_question_stands_under_its_option_once(macros) -> None:
    page = soup(macros.fields(SampleForm(data=NOTHING)))
    assert len(page.find_all(id="precision")) == 1
    inside = control(page, "precision").find_parent(class_="dependents")
    assert inside.find_previous_sibling(class_="option").find("input")["value"] == "autre"


def test_a_dependent_question_whose_option_is_on_another_page_is_drawn_plainly(macros) -> None:
    page = soup(macros.fields([SampleForm(data=NOTHING).precision]))
    assert control(page, "precision") and not page.select(".dependents")


def test_only_the_missing_part_of_a_date_is_marked(macros) -> None:
    page = soup(macros.field(samples()["wrong"].debut))
    marked = [tag["name"] for tag in page.find_all("input", attrs={"aria-invalid": True})]
    assert marked == ["faux-debut-mois"]


def test_an_ambiguous_commune_is_chosen_in_a_list(macros) -> None:
    wrong = samples()["wrong"]
    page = soup(macros.field(wrong.commune))
    radios = page.find_all("input", type="radio")
    assert len(radios) > 1 and {radio["name"] for radio in radios} == {"faux-commune-code"}
    assert radios[0]["id"] == wrong.commune.focus_id
    assert page.find("input", type="text")["value"] == "Saint-Martin"


def test_received_files_are_shown_and_can_be_removed(macros) -> None:
    page = soup(macros.field(samples()["filled"].documents))
    assert page.find("input", type="checkbox")["name"] == "bon-documents-retirer"
    assert "planning.pdf" in page.get_text() and page.find("input", type="file").has_attr("multiple")


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '"><img src=x>', "Été & co", "</textarea><b>"])
def test_what_a_person_typed_comes_back_as_text(macros, typed: str) -> None:
    form = SampleForm(MultiDict({"nom": typed, "question": typed, "lieu": typed}), data=NOTHING)
    form.validate()
    page = soup(macros.fields(form))
    assert control(page, "nom")["value"] == typed
    assert control(page, "question").get_text().lstrip("\n") == typed
    assert not page.find_all(["script", "img", "b"])


def test_no_attribute_that_hinders(macros) -> None:
    page = soup(macros.fields(samples()["wrong"]))
    for name in ("placeholder", "maxlength", "required", "disabled", "autofocus", "pattern"):
        assert not page.find_all(attrs={name: True})
    assert not page.find_all("input", type="number")


def test_form_carries_its_hidden_values_and_does_not_validate_in_the_browser(in_page: Flask) -> None:
    source = ("{% from 'components/form.html' import question_form %}"
              "{% call question_form('/aide', hidden={'cle': 'a\"b', 'vu': ['1', '2']}, files=true) %}x{% endcall %}")
    form = soup(in_page.jinja_env.from_string(source).render()).find("form")
    assert form["action"] == "/aide#resume-erreurs" and form.has_attr("novalidate")
    assert form["enctype"] == "multipart/form-data"
    assert [(i["name"], i["value"]) for i in form.find_all("input")] == [("cle", 'a"b'), ("vu", "1"), ("vu", "2")]


def test_the_main_button_is_the_one_the_enter_key_presses(macros) -> None:
    buttons = soup(macros.buttons("Envoyer ma demande", back="vous")).find_all("button")
    assert buttons[0].get_text() == "Envoyer ma demande" and not buttons[0].has_attr("name")
    assert (buttons[1]["name"], buttons[1]["value"]) == ("vers", "vous")
