"""Letters hold what people wrote, to the sign, and can be read in any mail program."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from mail.letter import Letter, compose
from mail.letters.coordination import Command
from mail.stationery import INK, PAPER, PAPER_DARK, SURFACE, stationery
from models.colours import contrast
from models.dossier import DOSSIERS, Participant
from models.network import Network, load_network
from models.states import Kind

ROOT = Path(__file__).resolve().parents[2]
LITERAL = ["**gras**", "[x](http://ailleurs.example)", "<script>alert(1)</script>", "{{ 7*7 }}", "{{network}}", "{{why}}",
           "&amp;", "`code`", "_i_", "![i](u)", "# titre", "> cite", "1. un"]
NAME = "Zoé 😀 **Œ** <b>É</b>"


@pytest.fixture(scope="module")
def network() -> Network:
    return load_network(ROOT / "demonstration" / "network.toml")


def _letter(network: Network, words: str = "", name: str = "Noa Fictif", summary: list | None = None) -> Letter:
    """The letter with every kind of block: words quoted, a form, a button, prepared replies."""
    dossier = DOSSIERS[Kind.ENTRAIDE](reference="AIDE-2027-0007", title=f"Une question\u00a0: {name}", state="submitted",
                                      summary=summary or [["Votre question", [["Votre question", words]]]])
    author = Participant(role="author", name=name, email="noa@structure-b.example")
    coordinator = Participant(role="coordinator", name="Alix Coordination", email="coordination@ring.example")
    dossier.participants += [author, coordinator]
    commands = [Command("/accepter", "accepte", "Accepter", "http://127.0.0.1:5000/d/jeton/accepter"),
                Command("/refuser", "ne retient pas ; le motif est transmis", "Refuser", "", "le motif")]
    return compose("coordination/request_to_coordinator", network=network, dossier=dossier, coordinator=coordinator,
                   url="http://127.0.0.1:5000/d/jeton", commands=commands, promised="lundi", known="", place="",
                   reply_address="reponse+abc@ring.example", files=[], handed=None, peers="", alike="")


def _shown(letter: Letter) -> str:
    return " ".join(BeautifulSoup(letter.html, "html5lib").body.get_text(" ").split())


def test_what_somebody_writes_is_shown_literally_in_both_parts(network):
    letter = _letter(network, "\n".join(LITERAL), name=NAME)
    for part in (" ".join(letter.text.split()), _shown(letter)):
        assert [words for words in [*LITERAL, NAME] if words not in part] == []
    assert not BeautifulSoup(letter.html, "html5lib").find_all(["script", "b", "em", "img", "code"])


def test_our_own_marks_typed_by_somebody_break_nothing(network):
    letter = _letter(network, "avant \ue000A5b\ue001 \ue000A3\ue001 \x1d\x1e#x\x1f après", name="Noa \ue000Bzz\ue001")
    assert not re.search("[\ue000\ue001\x1d-\x1f]", letter.text + letter.html + letter.subject)
    assert "avant A5b A3 #x après" in letter.text


def test_a_name_cannot_start_a_line_of_a_header(network):
    letter = _letter(network, name="Noa\r\nBcc: ailleurs@exemple.example")
    assert not re.search(r"[\r\n]", letter.subject)
    assert "\nBcc" not in letter.text


def test_words_written_from_right_to_left_do_not_turn_the_sentence(network):
    letter = _letter(network, name="مرحبا\u202e")
    assert "\u2068مرحبا\u2069" in letter.text
    assert "<bdi>مرحبا</bdi>" in letter.html
    assert "\u202e" not in letter.text + letter.html + letter.subject


def test_long_answers_are_wrapped_and_empty_sections_left_out(network):
    letter = _letter(network, summary=[["Vide", []], ["Sans réponse", [["Question", ""]]],
                                       ["Récit", [["Que s’est-il passé\u00a0?", "mot " * 80 + "\n\nfin"], ["Lieu", "Millau"]]]])
    assert "Vide" not in letter.text and "Sans réponse" not in letter.text
    assert max(map(len, letter.text.splitlines())) <= 76
    assert "  Lieu\u00a0: Millau" in letter.text
    assert "passé\u00a0?\u00a0:" not in letter.text


def test_a_line_never_begins_with_a_sign_of_french(network):
    for length in range(40, 76):
        letter = _letter(network, f"{'m' * length} humains : posture")
        assert not re.search(r"^\s*[:;!?»]", letter.text, re.MULTILINE)


def test_a_prepared_reply_carries_the_word_the_subject_and_the_reply_address(network):
    page = BeautifulSoup(_letter(network).html, "html5lib")
    accept, refuse = (urlsplit(link["href"]) for link in page.select("a[href^='mailto:']"))
    assert unquote(accept.path) == "reponse+abc@ring.example" and "+" not in accept.path
    assert parse_qs(accept.query)["subject"] == ["Re: [AIDE-2027-0007] Une question : Noa Fictif"]
    assert unquote(refuse.query).endswith("body=/refuser ")


def test_the_hidden_line_says_what_the_letter_is_about(network):
    hidden = BeautifulSoup(_letter(network).html, "html5lib").body.div
    assert "display:none" in hidden["style"].replace(" ", "")
    assert hidden.text.startswith("Noa Fictif envoie une demande d’aide")


@pytest.mark.parametrize("colour", ["#12595B", "#FFFF00", "#FF00FF", "#808080", "#000000"])
def test_the_colours_of_an_instance_are_used_and_can_be_read(network, colour):
    paper = stationery(replace(network, primary=colour, accent=colour))
    assert contrast(paper.primary, SURFACE) >= 7 and contrast(paper.primary, PAPER) >= 7
    assert contrast(paper.primary_dark, PAPER_DARK) >= 8
    assert paper.primary in _letter(replace(network, primary=colour)).html


def test_without_any_style_the_letter_can_still_be_read(network):
    """A program that drops styles must not keep a ground without its ink."""
    page = _letter(network).html
    assert "bgcolor" not in page
    assert contrast(INK, SURFACE) > 7
    assert [tag["class"] for tag in BeautifulSoup(page, "html5lib").select("table:not([role=presentation])")] == []


def test_styles_are_put_on_the_elements_once_and_never_while_a_form_waits(network, monkeypatch):
    _letter(network)

    def inline(*_args, **_options):
        raise AssertionError("a letter was styled by itself")
    monkeypatch.setattr("css_inline.CSSInliner", inline)
    assert "Noa" in _letter(network, "d’autres mots").html
    with pytest.raises(AssertionError):
        _letter(replace(network, name="Un autre réseau"))


def test_a_program_that_reads_no_style_sheet_still_shows_the_paper(network):
    """Styles stand on the elements; padding on cells alone, as Word's engine (Outlook) gives none to anything else."""
    page = BeautifulSoup(re.sub(r"<style.*?</style>", "", _letter(network).html, flags=re.DOTALL), "html5lib")
    for selector, wanted in ((".letter", "background-color"), (".letter", "padding"), ("h1", "font-size"),
                             (".letter p", "margin"), (".button", "mso-padding-alt"), (".button", "background-color"),
                             (".button a", "color"),
                             (".rows", "padding"), (".foot .why", "color"), (".inline", "color")):
        found = page.select(selector)
        assert found and all(wanted in tag.get("style", "") for tag in found), (selector, wanted)
    for tag in page.select("div, p, blockquote, span, h1, h2, li"):
        assert "padding" not in tag.get("style", ""), tag.name
    assert "{{" not in str(page) and "%(" not in str(page)


def test_outlook_gets_a_page_of_fixed_width_and_gmail_its_own_sheets(network):
    page = _letter(network).html
    assert re.search(r'<!--\[if mso\]><table [^>]*width="600"', page)
    sheets = re.findall(r"<style[^>]*>(.*?)</style>", page, re.DOTALL)
    assert ["prefers-color-scheme" in sheet for sheet in sheets[:2]] == [True, False]
    assert ["data-ogsc" in sheet for sheet in sheets[:2]] == [False, True], "apart: Gmail drops a whole sheet"
    assert page.index("<meta charset") < 200


def test_a_percent_or_a_brace_somebody_types_stays_what_it_is(network):
    letter = _letter(network, "100 % sûr, %(words)s, {{words}}, %s")
    for part in (" ".join(letter.text.split()), _shown(letter)):
        assert "%(words)s, {{words}}, %s" in part
