"""A form of several pages, without account, cookie or script.

What was answered on the earlier pages travels in the page itself, sealed (signed) so that it comes back as it left;
nothing is stored before the person sends. The seal also holds the key that makes a form sent twice one request.
Back, reload and a page left open for hours all work: there is nothing on the server to expire.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import MultiDict

from .base import RingForm


@dataclass(frozen=True)
class Step:
    """One page: ``slug`` in its address, ``title`` its heading, ``form`` its questions.

    ``when``, given the answers of the pages before it, says whether it is asked.
    """

    slug: str
    title: str
    form: type[RingForm]
    lead: str = ""
    when: Callable[[dict[str, Any]], bool] | None = None


@dataclass(frozen=True)
class Journey:
    """A whole form. ``name`` seals its pages apart from those of another."""

    name: str
    steps: tuple[Step, ...]
    check_title: str
    send_label: str

    def step(self, slug: str) -> Step | None:
        return next((step for step in self.steps if step.slug == slug), None)

    def asked(self, progress: Progress) -> tuple[Step, ...]:
        """The pages that person is asked, in order."""
        said = {name: value for page in progress.answers.values() for name, value in page.items()}
        return tuple(step for step in self.steps if step.when is None or step.when(said))


@dataclass
class Progress:
    """Where a person is in a journey: a key, and the answers of each page by its slug.

    ``begun`` holds what was typed on pages still wrong, the files they brought among it: kept, and not taken for answers.
    """

    key: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    begun: dict[str, dict[str, Any]] = field(default_factory=dict)

    def keep(self, step: Step, form: RingForm, answered: bool) -> None:
        """Remember what a page holds: as answers, or as something begun."""
        kept, other = (self.answers, self.begun) if answered else (self.begun, self.answers)
        kept[step.slug] = form.answers()
        other.pop(step.slug, None)

    def settle(self, journey: Journey) -> None:
        """A page that is asked no more, since another answer changed, is no answer: what it held waits, in case it is again."""
        asked = {step.slug for step in journey.asked(self)}
        for slug in [slug for slug in self.answers if slug not in asked]:
            self.begun[slug] = self.answers.pop(slug)

    def known(self, step: Step) -> dict[str, Any] | None:
        """What to show again on a page, None when it was never filled."""
        return self.answers.get(step.slug) or self.begun.get(step.slug)

    def next_step(self, journey: Journey) -> Step | None:
        """The first page without an answer, or None when all are answered."""
        return next((step for step in journey.asked(self) if step.slug not in self.answers), None)

    def all_answers(self) -> dict[str, Any]:
        """Answers of every page together; names are unique in a journey."""
        return {name: value for page in self.answers.values() for name, value in page.items()}


def _serializer(secret: str, journey: Journey) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=f"journey:{journey.name}")


def seal(progress: Progress, journey: Journey, secret: str) -> str:
    """The text a page carries in its hidden field."""
    return _serializer(secret, journey).dumps([progress.key, progress.answers, progress.begun])


def unseal(text: str, journey: Journey, secret: str) -> Progress | None:
    """The progress a page carried, or None when the text was changed or cut."""
    try:
        key, answers, begun = _serializer(secret, journey).loads(text)
        return Progress(str(key), dict(answers), dict(begun))
    except (BadData, ValueError, TypeError):
        return None


def page_form(step: Step, progress: Progress, today: date, departement: str, formdata: MultiDict | None) -> RingForm:
    """The form of a page, with what was typed now, else what had been answered."""
    return step.form(formdata, data=progress.known(step), today=today, departement=departement)


def filled_pages(journey: Journey, progress: Progress, today: date, departement: str) -> list[tuple[Step, RingForm]]:
    """Every page, filled as if its answers had just been typed."""
    return [(step, as_typed(step, progress, today, departement)) for step in journey.asked(progress)]


def first_wrong(pages: list[tuple[Step, RingForm]]) -> tuple[Step, RingForm] | None:
    """Check all pages again before sending: the first page whose answers no longer hold, or None."""
    return next(((step, form) for step, form in pages if not form.validate()), None)


def as_typed(step: Step, progress: Progress, today: date, departement: str) -> RingForm:
    """The form of a page filled as if its answers had just been typed."""
    form = step.form(MultiDict(), data=progress.known(step), today=today, departement=departement)
    known = progress.known(step) or {}
    for question in form.questions():
        value = known.get(question.short_name)
        question.refill(value)
    return form


def summary(pages: list[tuple[Step, RingForm]]) -> list[list[Any]]:
    """``[section, [[question, answer], ...]]`` for the check page, the copy and the coordinator."""
    return [[step.title, rows] for step, form in pages if (rows := form.rows())]
