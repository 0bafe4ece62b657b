"""The paper letters are written on: the page around the words, and the blocks a letter can hold, as HTML.

Mail programs differ more than browsers do. Styles stand on the elements, as several programs read no others; what must
keep its padding is a table cell, as Outlook for Windows (Word's engine) gives none to links, ``div`` and ``blockquote``;
line breaks are ``<br>``, as it knows no ``white-space``. The style sheet of the page only adds the dark scheme.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.colours import readable

LAYOUT = Path(__file__).resolve().parent.parent / "templates" / "emails" / "layout.html"
PAPER, SURFACE, INK, MUTED, EDGE = "#FBF8F2", "#FFFFFF", "#1E2A32", "#4A5761", "#E4DCCB"
PAPER_DARK, SURFACE_DARK, INK_DARK, MUTED_DARK, EDGE_DARK = "#12181C", "#1A2329", "#EDE8DE", "#B9C1C6", "#35424A"
#: What the house colours become in the dark scheme; those of an instance are lightened.
_HOUSE_DARK = {"#12595B": "#7CC7D9", "#A8431F": "#F0A07C"}
_SLOT = re.compile(r"\{\{(\w+)\}\}")
_TABLE = '<table role="presentation" cellspacing="0" cellpadding="0" border="0"'


@dataclass(frozen=True)
class Stationery:
    """The paper of one network: its two colours, moved until they can be read on ours."""

    primary: str
    primary_dark: str
    accent: str
    accent_dark: str
    pieces: tuple[str, ...]
    """The page, cut at what changes from a letter to the next: words, name of what comes, words, name..."""

    def page(self, **values: str) -> str:
        """The whole page; ``values`` are HTML. Put in one by one: nobody's words are read as a name of ours."""
        return "".join(values[piece] if index % 2 else piece for index, piece in enumerate(self.pieces))

    def dressed(self, words: str) -> str:
        """HTML made from Markdown, with our styles on its elements."""
        for tag, style in _STYLES.items():
            words = words.replace(f"<{tag}>", f'<{tag} style="{style}">')
        return words

    def foot(self, words: str) -> str:
        """Why one receives the letter, in smaller type."""
        return words.replace("<p>", f'<p class="muted" style="margin:0 0 8px;font-size:15px;line-height:1.5;color:{MUTED}">')

    def button(self, label: str, url: str, *, second: bool) -> str:
        """A link to press and, under it, its address to copy. ``second``: a lesser choice, drawn as an outline."""
        ground, ink = (SURFACE, self.primary) if second else (self.primary, SURFACE)
        name = "button second" if second else "button"
        return (f'{_TABLE} style="margin:8px 0 6px"><tr><td class="{name}" style="background-color:{ground};'
                f'border:2px solid {self.primary};border-radius:8px;mso-padding-alt:11px 22px"><a href="{url}" style="'
                f"display:inline-block;padding:11px 22px;color:{ink};font-weight:bold;line-height:1.4;text-decoration:none"
                f'">{label}</a></td></tr></table>'
                f'<p class="muted" style="margin:0 0 20px;font-size:14px;line-height:1.4;color:{MUTED};word-break:break-all">'
                f"{url}</p>")

    def quote(self, words: str) -> str:
        """Somebody's words, set apart."""
        return (f'{_TABLE} width="100%" style="margin:0 0 20px"><tr><td class="quote" style="background-color:'
                f'{PAPER};border-left:4px solid {self.accent};padding:14px 16px"><blockquote dir="auto" style="margin:0">'
                f"{words}</blockquote></td></tr></table>")

    def rows(self, sections: list[tuple[str, list[tuple[str, str]]]]) -> str:
        """Questions and answers, by section."""
        made = []
        for number, (section, pairs) in enumerate(sections):
            if section:
                space = "0 0 6px" if number == 0 else "18px 0 6px"
                made.append(f'<h2 style="margin:{space};font-size:17px;line-height:1.4">{section}</h2>')
            made += [f'<p style="margin:0 0 8px"><span class="muted" style="color:{MUTED}">{question}</span>'
                     f"{'<br>' if '<br>' in answer else ' '}{answer}</p>" for question, answer in pairs]
        return (f'{_TABLE} width="100%" style="margin:0 0 20px"><tr><td class="rows" style="background-color:'
                f'{PAPER};border:1px solid {EDGE};border-radius:8px;padding:16px 16px 8px;font-size:16px;line-height:1.5">'
                f"{''.join(made)}</td></tr></table>")

    def prepared(self, label: str, url: str) -> str:
        """A link, inside a line, that opens a message ready to be sent."""
        return f'<a href="{url}" style="color:{self.primary};font-weight:bold">{label}</a>'


_STYLES = {
    "p": "margin:0 0 16px",
    "ul": "margin:0 0 16px;padding-left:22px",
    "li": "margin:0 0 8px",
    "h2": "margin:24px 0 8px;font-size:19px;line-height:1.35",
}


@cache
def stationery(primary: str, accent: str, name: str, full_name: str) -> Stationery:
    """The paper of the network of that name and those colours (``#RRVVBB``)."""
    colours = {"primary": readable(primary, PAPER, 7), "primary_dark": _by_night(primary, 8),
               "accent": readable(accent, PAPER, 4.6), "accent_dark": _by_night(accent, 7)}
    fixed = colours | {
        "paper": PAPER, "surface": SURFACE, "ink": INK, "muted": MUTED, "edge": EDGE, "paper_dark": PAPER_DARK,
        "surface_dark": SURFACE_DARK, "ink_dark": INK_DARK, "muted_dark": MUTED_DARK, "edge_dark": EDGE_DARK,
        "network": html.escape(name), "full_name": html.escape(full_name)}
    parts = _SLOT.split(LAYOUT.read_text("utf-8"))
    pieces = [""]
    for index, part in enumerate(parts):
        if index % 2 and part not in fixed:
            pieces += [part, ""]
        else:
            pieces[-1] += fixed[part] if index % 2 else part
    return Stationery(**colours, pieces=tuple(pieces))


def _by_night(colour: str, ratio: float) -> str:
    return _HOUSE_DARK.get(colour.upper()) or readable(colour, PAPER_DARK, ratio)
