"""The paper letters are written on: the page around the words, and the blocks a letter can hold, as HTML.

``templates/emails/layout.html`` and ``blocks.html`` are written with a style sheet, as any page; css-inline puts the styles
on the elements once per network, when the application starts, since several mail programs read no style sheet. What is
cut out of that page is filled for each letter: no letter is parsed or styled again (bench/README.md).

What must keep its padding is a table cell, as Outlook for Windows (Word's engine) gives none to links, ``div`` and
``blockquote``; line breaks are ``<br>``, as it knows no ``white-space``. The sheet that stays in the page only adds the
dark scheme and the narrow screen.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import css_inline

from models.colours import readable
from models.network import Network

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
PAPER, SURFACE, INK, MUTED, EDGE = "#FBF8F2", "#FFFFFF", "#1E2A32", "#4A5761", "#E4DCCB"
PAPER_DARK, SURFACE_DARK, INK_DARK, MUTED_DARK, EDGE_DARK = "#12181C", "#1A2329", "#EDE8DE", "#B9C1C6", "#35424A"
#: What the house colours become in the dark scheme; those of an instance are lightened.
_HOUSE_DARK = {"#12595B": "#7CC7D9", "#A8431F": "#F0A07C"}
_SLOT = re.compile(r"\{\{(\w+)\}\}")
_NOTE = re.compile(r"<!-- .*?-->\n?|/\*.*?\*/\n?", re.DOTALL)
_TAG = re.compile(r"<(p|h2|ul|li)( [^>]*)>")


@dataclass(frozen=True)
class Stationery:
    """The paper of one network: its two colours, moved until they can be read on ours, and the pieces to fill."""

    primary: str
    primary_dark: str
    accent: str
    accent_dark: str
    pieces: dict[str, str]
    """Name of a piece -> its HTML, with ``%(name)s`` where something of the letter goes."""
    words_tags: dict[str, str]
    foot_tags: dict[str, str]

    def page(self, **values: str) -> str:
        """The whole page; ``values`` are HTML. Put in at once: nobody's words are read as a name of ours."""
        return self.pieces["page"] % values

    def dressed(self, words: str) -> str:
        """HTML made from Markdown, with our styles on its elements."""
        return _dressed(words, self.words_tags)

    def foot(self, words: str) -> str:
        """Why one receives the letter, in smaller type."""
        return _dressed(words, self.foot_tags)

    def button(self, label: str, url: str, *, second: bool) -> str:
        """A link to press and, under it, its address to copy. ``second``: a lesser choice, drawn as an outline."""
        return self.pieces["second" if second else "button"] % {"label": label, "url": url}

    def quote(self, words: str) -> str:
        """Somebody's words, set apart."""
        return self.pieces["quote"] % {"words": words}

    def rows(self, sections: list[tuple[str, list[tuple[str, str]]]]) -> str:
        """Questions and answers, by section."""
        made = []
        for number, (section, pairs) in enumerate(sections):
            if section:
                made.append(self.pieces["section" if number else "first_section"] % {"section": section})
            made += [self.pieces["row"] % {"question": question, "answer": f"{'<br>' if '<br>' in answer else ' '}{answer}"}
                     for question, answer in pairs]
        return self.pieces["rows"] % {"rows": "".join(made)}

    def link(self, label: str, url: str) -> str:
        """A link inside a line."""
        return self.pieces["link"] % {"label": label, "url": url}

    def together(self, words: str) -> str:
        """Words that stay on one line."""
        return self.pieces["together"] % {"words": words}


def _dressed(words: str, tags: dict[str, str]) -> str:
    for plain, styled in tags.items():
        words = words.replace(plain, styled)
    return words


def stationery(network: Network) -> Stationery:
    """The paper of ``network``; made at its first call, then kept."""
    return _made(network.primary, network.accent, network.name, network.full_name)


@cache
def _made(primary: str, accent: str, name: str, full_name: str) -> Stationery:
    colours = {"primary": readable(primary, PAPER, 7), "primary_dark": _by_night(primary, 8),
               "accent": readable(accent, PAPER, 4.6), "accent_dark": _by_night(accent, 7)}
    fixed = colours | {
        "paper": PAPER, "surface": SURFACE, "ink": INK, "muted": MUTED, "edge": EDGE, "paper_dark": PAPER_DARK,
        "surface_dark": SURFACE_DARK, "ink_dark": INK_DARK, "muted_dark": MUTED_DARK, "edge_dark": EDGE_DARK,
        "network": html.escape(name), "full_name": html.escape(full_name)}
    layout = _SLOT.sub(lambda found: fixed.get(found[1], found[0]), _read("emails/layout.html"))
    specimen = layout.replace("{{words}}", f"<!--words-->{_read('emails/blocks.html')}<!--/words-->")
    styled = _squeezed(css_inline.CSSInliner(keep_at_rules=True, minify_css=True).inline(specimen))
    page, blocks = _cut(styled, "words", "{{words}}")
    blocks, row_names = blocks.strip(), ("first_section", "section", "row")
    pieces = {"page": page}
    for name in ("button", "second", "quote", "link", "together", *row_names):
        blocks, pieces[name] = _cut(blocks, name)
    _, pieces["rows"] = _cut(blocks, "rows")
    pieces["rows"] = re.sub(r"(<td class=\"rows\"[^>]*>).*?(</td>)", r"\1{{rows}}\2", pieces["rows"], flags=re.DOTALL)
    return Stationery(**colours, pieces={name: _to_fill(piece) for name, piece in pieces.items()},
                      words_tags=_tags(_cut(blocks, "of_words")[1]), foot_tags=_tags(_cut(blocks, "of_foot")[1]))


def _read(name: str) -> str:
    return _NOTE.sub("", (TEMPLATES / name).read_text("utf-8"))


def _squeezed(page: str) -> str:
    """Without what only shows to who reads the source: each letter carries it. The charset comes first (HTML, 4.2.5.4)."""
    charset = '<meta charset="utf-8">'
    page = page.replace(charset, "").replace("<head>", f"<head>{charset}")
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"(?<=[{};:,]) +| +(?=[{}])|</?tbody>", "", page))


def _cut(page: str, name: str, instead: str = "") -> tuple[str, str]:
    """``page`` without what stands between the two marks of ``name``, and that."""
    before, _, rest = page.partition(f"<!--{name}-->")
    inside, _, after = rest.partition(f"<!--/{name}-->")
    return f"{before}{instead}{after}", inside.strip()


def _to_fill(piece: str) -> str:
    return _SLOT.sub(r"%(\1)s", piece.replace("%", "%%"))


def _tags(specimen: str) -> dict[str, str]:
    found: Iterable[re.Match[str]] = _TAG.finditer(specimen)
    return {f"<{tag[1]}>": tag[0] for tag in found}


def _by_night(colour: str, ratio: float) -> str:
    return _HOUSE_DARK.get(colour.upper()) or readable(colour, PAPER_DARK, ratio)
