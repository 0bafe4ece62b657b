"""A letter: one text template gives its subject, its text and its HTML.

Templates are light Markdown (paragraphs, lists, bold, ``##``). Whatever comes from a variable is shown literally: it is
carried through Markdown as a sealed word and put back, escaped, at the end, so that nobody's text can become a link,
a heading or markup. ``button()``, ``quote()``, ``rows()`` and ``mailto()`` are the blocks a template can ask for.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import quote as percent

import mistune
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.runtime import new_context

from models.network import Network
from models.typography import FrenchTypography, french

from .stationery import Stationery, stationery

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_OPEN, _CLOSE = "\ue000", "\ue001"
_SEALED = re.compile(f"{_OPEN}([A-Z])([0-9]*){_CLOSE}")
_SEALED_BLOCK = re.compile(f"<p>({_OPEN}[BQR][0-9]*{_CLOSE})</p>")
# Our two marks, controls, and what turns the direction of all that follows: no letter holds any.
_UNSAFE = re.compile(f"[{_OPEN}{_CLOSE}\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_REFERENCE = re.compile(r"[A-Z]+-\d{4}-\d{4,}")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
# The space before a sign of French: a line must not begin with the sign.
_SIGN = re.compile(r" (?=[;:!?»](?:\s|$))")
_WIDTH = 76
_LINE_END = re.compile(r"\s*\n\s*")
_BREAKS = re.compile(r"[\t\n\r\x0b\x0c]")
#: How the name of a reminder ends.
REMINDER = "_reminder"
#: What a mail program shows of a letter beside its subject, before it is opened.
_PREVIEW = 140


@dataclass(frozen=True)
class Attachment:
    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Subscription:
    """What a letter that can be unsubscribed from says in its headers (RFC 2369, RFC 8058)."""

    topic: str
    """Its name in ``List-Id``: letters, digits and dashes."""
    url: str
    """The personal page that stops it; a POST to it stops it at once."""
    address: str
    """Mail to it stops it too."""


@dataclass(frozen=True)
class Letter:
    """What is written, not yet to whom. ``automatic`` letters carry Auto-Submitted (RFC 3834), relayed words do not."""

    name: str
    subject: str
    text: str
    html: str
    automatic: bool = True
    attachments: tuple[Attachment, ...] = ()
    subscription: Subscription | None = None

    @property
    def reminder(self) -> bool:
        """True for a letter nobody waits for: it leaves in working hours alone (``services/reminding.py``)."""
        return self.name.endswith(REMINDER)

    def with_reference(self, pending: str, given: str) -> Letter:
        """The same letter once its dossier has its number; written before, with another in its place."""
        return replace(self, text=self.text.replace(pending, given), html=self.html.replace(pending, given))


class _Block(str):
    """A part of a letter already sealed: not sealed again."""


#: What the seals of the letter being written stand for, by their number.
_held: ContextVar[list[tuple]] = ContextVar("held")


def _seal(kind: str, *values: object) -> _Block:
    held = _held.get()
    held.append(values)
    return _Block(f"{_OPEN}{kind}{len(held) - 1}{_CLOSE}")


def _opened(number: str) -> tuple:
    return _held.get()[int(number)]


def _clean(value: object) -> str:
    text = "" if value is None else str(value)
    if text.isprintable():  # no control, no mark of ours, no end of line: nothing to do, most often
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSAFE.sub("", text).encode("utf-8", "replace").decode("utf-8")


def _finalize(value: object) -> str:
    return value if isinstance(value, _Block) else _seal("A", _LINE_END.sub(" ", _clean(value)))


def button(label: str, url: str, *, second: bool = False) -> _Block:
    """A link to press, and its plain address under it. ``second``: not what the letter is about."""
    return _seal("B", french(_clean(label)), url, second)


def quote(text: str) -> _Block:
    """Somebody's words, set apart."""
    return _seal("Q", _clean(text).strip("\n"))


def rows(sections: Iterable[Sequence], without: Sequence[str] = ()) -> _Block:
    """A summary: ``[section, [[question, answer], ...]]``; sections named in ``without`` and empty ones are left out."""
    kept = []
    for section, pairs in sections:
        answered = [(_question(question), _SIGN.sub("\u00a0", _clean(answer).strip()))
                    for question, answer, *_ in pairs if str(answer).strip()]
        if answered and section not in without:
            kept.append((_clean(section), answered))
    return _seal("R", kept)


def _question(words: str) -> str:
    words = french(_clean(words))
    return words if words.endswith("?") else f"{words}\u00a0:"


def link(label: str, url: str) -> _Block:
    """Words inside a line; pressing them opens a page. The text part gives the address after them."""
    return _seal("L", french(_clean(label)), url)


def mailto(label: str, address: str, subject: str, body: str) -> _Block:
    """Words inside a line; pressing them opens the mail program with a message ready to be sent (RFC 6068)."""
    return mailtos([(label, body)], address, subject)[0]


def mailtos(messages: Iterable[tuple[str, str]], address: str, subject: str) -> list[_Block]:
    """:func:`mailto` for each ``(label, body)``: what they have in common is written once."""
    start = f"mailto:{percent(address, safe='@')}?subject={percent(' '.join(subject.split()))}&body="
    return [_seal("M", _clean(label), start + percent(_clean(body).replace("\n", "\r\n"))) for label, body in messages]


@cache
def _environment() -> Environment:
    # Not HTML: the text is escaped when the sealed words are put back, so autoescape would escape twice.
    environment = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=False,  # noqa: S701
                              finalize=_finalize, trim_blocks=True, lstrip_blocks=True, extensions=[FrenchTypography],
                              auto_reload=False)
    environment.globals.update(button=button, quote=quote, rows=rows, link=link, mailto=mailto, mailtos=mailtos)
    environment.filters["typo"] = french
    return environment


@cache
def _markdown() -> mistune.Markdown:
    return mistune.create_markdown(escape=True, hard_wrap=False)


def compose(letter: str, /, *, automatic: bool = True, attachments: Iterable[Attachment] = (),
            subscription: Subscription | None = None, **context: object) -> Letter:
    """Write the ``letter`` named ``<slice>/<purpose>`` from ``templates/emails/<slice>/<purpose>.txt``.

    ``context`` holds at least ``network``; its ``dossier``, if any, gives the reference at the head of the page.

    :raises jinja2.UndefinedError: when the template asks for something that was not given.
    """
    _held.set([])
    environment = _environment()
    template = environment.get_template(f"emails/{letter}.txt")
    # Template.new_context would go through what all templates share, name by name, twice.
    made = new_context(environment, template.name, template.blocks, {**environment.globals, **context}, shared=True)
    subject = _one_line(_unseal_text(_part(template, made, "subject")))
    network: Network = context["network"]  # type: ignore[assignment]
    words = _part(template, made, "body").strip()
    why = f"{_part(template, made, 'why').strip()}\n\n{_contact(network)}"
    text = _text(words)
    return Letter(name=letter, subject=subject, text=f"{text}\n\n-- \n{_text(why)}\n",
                  html=_html(subject, words, why, _preview(text), _reference(context), network),
                  automatic=automatic, attachments=tuple(attachments), subscription=subscription)


def _part(template: Template, context, block: str) -> str:
    return "".join(template.blocks[block](context))


def _contact(network: Network) -> str:
    telephone = f" ou {_seal('A', network.phone)}" if network.phone else ""
    return f"Pour nous joindre\u00a0: {_seal('A', network.email)}{telephone}."


def _reference(context: dict[str, object]) -> str:
    dossier = context.get("dossier")
    return str(context.get("reference", "") if dossier is None else dossier.reference)  # type: ignore[attr-defined]


def _one_line(text: str) -> str:
    # str.split() would take no-break spaces for spaces.
    return re.sub(r"[ \t\r\n]+", " ", text).strip()


def _preview(text: str) -> str:
    """The first words that say something: what follows « Bonjour »."""
    said = _one_line(text.partition("\n\n")[2])
    return said if len(said) <= _PREVIEW else said[:_PREVIEW].rpartition(" ")[0].rstrip(" .,;:\u00a0") + "…"


def _text(words: str) -> str:
    parts = [part for part in re.split(r"\n\s*\n", _BOLD.sub(r"\1", words)) if part.strip()]
    return "\n\n".join(_part_text(part.strip()) if _OPEN in part else _fixed_text(part.strip()) for part in parts)


def _part_text(part: str) -> str:
    if (alone := _SEALED.fullmatch(part)) and alone[1] != "A":
        return _unseal_text(part)
    lines = []
    for line in re.sub(r"\n(?!\s*- )", " ", part.removeprefix("## ")).split("\n"):
        line = _one_line(line)
        lines += _wrapped(_unseal_text(line), after="  " if line.startswith("- ") else "")
    return "\n".join(lines)


_fixed_text = lru_cache(maxsize=512)(_part_text)  # a paragraph of the template, without a word of anybody


#: A plain space beside a mark, as people type it: no line is cut there. What stands for it meanwhile is in no letter.
_TIED, _TIE = re.compile(r"(?<=\S) (?=[?!:;»])|(?<=«) (?=\S)"), "\ue002"


def _wrapped(line: str, first: str = "", after: str = "") -> list[str]:
    if len(first) + len(line) <= _WIDTH and not _BREAKS.search(line):
        return [f"{first}{line}".rstrip()]
    return [made.rstrip().replace(_TIE, " ") for made in textwrap.wrap(
        _TIED.sub(_TIE, line), _WIDTH, initial_indent=first, subsequent_indent=after, replace_whitespace=False,
        drop_whitespace=True, break_long_words=False, break_on_hyphens=False)] or [""]


def _unseal_text(text: str) -> str:
    return _SEALED.sub(lambda found: _as_text(found[1], _opened(found[2])), text)


def _as_text(kind: str, values: tuple) -> str:
    if kind == "B":
        return f"{values[0]}\u00a0:\n{values[1]}"
    if kind == "L":
        return f"{values[0]}\u00a0: {values[1]}"
    if kind == "Q":
        return "\n".join(made for line in values[0].split("\n") for made in _wrapped(line, "  ", "  "))
    if kind == "R":
        return "\n\n".join("\n".join([*filter(None, [section]), *(line for pair in pairs for line in _row_text(*pair))])
                           for section, pairs in values[0])
    return f"\u2068{values[0]}\u2069" if _RIGHT_TO_LEFT.search(values[0]) else values[0]


def _row_text(question: str, answer: str) -> list[str]:
    if "\n" not in answer and len(f"  {question} {answer}") <= _WIDTH:
        return [f"  {question} {answer}"]
    return [*_wrapped(question, "  ", "  "),
            *(made for line in answer.split("\n") for made in _wrapped(line, "    ", "    "))]


def _html(subject: str, words: str, why: str, preview: str, reference: str, network: Network) -> str:
    paper = stationery(network)
    return paper.page(
        subject=html.escape(subject), preview=html.escape(preview),
        reference=f" \u00b7 {paper.together(html.escape(reference))}" if reference else "",
        words=_to_html(words, paper, paper.dressed), why=_to_html(why, paper, paper.foot))


def _to_html(words: str, paper: Stationery, dress: Callable[[str], str]) -> str:
    """The HTML of Markdown. Seals are numbered on the way: what is left is the same in every letter of a template, so
    that it is read once (bench/README.md), and what is kept in memory holds nothing of anybody."""
    sealed: list[str] = []

    def number(found: re.Match[str]) -> str:
        sealed.append(found[2])
        return f"{_OPEN}{found[1]}{len(sealed) - 1}{_CLOSE}"

    page = _read_markdown(_SEALED.sub(number, words), dress)
    return _SEALED.sub(lambda found: _as_html(found[1], _opened(sealed[int(found[2])]), paper), page)


@lru_cache(maxsize=512)
def _read_markdown(words: str, dress: Callable[[str], str]) -> str:
    # A block stands alone in its paragraph: marked here, so that the paragraph goes when the block is put in.
    return dress(_SEALED_BLOCK.sub(r"\1", _markdown()(words)))


def _as_html(kind: str, values: tuple, paper: Stationery) -> str:
    if kind == "B":
        return paper.button(html.escape(values[0]), html.escape(values[1]), second=values[2])
    if kind == "Q":
        return paper.quote(_lines(values[0]))
    if kind != "R":
        return _as_inline(kind, values, paper)
    return paper.rows([(html.escape(section), [(html.escape(question), _lines(answer)) for question, answer in pairs])
                       for section, pairs in values[0]])


def _as_inline(kind: str, values: tuple, paper: Stationery) -> str:
    words = html.escape(str(values[0]))
    if kind in "ML":
        return paper.link(words, html.escape(values[1]))
    if _REFERENCE.fullmatch(words):
        return paper.together(words)
    return f"<bdi>{words}</bdi>" if _RIGHT_TO_LEFT.search(words) else words


def _lines(text: str) -> str:
    """Words with their line breaks and their runs of spaces, for programs that know no ``white-space``."""
    return html.escape(text).replace("  ", " \u00a0").replace("\n", "<br>")
