"""Every letter, read whole: its golden file is what a person receives, to the word.

    RING_WRITE_GOLDEN=1 .venv/bin/python -m pytest tests/house/test_letters.py

writes them again in tests/golden/letters/; read the difference before keeping it.
"""

from __future__ import annotations

import importlib
import inspect
import re
from functools import cache

import pytest
from bs4 import BeautifulSoup
from house.letters.invented import NETWORK, QUEUE_REPLY, REPLY, WORDS
from house.letters.samples import SAMPLES
from house.tree import GOLDEN, ROOT, TEMPLATES, same_as_golden

from mail.letter import Letter

LETTERS = GOLDEN / "letters"
SLICES = sorted(path.stem for path in (ROOT / "mail" / "letters").glob("*.py") if path.stem != "__init__")
_MARKUP = re.compile(r"</?(?:p|a|br|div|span|h[1-6]|ul|li|blockquote|table|strong|em|html)\b|&[a-z]+;|&#\d|\*\*|\]\(|{{|{%")


@pytest.fixture
def letter(request, still) -> Letter:
    with still.app_context():
        return _composed(request.param)


@cache
def _composed(name: str) -> Letter:
    return SAMPLES[name]()


every_letter = pytest.mark.parametrize("letter", sorted(SAMPLES), indirect=True)


def _functions() -> set[str]:
    return {f"{name}/{function}" for name in SLICES
            for function, value in vars(importlib.import_module(f"mail.letters.{name}")).items()
            if inspect.isfunction(value) and value.__module__ == f"mail.letters.{name}" and not function.startswith("_")}


def test_each_letter_has_one_function_one_template_and_a_golden_file():
    templates = {path.relative_to(TEMPLATES / "emails").with_suffix("").as_posix()
                 for path in (TEMPLATES / "emails").glob("*/*.txt")}
    goldens = {path.relative_to(LETTERS).with_suffix("").as_posix() for path in LETTERS.glob("*/*.txt")}
    assert _functions() == templates == {name.partition("--")[0] for name in SAMPLES}
    assert goldens == set(SAMPLES)


def test_no_letter_is_written_by_nobody():
    """Each letter function is called by a verb."""
    verbs = "\n".join(path.read_text("utf-8") for path in (ROOT / "services").rglob("*.py"))
    assert [name for name in sorted(_functions()) if f".{name.partition('/')[2]}(" not in verbs] == []


@every_letter
def test_a_letter_says_what_its_golden_file_says(letter: Letter, request):
    name = request.node.callspec.params["letter"]
    head = [f"Objet : {letter.subject}", f"Automatique : {'oui' if letter.automatic else 'non'}",
            *(f"Pièce jointe : {file.filename} ({file.media_type})" for file in letter.attachments)]
    same_as_golden(LETTERS / f"{name}.txt", "\n".join(head) + "\n\n" + letter.text)


@every_letter
def test_a_letter_ends_with_why_one_receives_it(letter: Letter):
    words, sign, why = letter.text.partition("\n-- \n")
    assert sign and why.startswith(("Vous recevez ce courriel parce que", "Vous recevez ce courriel parce qu’")), why
    assert words.startswith("Bonjour")
    why = " ".join(why.split())
    assert NETWORK.name in why or re.search(r"convention [A-Z]{3}-2027-\d{4}|comme celle de son employeur", why), why


@every_letter
def test_a_letter_reads_well_as_plain_text(letter: Letter):
    assert not _MARKUP.search(letter.text.replace("<mardi>", "")), _MARKUP.search(letter.text.replace("<mardi>", ""))
    long = [line for line in letter.text.splitlines() if len(line) > 78
            and not re.search(r"https?://\S+$|[0-9a-f]{64}|^  ", line)]
    assert not long
    assert "\n\n\n" not in letter.text, "two blank lines"
    assert letter.text == "\n".join(line if line == "-- " else line.rstrip() for line in letter.text.split("\n"))
    assert not re.search(r"\bNone\b|\bundefined\b|[\ue000-\uf8ff]", letter.text)


@every_letter
def test_french_is_set_as_in_print(letter: Letter):
    ours = f"{letter.subject}\n{letter.text}".replace("\n".join(f"  {line}".rstrip() for line in WORDS.split("\n")), "")
    ours = re.sub(r"https?://\S+", "", ours)
    assert not re.search(r"[^\s] [;:!?»]", ours), re.search(r".{0,30}[^\s] [;:!?»]", ours)
    assert not re.search(r"« ", ours)
    assert not re.search(r"[a-zà-ÿ]'[a-zà-ÿ]", ours, re.IGNORECASE)
    assert "..." not in ours


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


@every_letter
def test_the_html_says_the_same_words_as_the_text(letter: Letter):
    page = BeautifulSoup(letter.html, "html5lib")
    shown = page.select_one(".letter")
    heading = shown.h1.extract()
    assert _words(heading.text) == _words(letter.subject)
    # The last line of the page names the network, as the first one of the text part's From header does.
    why = page.select_one(".foot")
    signature = why.find_all("p")[-1].extract()
    assert signature.text == NETWORK.full_name
    for link in page.select(".foot a.inline"):
        link.append(f" {link['href']}")  # the text part gives the address of a link that stands inside a line
    said, _, foot = letter.text.partition("\n-- \n")
    assert _words(shown.get_text(" ")) == _words(said)
    assert _words(why.get_text(" ")) == _words(foot)


@every_letter
def test_a_letter_runs_nothing_and_asks_nobody_for_anything(letter: Letter):
    page = BeautifulSoup(letter.html, "html5lib")
    assert page.html["lang"] == "fr"
    assert page.title.text.strip()
    assert not page.find_all(["script", "img", "link", "iframe", "form", "object", "video", "audio"])
    assert "url(" not in letter.html and "@import" not in letter.html
    for link in page.find_all("a"):
        if link["href"].startswith("mailto:"):
            ours = tuple(f"mailto:{address.replace('+', '%2B')}?" for address in (REPLY, QUEUE_REPLY))
            assert link["href"].startswith(ours), "a prepared reply goes to the conversation, or to the mail it is about"
            continue
        assert link["href"].startswith("http://127.0.0.1:5000/"), link["href"]
        assert link["href"] in letter.text, "a link that the text does not give"


@every_letter
def test_somebodys_words_stay_words(letter: Letter):
    """What a person wrote becomes neither markup nor a link."""
    if "<mardi>" in letter.text:
        assert "&lt;mardi&gt; *prochain*" in letter.html
        assert not BeautifulSoup(letter.html, "html5lib").find_all("mardi")


def test_nobodys_address_is_in_a_letter_to_another(context):
    addresses = {"author": "noa@structure-b.example", "employer": "direction@structure-b.example",
                 "host": "claude@structure-c.example"}
    own = {"accueil/address_to_confirm", "accueil/request_received", "mentorat/pair_made", "mentorat/pair_made--mentor"}
    for name, make in SAMPLES.items():
        made = make()
        for address in addresses.values():
            assert name in own or address not in made.text + made.html, (name, address)
