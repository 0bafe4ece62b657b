"""The Jinja environment of the documents: always escaped, no undefined name, French dates, hours and lists."""

from __future__ import annotations

import re
from datetime import date, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from pdf import own_texts
from pdf.characters import visible
from pdf.render import DOCUMENTS

NBSP = "\u00a0"
PARIS = ZoneInfo("Europe/Paris")
MONTH_DAY = re.compile(r"\b1(?= )")


@cache
def environment() -> Environment:
    """Return the shared environment; templates are those of templates/documents/."""
    return _with_filters(Environment(
        loader=FileSystemLoader(DOCUMENTS), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False, finalize=_finalize))


@cache
def own_environment() -> Environment:
    """Return the environment of texts that are not ours: a sandbox that loads no file."""
    return _with_filters(ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_finalize))


def _with_filters(made: Environment) -> Environment:
    made.filters.update(
        day=day, long_day=long_day, hour=hour, duration=duration, siret=siret, phone=phone, paragraphs=paragraphs,
        groups=groups, local_day=lambda moment: day(moment.astimezone(PARIS).date()),
        local_hour=lambda moment: hour(moment.astimezone(PARIS).time()))
    made.globals.update(count=count)
    return made


def page(template: str, **values: Any) -> str:
    """Return the HTML of `template`: a path under templates/documents/, or the name of an instance's own text.

    Raises pdf.own_texts.UnfitText.
    """
    if template.endswith(".html"):
        return environment().get_template(template).render(values)
    own_texts.check_syntax(template, own_environment())
    try:
        return own_environment().from_string(own_texts.text_of(template) or "").render(values)
    except TemplateError as error:
        raise own_texts.UnfitText(f"{template}.html : {error}") from error


def day(value: date) -> str:
    """Return « 2 février 2027 », « 1er février 2027 »."""
    return MONTH_DAY.sub("1er", format_date(value, "d MMMM y", locale="fr"), count=1).replace(" ", NBSP, 1)


def long_day(value: date) -> str:
    """Return « mardi 2 février 2027 »."""
    return f"{format_date(value, 'EEEE', locale='fr')} {day(value)}"


def hour(value: time) -> str:
    """Return « 9 h », « 9 h 30 »."""
    return f"{value.hour}{NBSP}h{NBSP}{value.minute:02}" if value.minute else f"{value.hour}{NBSP}h"


def duration(minutes: int) -> str:
    """Return « 14 h », « 3 h 30 », « 45 min »."""
    hours, rest = divmod(minutes, 60)
    if rest and not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02}" if rest else f"{hours}{NBSP}h"


def siret(value: str) -> str:
    """Return a SIRET in its usual groups, « 000 000 026 00013 »; anything else as it is."""
    return NBSP.join((value[:3], value[3:6], value[6:9], value[9:])) if re.fullmatch(r"\d{14}", value) else value


def phone(value: str) -> str:
    """Return a French number in pairs, « 04 65 71 00 02 »; anything else as it is."""
    digits = re.sub(r"[\s.\-]", "", value).replace("+33", "0", 1)
    return groups(digits, 2, NBSP) if re.fullmatch(r"0\d{9}", digits) else value


def groups(value: str, size: int, between: str = " ") -> str:
    """Return `value` cut in groups of `size`, so that a person can compare it by eye."""
    return between.join(value[start:start + size] for start in range(0, len(value), size))


def paragraphs(value: str, label: str = "") -> Markup:
    """Return a text typed by a person as paragraphs; a single line end stays one. `label` opens the first."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", visible(value).replace("\r\n", "\n")) if block.strip()]
    texts = [Markup("<br>").join(escape(line) for line in block.splitlines()) for block in blocks]
    if label and texts:
        texts[0] = Markup("<strong>{}{}:</strong> {}").format(label, NBSP, texts[0])
    return Markup("\n").join(Markup("<p>{}</p>").format(text) for text in texts)


def count(number: int, one: str, many: str) -> str:
    """Return « 1 jour », « 2 jours »; French counts zero in the singular."""
    return f"{number}{NBSP}{one if number < 2 else many}"


def _finalize(value: Any) -> Any:
    return visible(value) if type(value) is str else value
