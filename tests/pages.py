"""The test client reads every page it opens, as a proof-reader would: valid, titled, labelled, in good French."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

import html5lib
from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.builder import HTML5TreeBuilder
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

NBSP = "\u00a0"
_TYPOGRAPHY = (
    (re.compile(r"[^\s\u00a0] [;:!?»](?![\w/(])"), "une espace ordinaire avant un signe double"),
    (re.compile(r"« "), "une espace ordinaire après «"),
    (re.compile(r"[A-Za-zÀ-ÿ]'[A-Za-zÀ-ÿ]"), "une apostrophe droite"),
    (re.compile(r"\.\.\."), "trois points au lieu de …"),
)
#: Where words are not ours, or not prose.
_NOT_PROSE = ("script", "style", "pre", "iframe", "code", "textarea")
_OTHERS_WORDS = {"source", "mail-body"}
#: What signs a link or a form: as long as no word of ours, and read as one word by every rule here.
_SECRET = re.compile(r"(?<![\w-])[\w-]{24,}(?![\w-])")
_read: set[bytes] = set()
_NEVER = re.compile(r"\b(None|null|undefined|Traceback|oups|veuillez)\b", re.IGNORECASE)


class ReadingClient(FlaskClient):
    """A browser of ours: says where its requests come from, and reads each HTML page it is given.

    ``reading = False`` switches the reading off for a test that shows what a person typed wrongly.
    """

    reading = True

    def open(self, *args, **kwargs):
        headers = dict(kwargs.pop("headers", None) or {})
        headers.setdefault("Sec-Fetch-Site", "same-origin")
        response = super().open(*args, headers=headers, **kwargs)
        if (sent := response.request.environ.get("wsgi.input")) is not None and response.data is not None:
            sent.close()  # a body of more than 500 kB is a file of the client, which it leaves open
        if self.reading and response.mimetype == "text/html" and response.data and response.request.path.count("/html") == 0:
            _read_once(response.text)
        return response

    def page(self, *args, **kwargs) -> BeautifulSoup:
        """The page at that address, parsed; it must answer 200."""
        response = self.get(*args, **kwargs)
        assert response.status_code == 200, (response.status_code, args)
        return soup(response)

    def fill(self, response, action: str = "", **answers):
        """Fill the form of a page whose action begins with ``action`` and press its first button.

        Hidden and already filled fields are sent as they are; ``vers=...`` presses another button.
        """
        form = next(f for f in soup(response).find_all("form") if f["action"].startswith(action) and f["method"] == "post")
        data = MultiDict(form_values(form))
        for name, value in answers.items():
            data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
        return self.post(form["action"].split("#")[0], data=data)


class _Judge(HTML5TreeBuilder):
    """The tree of a page and what is wrong in it, from one reading."""

    faults: list[tuple] = []

    def feed(self, markup: str) -> None:
        parser = html5lib.HTMLParser(tree=self.create_treebuilder)
        self.underlying_builder.parser = parser
        parser.parse(markup).original_encoding = None
        self.faults = parser.errors


def soup(response) -> BeautifulSoup:
    """The page of a response, to look things up in. One tree for all who ask: nobody changes it."""
    return _tree(response.text)


@lru_cache(maxsize=60)
def _tree(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "lxml")  # a third of html5lib's time, and the same tree once the page is well formed


def form_values(form) -> list[tuple[str, str]]:
    """What a browser would send of a form as it stands."""
    values = []
    for control in form.select("input, textarea"):
        kind = control.get("type", "textarea")
        if kind in ("radio", "checkbox"):
            if control.has_attr("checked"):
                values.append((control["name"], control["value"]))
        elif control.name == "textarea":
            values.append((control["name"], control.text.removeprefix("\n")))
        elif kind not in ("file", "submit"):
            values.append((control["name"], control.get("value", "")))
    return values


def _read_once(text: str) -> None:
    """A page that differs by the secrets of its links alone is read once: four fifths are, and reading costs more than drawing.
    The same secret is the same number at each place, so that ids in double or leading nowhere stay so."""
    numbers: dict[str, int] = {}
    shape = _SECRET.sub(lambda found: f"secret{numbers.setdefault(found[0], len(numbers))}", text)
    known = hashlib.sha256(shape.encode()).digest()
    if known not in _read:
        read_page(text)
        _read.add(known)


def read_page(text: str) -> None:
    """Check one page; the assertion says what to mend."""
    judge = _Judge()
    page = BeautifulSoup(text.lstrip(), builder=judge)
    faults = [fault for fault in judge.faults if fault[1] != "unexpected-end-tag-implies-table-voodoo"]
    assert not faults, f"HTML mal formé : {faults[:3]}"
    tags = page.find_all(True)
    named: dict[str, list[Tag]] = {}
    for tag in tags:
        named.setdefault(tag.name, []).append(tag)
    assert page.html.get("lang") == "fr", "la langue de la page n’est pas dite"
    headings = named.get("h1", [])
    assert len(headings) == 1, f"il faut un titre h1, et un seul : {[h.text for h in headings]}"
    assert page.title and page.title.text.strip(), "la page n’a pas de <title>"
    ids = [tag["id"] for tag in tags if tag.has_attr("id")]
    assert len(ids) == len(set(ids)), f"ids en double : {sorted({i for i in ids if ids.count(i) > 1})}"
    _nothing_that_runs(tags)
    _controls_are_labelled(named)
    for form in named.get("form", []):
        assert form.get("action"), "formulaire sans action"
        assert form.has_attr("novalidate") or not form.select("input:not([type=hidden]), textarea"), "formulaire sans novalidate"
    for tag in tags:
        for ref in (tag.get("aria-describedby", "") + " " + tag.get("aria-labelledby", "")).split():
            assert ref in ids, f"aria vers un id absent : {ref}"
    for link in named.get("a", []):
        if (target := link.get("href", "")).startswith("#"):
            assert target[1:] in ids, f"lien vers un id absent : {target}"
    _read_prose(page.body)


def _nothing_that_runs(tags: list[Tag]) -> None:
    for tag in tags:
        written = tag.name == "style" or (tag.name == "script" and not tag.has_attr("src"))
        carried = {"onclick", "onload"} & set(tag.attrs) or ("style" in tag.attrs and not tag.find_parent("iframe"))
        assert not written and not carried, "script ou style dans la page"


def _controls_are_labelled(named: dict[str, list[Tag]]) -> None:
    labels = {label["for"]: label for label in named.get("label", []) if label.has_attr("for")}
    inputs = [control for control in named.get("input", []) if control.get("type") not in ("hidden", "submit")]
    for control in [*inputs, *named.get("textarea", []), *named.get("select", [])]:
        label = labels.get(control.get("id"))
        assert label and label.text.strip(), f"champ sans étiquette : {control}"
        for attribute in ("placeholder", "maxlength", "required"):
            assert not control.has_attr(attribute), f"{attribute} sur {control.get('name')}"
        assert control.get("type") != "number", f"type=number sur {control.get('name')}"


def _read_prose(tag: Tag) -> None:
    for child in tag.children:
        if isinstance(child, Tag):
            if child.name not in _NOT_PROSE and not _OTHERS_WORDS & set(child.get("class", ())):
                _read_prose(child)
        elif type(child) is NavigableString and (string := child.strip()):
            for pattern, fault in _TYPOGRAPHY:
                found = pattern.search(string)
                assert not found, f"{fault} : …{string[max(0, found.start() - 20):found.end() + 20]}…"
            assert not _NEVER.search(string), f"mot à ne pas montrer : {string[:80]}"
