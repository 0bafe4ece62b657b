"""A letter: one text template gives its subject, its text and its HTML.

Templates are light Markdown (paragraphs, lists, bold). Whatever comes from a variable is shown literally: it is
carried through Markdown as a sealed word and put back, escaped, at the end, so that nobody's text can become a link,
a heading or markup. ``button()``, ``quote()``, ``rows()`` and ``mailto()`` are the blocks a template can ask for.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import quote as percent

import css_inline
import mistune
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from models.typography import FrenchTypography, french

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_OPEN, _CLOSE = "\ue000", "\ue001"
_SEALED = re.compile(f"{_OPEN}([A-Z])([0-9a-f]*){_CLOSE}")
#: A block alone in its paragraph, or words within one; in what comes out of Markdown, with seals numbered.
_NUMBERED = re.compile(f"<p>{_OPEN}([B-Z])([0-9]+){_CLOSE}</p>|{_OPEN}[A-Z]([0-9]+){_CLOSE}")
_WIDTH = 76


@dataclass(frozen=True)
class Attachment:
    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """What is written, not yet to whom. ``automatic`` letters carry Auto-Submitted (RFC 3834), relayed words do not."""

    name: str
    subject: str
    text: str
    html: str
    automatic: bool = True
    attachments: tuple[Attachment, ...] = ()


class _Block(str):
    """A part of a letter already sealed: not sealed again."""


def _seal(kind: str, *values: str) -> _Block:
    return _Block(_OPEN + kind + "\x1f".join(values).encode("utf-8", "replace").hex() + _CLOSE)


def _finalize(value: object) -> str:
    return value if isinstance(value, _Block) else _seal("A", "" if value is None else str(value))


def button(label: str, url: str) -> _Block:
    """A link to press, and its plain address under it."""
    return _seal("B", french(label), url)


def quote(text: str) -> _Block:
    """Somebody's words, set apart."""
    return _seal("Q", text)


def rows(sections: Iterable[Sequence]) -> _Block:
    """A summary: ``[section, [[question, answer], ...]]``."""
    lines = []
    for section, pairs in sections:
        lines.append(f"#{section}")
        lines += [f"{question}\x1e{answer}" for question, answer, *_ in pairs]
    return _seal("R", "\x1d".join(lines))


def mailto(label: str, address: str, subject: str, body: str) -> _Block:
    """A prepared reply: pressing it opens the mail client with these words."""
    return _seal("M", french(label), f"mailto:{address}?subject={percent(subject)}&body={percent(body)}", body)


@cache
def _environment() -> Environment:
    # Not HTML: the text is escaped when the sealed words are put back, so autoescape would escape twice.
    environment = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=False,  # noqa: S701
                              finalize=_finalize, trim_blocks=True, lstrip_blocks=True, extensions=[FrenchTypography],
                              auto_reload=False)
    environment.globals.update(button=button, quote=quote, rows=rows, mailto=mailto)
    return environment


@cache
def _markdown() -> mistune.Markdown:
    return mistune.create_markdown(escape=True, hard_wrap=False)


@cache
def _layout() -> tuple[str, str]:
    """The HTML around the words, styles written on each element once and for all; before and after the words."""
    page = (TEMPLATES / "emails" / "layout.html").read_text("utf-8")
    inliner = css_inline.CSSInliner(keep_at_rules=True, keep_style_tags=True)
    before, after = inliner.inline(page).split("<!-- words -->")
    return before, after


def compose(letter: str, /, *, automatic: bool = True, attachments: Iterable[Attachment] = (), **context: object) -> Letter:
    """Write the ``letter`` named ``<slice>/<purpose>`` from ``templates/emails/<slice>/<purpose>.txt``.

    :raises jinja2.UndefinedError: when the template asks for something that was not given.
    """
    template = _environment().get_template(f"emails/{letter}.txt")
    made = template.new_context(dict(context))
    subject = _one_line(_unseal_text(_part(template, made, "subject")))
    words, why = _part(template, made, "body").strip(), _part(template, made, "why").strip()
    return Letter(name=letter, subject=subject, text=_text(words, why), html=_html(subject, words, why, context),
                  automatic=automatic, attachments=tuple(attachments))


def _part(template: Template, context, block: str) -> str:
    return "".join(template.blocks[block](context))


def _one_line(text: str) -> str:
    # str.split() would take no-break spaces for spaces.
    return re.sub(r"[ \t\r\n]+", " ", text).strip()


def _text(words: str, why: str) -> str:
    body = re.sub(r"\*\*(.+?)\*\*", r"\1", words)
    why = re.sub(r"\*\*(.+?)\*\*", r"\1", why)
    parts = [_wrap(part) for part in re.split(r"\n\s*\n", body)]
    return "\n\n".join(parts) + "\n\n-- \n" + _wrap(why) + "\n"


def _wrap(part: str) -> str:
    # What is the same in every letter of a template is wrapped once; nobody's words are kept (bench/README.md).
    return _wrapped(part) if _OPEN in part else _wrapped_once(part)


def _wrapped(part: str) -> str:
    if (alone := _SEALED.fullmatch(part.strip())) and alone[1] != "A":
        return _unseal_text(part.strip())
    lines = []
    for line in re.sub(r"\n(?!\s*[-*\d])", " ", part).split("\n"):
        line = _unseal_text(line.strip())
        indent = "  " if line.startswith(("- ", "* ")) else ""
        lines += textwrap.wrap(line, _WIDTH, subsequent_indent=indent, break_long_words=False,
                               break_on_hyphens=False) or [""]
    return "\n".join(lines)


_wrapped_once = lru_cache(maxsize=512)(_wrapped)


def _unseal_text(text: str) -> str:
    return _SEALED.sub(lambda found: _as_text(found[1], _values(found[2])), text)


def _values(sealed: str) -> list[str]:
    return bytes.fromhex(sealed).decode("utf-8", "replace").split("\x1f")


def _as_text(kind: str, values: list[str]) -> str:
    if kind == "B":
        return f"{values[0]}\u00a0:\n{values[1]}"
    if kind == "M":
        return f"{values[0]}\u00a0: répondez à ce courriel en écrivant sur la première ligne\u00a0: {values[2]}"
    if kind == "Q":
        return "\n".join(f"  {line}".rstrip() for line in values[0].split("\n"))
    if kind == "R":
        return "\n".join(_row_text(line) for line in values[0].split("\x1d")).strip("\n")
    return values[0]


def _row_text(line: str) -> str:
    if line.startswith("#"):
        return f"\n{line[1:].upper()}" if line != "#" else ""
    question, _, answer = line.partition("\x1e")
    answer = answer.replace("\n", "\n    ")
    mark = "" if question.endswith("?") else "\u00a0:"
    return f"{question}{mark} {answer}" if "\n" not in answer else f"{question}{mark}\n    {answer}"


def _html(subject: str, words: str, why: str, context: dict[str, object]) -> str:
    before, after = _layout()
    network = context["network"]
    body, foot = _to_html(words, _style), _to_html(why, _style_small)
    return (before.replace("{{subject}}", html.escape(subject)).replace("{{network}}", html.escape(network.name))
            + body + after.replace("{{why}}", foot).replace("{{network}}", html.escape(network.full_name)))


#: Styles written on the elements themselves: several mail clients read no other (reference email.md 2.4).
_STYLES = {
    "p": "margin:0 0 16px",
    "ul": "margin:0 0 16px;padding-left:24px",
    "li": "margin:0 0 6px",
    "small": "margin:0 0 8px;font-size:14px;line-height:1.5;color:#4A5761",
    "button": "display:inline-block;padding:12px 22px;background:#12595B;color:#FFFFFF;font-weight:bold;"
              "text-decoration:none;border-radius:6px",
    "plain": "font-size:14px;color:#4A5761;word-break:break-all",
    "quote": "margin:0 0 16px;padding:12px 16px;background:#FBF8F2;border-left:4px solid #A8431F;white-space:pre-wrap",
    "section": "margin:20px 0 6px;font-size:16px;font-weight:bold",
    "question": "font-size:14px;color:#4A5761",
}


def _style(page: str) -> str:
    for tag in ("p", "ul", "li"):
        page = page.replace(f"<{tag}>", f'<{tag} style="{_STYLES[tag]}">')
    return page


def _style_small(page: str) -> str:
    return page.replace("<p>", f'<p style="{_STYLES["small"]}">')


def _to_html(words: str, style: Callable[[str], str]) -> str:
    """The HTML of a template's words. Sealed words are numbered first: what is left is the same for every letter of
    the template, so that it goes through Markdown once, and holds nothing of anybody."""
    sealed: list[list[str]] = []

    def number(found: re.Match[str]) -> str:
        sealed.append(_values(found[2]))
        return f"{_OPEN}{found[1]}{len(sealed) - 1}{_CLOSE}"

    fixed, *rest = _cut(_SEALED.sub(number, words), style)
    made = [fixed]
    for kind, alone, within, fixed in zip(rest[::4], rest[1::4], rest[2::4], rest[3::4], strict=True):
        made.append(style(_as_html(kind, sealed[int(alone)])) if kind
                    else html.escape(sealed[int(within)][0]).replace("\n", "<br>"))
        made.append(fixed)
    return "".join(made)


@lru_cache(maxsize=512)
def _cut(words: str, style: Callable[[str], str]) -> list[str]:
    """The HTML of ``words`` cut around its numbered seals: fixed, then (kind, number, number within a line, fixed) each."""
    return [style(piece) if index % 4 == 0 and piece else piece
            for index, piece in enumerate(_NUMBERED.split(_markdown()(words)))]


def _as_html(kind: str, values: list[str]) -> str:
    safe = [html.escape(value) for value in values]
    if kind == "B":
        return (f'<p><a class="button" href="{safe[1]}" style="{_STYLES["button"]}">{safe[0]}</a><br>'
                f'<span style="{_STYLES["plain"]}">{safe[1]}</span></p>')
    if kind == "M":
        return (f'<p><a href="{safe[1]}">{safe[0]}</a><br><span style="{_STYLES["plain"]}">ou répondez en écrivant sur la '
                f"première ligne\u00a0: <strong>{safe[2]}</strong></span></p>")
    if kind == "Q":
        return f'<blockquote style="{_STYLES["quote"]}">{safe[0]}</blockquote>'
    return "".join(_row_html(line) for line in values[0].split("\x1d"))


def _row_html(line: str) -> str:
    if line.startswith("#"):
        return f'<h2 style="{_STYLES["section"]}">{html.escape(line[1:])}</h2>' if line != "#" else ""
    question, _, answer = line.partition("\x1e")
    words = html.escape(answer).replace("\n", "<br>")
    return f'<p><span style="{_STYLES["question"]}">{html.escape(question)}</span><br>{words}</p>'
