"""An instance's own text replaces ours, the engine stays closed, and what was made with it cannot change unseen."""

from __future__ import annotations

from dataclasses import replace

import pdf_samples as samples
import pytest

from commands.convention import protocol_example
from pdf import own_texts
from pdf.convention import convention_html, convention_pdf
from pdf.released import LATEST, UnknownTemplate, current_template
from pdf.released import OURS as OURS_OF
from pdf.render import DOCUMENTS
from services.own_texts import own_texts_problems, protocol_text_problems

OURS = (DOCUMENTS / f"{LATEST}.html").read_text("utf-8")


@pytest.fixture
def folder(app):
    with app.app_context():
        from models.instance import instance
        made = instance().settings.INSTANCE / "documents" / "convention"
        made.mkdir(parents=True)
        yield made


def write(folder, text: str, month: str = "2027-06"):
    (folder / f"{month}.html").write_text(text, "utf-8")


def test_without_one_ours_is_used(app):
    with app.app_context():
        assert current_template() == LATEST and own_texts.names() == ()


def test_the_latest_text_of_the_instance_is_proposed_whatever_the_date_of_ours(folder):
    write(folder, OURS, "2026-05")
    write(folder, OURS.replace("Cette convention organise", "Le présent texte organise"), "2026-06")
    assert current_template() == "convention/2026-06"
    own = replace(samples.OBSERVATION, template=current_template())
    assert "Le présent texte organise" in convention_html(own)
    assert convention_pdf(own).startswith(b"%PDF-1.7")
    assert list(own_texts_problems([own])) == []


@pytest.mark.parametrize(("change", "said"), [
    (("{{ d.companion.name }}", "{{ d.companion.name | safe }}"), "pas permis"),
    (("<h2", "<script>x</script><h2"), "pas permis"), (("<h2", '<img src="http://127.0.0.1:9/x.png"><h2'), "pas permis"),
    (("{% set d = data %}", "{% include 'base.html' %}"), "pas permis"), (("{% endif %}", ""), "syntaxe"),
    (("{{ d.companion.name }}", "{{ d.unknown }}"), "unknown"),
    (("{{ d.companion.name }}", "{{ ''.__class__.__mro__[1].__subclasses__() }}"), "unsafe")])
def test_a_text_that_cannot_be_used_is_told_by_the_check(folder, change, said):
    write(folder, OURS.replace(*change, 1) if change[0] != "{% endif %}" else OURS.replace(*change))
    [sentence] = own_texts_problems([samples.OBSERVATION])
    assert said in sentence


def test_the_text_of_the_protocol_is_judged_too(folder):
    own, ours = folder.parent / "protocole", (DOCUMENTS / f"{OURS_OF['protocole']}.html").read_text("utf-8")
    own.mkdir()
    (own / "2027-06.html").write_text(ours, "utf-8")
    assert list(protocol_text_problems(protocol_example())) == []
    (own / "2027-06.html").write_text(ours.replace("</h2>", "</h2>{{ data.unknown }}", 1), "utf-8")
    (own / "notre-texte.html").write_text(ours, "utf-8")
    stray, unfit = protocol_text_problems(protocol_example())
    assert "documents/protocole/notre-texte.html" in stray and "documents/protocole" in unfit and "unknown" in unfit


def test_names_that_are_no_month_and_those_of_ours_are_told(folder):
    write(folder, OURS, "notre-texte")
    write(folder, OURS, LATEST.partition("/")[2])
    told = list(own_texts_problems([]))
    assert len(told) == 2 and any("nommez-le" in one for one in told) and current_template() == LATEST


def test_a_text_changed_since_a_convention_was_made_with_it_is_never_printed_in_its_place(folder):
    write(folder, OURS)
    made = replace(samples.OBSERVATION, template="convention/2027-06", template_digest=own_texts.digest("convention/2027-06"))
    assert convention_pdf(made)
    write(folder, OURS + " ")
    with pytest.raises(own_texts.UnfitText, match="remettez le texte"):
        convention_pdf(made)


def test_a_text_of_another_instance_is_unknown(app):
    with app.app_context(), pytest.raises(UnknownTemplate):
        convention_pdf(replace(samples.OBSERVATION, template="convention/2027-06"))
