"""The forms, page after page: each page empty, in error and filled, then read again."""

from __future__ import annotations

import pytest
from browser.reading import PLAN, fill, focused, in_error, look, press
from cast import AIDE, IMMERSION, LEARNER, PROFESSIONAL, SHEET, STRUCTURE

FORMS = {"/aide": AIDE, "/immersion": IMMERSION, "/rejoindre/structure": STRUCTURE, "/rejoindre/professionnel": PROFESSIONAL,
         "/rejoindre/en-devenir": LEARNER, "/immersion/preparer": SHEET}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_has_no_fault_on_any_page_in_any_state(tab, site, form: str):
    tab.goto(f"{form}/{FORMS[form][0][0]}")
    for slug, answers in FORMS[form]:
        here = tab.locator("main form").get_attribute("action")
        assert here.startswith(f"{form}/{slug}")
        look(tab)
        if tab.locator("main [aria-required=true]").count():
            press(tab)
            assert in_error(tab) and tab.title().startswith("Erreur\u00a0: "), slug
            look(tab)
        fill(tab, answers)
        look(tab, (360,))
        press(tab)
    assert tab.locator("main form").get_attribute("action").startswith(f"{form}/verification")
    look(tab)


def test_an_ambiguous_commune_is_chosen_from_a_list(tab, site):
    tab.goto("/aide/question")
    for _slug, answers in AIDE[:2]:
        fill(tab, answers)
        press(tab)
    fill(tab, AIDE[2][1] | {"commune": "Saint-Martin"})
    press(tab)
    assert in_error(tab) and tab.locator(".candidates input").count() > 1
    look(tab)
    tab.locator(".candidates input").first.check()
    press(tab)
    assert "Saint-Martin" in tab.locator("main").inner_text()


def test_the_summary_of_errors_has_the_focus_and_leads_to_each_field(tab, site):
    tab.goto("/rejoindre/structure/structure")
    press(tab)
    assert focused(tab) == "resume-erreurs"
    links = tab.locator("#resume-erreurs a")
    assert links.count() >= 4
    for number in range(links.count()):
        link = links.nth(number)
        link.focus()
        link.press("Enter")
        target = link.get_attribute("href")[1:]
        assert focused(tab) == target
        place = tab.locator(f"#{target}").bounding_box()
        assert 0 <= place["y"] <= 800 - place["height"], "le champ est visible"


def test_the_page_comes_back_with_what_was_typed_after_going_back(tab, site):
    tab.goto("/aide/question")
    tab.locator("textarea").fill("Une question que je ne veux pas perdre")
    press(tab)
    assert in_error(tab) and tab.locator("textarea").input_value() == "Une question que je ne veux pas perdre"
    fill(tab, {"help_kind": "question", "theme": "email"})
    press(tab)
    tab.go_back()
    assert tab.locator("textarea").input_value() == "Une question que je ne veux pas perdre"


def test_a_file_that_arrived_is_kept_when_another_answer_is_missing(tab, site):
    tab.goto("/aide/question")
    fill(tab, AIDE[0][1])
    press(tab)
    tab.locator("[type=file]").set_input_files([PLAN])
    press(tab)
    assert in_error(tab) and tab.locator("#resume-erreurs a").count() == 2
    assert PLAN["name"] in tab.locator(".kept").inner_text()
    look(tab, (360,))
    fill(tab, AIDE[1][1])
    press(tab)
    fill(tab, AIDE[2][1])
    press(tab)
    assert PLAN["name"] in tab.locator("main").inner_text()


def test_a_step_can_be_changed_from_the_page_where_answers_are_read_again(tab, site):
    tab.goto("/aide/question")
    for _slug, answers in AIDE:
        fill(tab, answers)
        press(tab)
    tab.get_by_role("button", name="Modifier : À quel point est-ce pressé").click()
    tab.wait_for_url("**/verification*")
    assert tab.locator("[name=urgency][value=normale]").is_checked()
    fill(tab, {"urgency": "urgent"})
    press(tab)
    assert "bloquant" in tab.locator("main").inner_text() and "mandat" in tab.locator("main").inner_text()


def test_a_second_sending_is_said_and_makes_no_second_request(tab, site):
    tab.goto("/aide/question")
    for _slug, answers in AIDE:
        fill(tab, answers | ({"email": "retour@structure-z.example"} if "email" in answers else {}))
        press(tab)
    press(tab)
    reference = tab.locator(".big-reference strong").inner_text()
    tab.go_back()
    assert tab.locator("main form").get_attribute("action").startswith("/aide/verification")
    press(tab)
    assert "déjà été envoyée" in tab.locator("h1").inner_text()
    assert tab.locator(".big-reference strong").inner_text() == reference
    tab.reload()
    assert "déjà été envoyée" in tab.locator("h1").inner_text()
