from __future__ import annotations

import html5lib
from bs4 import BeautifulSoup
from flask import Flask

QUESTION = """{% extends "layouts/form.html" %}
{% from "components/form.html" import question_form, fields, buttons %}
{% block title %}Votre structure{% endblock %}
{% block heading %}<h1>Votre structure</h1>{% endblock %}
{% block questions %}{% call question_form('/essai', hidden={'etat': 'x'}) %}{{ fields(form) }}{{ buttons('Continuer') }}
{% endcall %}{% endblock %}"""


def render(site: Flask, source: str, **context: object) -> BeautifulSoup:
    text = site.jinja_env.from_string(source).render(**context)
    html5lib.HTMLParser(strict=True).parse(text)
    return BeautifulSoup(text, "html.parser")


def test_a_page_in_error_says_so_first(in_page: Flask) -> None:
    from forms.composants import samples
    wrong = samples()["wrong"]
    page = render(in_page, QUESTION, form=wrong, errors=[f for f in wrong if f.errors], step=(2, 4, "votre structure"),
                  back="/aide")
    assert page.title.string == "Erreur\u00a0: Votre structure – Réseau Exemple"
    first = page.find("main").find_all(True, recursive=False)
    assert [tag.get("class", [tag.name])[0] for tag in first][:4] == ["back", "error-summary", "steps", "h1"]
    assert page.find("p", class_="steps").get_text() == "Étape 2 sur 4\u00a0: votre structure"


def test_a_page_without_error_has_no_summary(in_page: Flask) -> None:
    from forms.composants import samples
    page = render(in_page, QUESTION, form=samples()["new"], errors=[])
    assert page.title.string == "Votre structure – Réseau Exemple"
    assert not page.find(id="resume-erreurs") and not page.find(class_="steps")


def test_the_coordinator_leaves_by_a_button_and_not_by_a_link(in_page: Flask, network) -> None:
    source = ('{% extends "layouts/coordination.html" %}{% block title %}À faire{% endblock %}'
              "{% block main %}<h1>À faire</h1>{% endblock %}")
    assert not render(in_page, source).find("form")
    member = network.team_member(network.coordinators[0].email)
    page = render(in_page, source, member=member,
                  coordination_nav=[("/coordination/", "À faire"), ("/coordination/membres", "Membres")])
    form = page.find("header").find("form")
    assert form["method"] == "post" and form["action"] == "/coordination/quitter"
    assert "Alix Coordination" in form.get_text()
    assert [a["href"] for a in page.select(".site-nav a")] == ["/coordination/", "/coordination/membres"]
    assert page.find("meta", attrs={"name": "robots"})["content"] == "noindex"


def test_a_document_prints_alone(in_page: Flask) -> None:
    source = ('{% extends "layouts/document.html" %}{% block title %}Convention{% endblock %}'
              '{% block before %}<p>À lire</p>{% endblock %}{% block document %}<h1>Convention</h1>{% endblock %}')
    page = render(in_page, source)
    assert page.select_one(".no-print p") and page.select_one("article.sheet > h1")


def test_a_conversation_tells_sides_in_words(in_page: Flask) -> None:
    from forms.composants import samples
    macro = in_page.jinja_env.get_template("components/conversation.html").module
    page = BeautifulSoup(str(macro.conversation(samples()["messages"])), "html.parser")
    assert [item["class"][0] for item in page.select(".conversation > li")] == ["theirs", "note", "ours"]
    assert "Note interne" in page.select_one(".note").get_text()
    assert page.select_one("details summary").get_text() == "Texte cité, signature"


def test_a_list_stays_a_table_when_its_rows_become_cards(in_page: Flask) -> None:
    from forms.composants import samples
    macro = in_page.jinja_env.get_template("components/dossier_list.html").module
    page = BeautifulSoup(str(macro.dossier_list(samples()["rows"], "À faire")), "html.parser")
    assert page.table["role"] == "table" and page.caption.string == "À faire"
    for row in page.select("tbody tr"):
        assert row["role"] == "row" and row.th["scope"] == "row" and row.th["role"] == "rowheader"
        assert all(cell["role"] == "cell" for cell in row.find_all("td")) and len(row.find_all("td")) == 6
    assert "(en retard)" in page.get_text()


def test_a_letter_is_shown_in_a_frame_that_runs_nothing(in_page: Flask) -> None:
    macro = in_page.jinja_env.get_template("components/mail.html").module
    frame = BeautifulSoup(str(macro.body_html("/courrier/1/html")), "html.parser").find("iframe")
    assert frame["title"] and "allow-scripts" not in frame["sandbox"] and "allow-same-origin" not in frame["sandbox"]
    source = BeautifulSoup(str(macro.body_text("<script>x</script>", source=True)), "html.parser")
    assert not source.find("script")


def test_answers_are_changed_by_buttons_that_name_them(in_page: Flask) -> None:
    macro = in_page.jinja_env.get_template("components/summary.html").module
    page = BeautifulSoup(str(macro.answers([("Vous", "vous", [("Votre nom", "Noa"), ("Téléphone", "")])])), "html.parser")
    assert [(b["name"], b["value"]) for b in page.find_all("button")] == [("vers", "vous")] * 2
    assert page.find("button").get_text() == "Modifier\u00a0: Votre nom"
    assert "non renseigné" in page.get_text()
