"""What every form of the house shares: how answers are read, checked, sealed from page to page and read back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_wtf import FlaskForm

from .fields import Answer, CommuneChoice, Day, Files


class RingForm(FlaskForm):
    """A page of questions. Requests forged by another site are refused before any form is read (blueprints/security.py),
    so that no cookie is needed here."""

    class Meta(FlaskForm.Meta):
        csrf = False

    def __init__(self, *args, today: date | None = None, departement: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            if isinstance(field, Day):
                field.today = today
            elif isinstance(field, CommuneChoice):
                field.near = departement

    def questions(self) -> Iterator[Answer]:
        """The questions, in order."""
        return (field for field in self if isinstance(field, Answer))

    def answers(self) -> dict[str, Any]:
        """What was answered, as plain JSON values; the answer of a question that does not apply is dropped."""
        values = {}
        for field in self.questions():
            value = field.data if field.applies(self) else None
            values[field.short_name] = value.isoformat() if isinstance(value, date) else value
        return values

    def typed(self) -> dict[str, Any]:
        """What to show again if this page comes back."""
        return self.answers()

    def rows(self) -> list[list[str]]:
        """``[question, answer]`` for each question that applies and was answered; a third item marks an address."""
        return [[field.label.text, said, *(["contact"] if field.contact else [])]
                for field in self.questions() if field.applies(self) and (said := field.say())]

    @property
    def wrong(self) -> list[Answer]:
        """The questions to look at again, in order."""
        return [field for field in self.questions() if field.errors]

    @property
    def has_files(self) -> bool:
        return any(isinstance(field, Files) for field in self.questions())
