"""Dates in three fields, and hours however they are written."""

from __future__ import annotations

import re
from datetime import date, time

from wtforms.validators import ValidationError

from territory.calendar import say_date
from territory.spelling import fold

from .answers import Answer, Text, clean_line, given

_MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre",
           "novembre", "decembre")


class Day(Answer):
    """A date as day, month, year in three fields; a month may be written in letters."""

    kind = "date"
    parts = ("jour", "mois", "annee")

    def __init__(self, label: str, *, future: bool = False, **kwargs) -> None:
        super().__init__(label, **kwargs)
        self.future = future
        self.raw = ("", "", "")
        self.today: date | None = None

    def refill(self, value: object) -> None:
        self.data = date.fromisoformat(value) if isinstance(value, str) and value else None
        self.raw = (str(self.data.day), str(self.data.month), str(self.data.year)) if self.data else ("", "", "")

    @property
    def focus_id(self) -> str:
        return f"{self.id}-{self.wrong_part}"

    @property
    def wrong_part(self) -> str:
        return next((part for part, text in zip(self.parts, self.raw, strict=True) if not text), "jour")

    @property
    def empty(self) -> bool:
        return not any(self.raw)

    def process(self, formdata, data=None, extra_filters=None) -> None:
        self.process_errors = []
        self.data = given(data)
        if isinstance(self.data, str):
            self.data = date.fromisoformat(self.data) if self.data else None
        names = [f"{self.name}-{part}" for part in self.parts]
        if formdata is not None and any(name in formdata for name in names):
            self.raw = tuple(clean_line(formdata.get(name, "")) for name in names)
            self.data = None
        elif self.data is not None:
            self.raw = (str(self.data.day), str(self.data.month), str(self.data.year))

    def check(self, form) -> None:
        day, month, year = self.raw
        for text, word in ((day, "le jour"), (month, "le mois"), (year, "l’année")):
            if not text:
                raise ValidationError(f"Il manque {word}. Écrivez une date complète, par exemple 27 3 2027.")
        try:
            number = int(month) if month.isdigit() else _month_number(month)
            full_year = int(year) + (2000 if len(year) == 2 else 0)
            self.data = date(full_year, number, int(day))
        except ValueError as error:
            raise ValidationError("Cette date n’existe pas. Écrivez le jour, le mois et l’année, par exemple 27 3 2027."
                                  ) from error
        if not 1900 < self.data.year < 2200:
            raise ValidationError("Écrivez l’année avec quatre chiffres, par exemple 2027.")
        if self.future and self.today and self.data < self.today:
            raise ValidationError("Cette date est déjà passée. Indiquez une date à venir.")

    def say(self) -> str:
        return say_date(self.data) if self.data else ""


def _month_number(text: str) -> int:
    plain = fold(text)
    found = [i for i, name in enumerate(_MONTHS, 1) if len(plain) >= 3 and name.startswith(plain.rstrip("."))]
    if len(found) != 1:
        raise ValueError(text)
    return found[0]


class Hour(Text):
    """A time of day, however it is written: 9h, 9 h 30, 09:30, 9.30."""

    def __init__(self, label: str, **kwargs) -> None:
        super().__init__(label, longest=8, width=6, **kwargs)

    def check(self, form) -> None:
        if parse_hour(self.data) is None:
            raise ValidationError("Écrivez une heure, par exemple 9 h 30.")

    @property
    def hour(self) -> time | None:
        return parse_hour(self.data or "")


def parse_hour(text: str) -> time | None:
    """``time`` of « 9h », « 9 h 30 », « 09:30 » or « 14.15 »; None when it is not an hour."""
    found = re.fullmatch(r"(\d{1,2})\s*(?:[hH:.]|heures?)?\s*(\d{2})?\s*", text.strip())
    if not found:
        return None
    hours, minutes = int(found[1]), int(found[2] or 0)
    return time(hours, minutes) if hours < 24 and minutes < 60 else None
