"""The kinds of fields a person meets, each with its words and what it expects.

A field knows how to be shown (``kind``, ``hint``, ``optional``, ``width``) and what to say when an answer is missing.
The templates in ``templates/components/form.html`` draw them; nothing here knows HTML or the database.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time

from email_validator import EmailNotValidError, validate_email
from wtforms import Field
from wtforms.utils import unset_value
from wtforms.validators import StopValidation, ValidationError

from territory import communes
from territory.spelling import fold

_SPACES = re.compile(r"[ \t\u00a0\u202f]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre",
           "novembre", "decembre")


class Answer(Field):
    """A question and its answer.

    :param missing: what to say, in full, when a needed answer is empty.
    :param optional: shown as « (facultatif) » and never missing.
    :param when: name of a field and the value that makes this question count; else its answer is dropped.
    :param width: expected length of the answer, in characters, for the size of the field; 0: the whole width.
    """

    kind = "text"
    inputmode = ""
    #: True for what reaches a person: shown to that person and on the coordinators' pages, never to another party.
    contact = False

    def __init__(self, label: str, *, missing: str = "", optional: bool = False, hint: str = "", autocomplete: str = "",
                 width: int = 0, when: tuple[str, str] | None = None, **kwargs) -> None:
        super().__init__(label, **kwargs)
        if not optional and not missing:
            raise TypeError(f"« {label} » needs the sentence to say when it is missing")
        self.missing, self.optional, self.hint = missing, optional, hint
        self.autocomplete, self.width, self.when = autocomplete, width, when

    @property
    def empty(self) -> bool:
        return self.data in (None, "", [], ())

    @property
    def error_id(self) -> str:
        return f"{self.id}-erreur"

    @property
    def hint_id(self) -> str:
        return f"{self.id}-aide"

    @property
    def focus_id(self) -> str:
        """Id of the first control, where the error summary leads."""
        return self.id

    def pre_validate(self, form) -> None:
        if self.empty:
            if self.optional or not self.applies(form):
                raise StopValidation()
            raise StopValidation(self.missing)
        self.check(form)

    def applies(self, form) -> bool:
        """False when the question this one depends on was answered otherwise."""
        if self.when is None:
            return True
        data = form[self.when[0]].data
        return self.when[1] in data if isinstance(data, list) else data == self.when[1]

    def check(self, form) -> None:
        """Raise :class:`wtforms.ValidationError` with the sentence to show; the answer is not empty."""

    def say(self) -> str:
        """The answer as a person reads it back."""
        return "" if self.data is None else str(self.data)

    def refill(self, value: object) -> None:
        """Put an answer kept from an earlier page back, as if it had just been typed."""
        self.data = value

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)


class Text(Answer):
    def __init__(self, label: str, *, longest: int = 120, **kwargs) -> None:
        super().__init__(label, **kwargs)
        self.longest = longest

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = clean_line(valuelist[0])

    def check(self, form) -> None:
        if len(self.data) > self.longest:
            raise ValidationError(f"Raccourcissez cette réponse : {self.longest} caractères au plus, "
                                  f"elle en compte {len(self.data)}.")


class LongText(Text):
    kind = "textarea"

    def __init__(self, label: str, *, longest: int = 4000, rows: int = 6, **kwargs) -> None:
        super().__init__(label, longest=longest, **kwargs)
        self.rows = rows

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = clean_text(valuelist[0])


class Email(Text):
    """One address, kept as typed but for spaces; the deliverability of the domain is not asked (no network)."""

    kind = "email"
    contact = True

    def __init__(self, label: str, **kwargs) -> None:
        super().__init__(label, longest=254, width=kwargs.pop("width", 40), **kwargs)

    def check(self, form) -> None:
        try:
            # Addresses beyond ASCII need SMTPUTF8 on every relay: refused with a sentence rather than lost later.
            found = validate_email(self.data, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError as error:
            raise ValidationError("Indiquez une seule adresse de courriel, avec un @ et sans accent, par exemple "
                                  "prenom.nom@exemple.fr.") from error
        self.data = found.normalized


class Phone(Text):
    kind = "tel"
    contact = True

    def __init__(self, label: str, **kwargs) -> None:
        super().__init__(label, longest=40, width=kwargs.pop("width", 20), **kwargs)

    def check(self, form) -> None:
        digits = re.sub(r"\D", "", self.data)
        if not 8 <= len(digits) <= 15 or re.search(r"[A-Za-z]{4}", self.data):
            raise ValidationError("Indiquez un numéro de téléphone, par exemple 04 65 71 00 00.")


class Number(Text):
    """A whole number typed as text (``type=number`` changes values under the finger: ux-security F, GDS)."""

    kind = "text"
    inputmode = "numeric"

    def __init__(self, label: str, *, low: int = 0, high: int = 999, **kwargs) -> None:
        super().__init__(label, longest=6, width=kwargs.pop("width", 4), **kwargs)
        self.low, self.high = low, high

    def check(self, form) -> None:
        if not self.data.isdigit() or not self.low <= int(self.data) <= self.high:
            raise ValidationError(f"Indiquez un nombre entre {self.low} et {self.high}, en chiffres, par exemple {self.low}.")

    @property
    def number(self) -> int | None:
        return int(self.data) if self.data and self.data.isdigit() else None


class Siret(Text):
    """Number of an establishment: 14 digits whose Luhn sum is a multiple of 10 (La Poste alone is exempt)."""

    inputmode = "numeric"

    def __init__(self, label: str, **kwargs) -> None:
        super().__init__(label, longest=20, width=20, **kwargs)

    def check(self, form) -> None:
        digits = re.sub(r"[\s.]", "", self.data)
        if not digits.isdigit() or len(digits) != 14:
            raise ValidationError("Le numéro SIRET compte 14 chiffres, par exemple 000 000 018 00010. "
                                  "Si vous ne l’avez pas, laissez vide.")
        doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(digits)]
        if sum(d - 9 if d > 9 else d for d in doubled) % 10 and not digits.startswith("356000000"):
            raise ValidationError("Ce numéro SIRET comporte une erreur de frappe. Vérifiez les 14 chiffres, ou laissez vide.")
        self.data = digits


class Website(Text):
    kind = "url"

    def check(self, form) -> None:
        super().check(form)
        # Only http(s) may become a link: javascript: and data: never do (ASVS 1.2.2).
        if "://" not in self.data:
            self.data = f"https://{self.data}"
        if not re.fullmatch(r"https?://[^\s/@\"<>]+\.[^\s/@\"<>]{2,}(/[^\s\"<>]*)?", self.data):
            raise ValidationError("Indiquez l’adresse du site, par exemple https://www.exemple.fr.")


class _Choice(Answer):
    def __init__(self, label: str, *, choices: Sequence[tuple[str, str]], hints: dict[str, str] | None = None,
                 **kwargs) -> None:
        super().__init__(label, **kwargs)
        self.choices, self.hints = tuple(choices), hints or {}
        self._labels = dict(self.choices)

    @property
    def focus_id(self) -> str:
        return f"{self.id}-1"


class Radios(_Choice):
    kind = "radios"

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist[0]

    def check(self, form) -> None:
        if self.data not in self._labels:
            raise ValidationError(self.missing or "Choisissez une réponse dans la liste.")

    def say(self) -> str:
        return self._labels.get(self.data, "")


class Checkboxes(_Choice):
    kind = "checkboxes"

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [value for value in dict.fromkeys(valuelist) if value]

    def check(self, form) -> None:
        if set(self.data) - set(self._labels):
            raise ValidationError("Choisissez dans la liste.")

    def say(self) -> str:
        return ", ".join(self._labels.get(value, "") for value in self.data or [])


class Agreement(Answer):
    """One box to tick; the answer is True or the question is not answered."""

    kind = "checkbox"

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = bool(valuelist and valuelist[0])

    @property
    def empty(self) -> bool:
        return not self.data

    def say(self) -> str:
        return "oui" if self.data else "non"


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
        self.data = _given(data)
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
        from territory.calendar import say_date
        return say_date(self.data) if self.data else ""


def _given(data: object) -> object:
    """What a form was given for a field, None when nothing was."""
    return None if data is unset_value else data


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


class CommuneChoice(Answer):
    """A commune by name or postal code; when several match, the page comes back with the list to choose from.

    ``data`` is the INSEE code. ``choices`` holds the candidates when the text is ambiguous.
    """

    kind = "commune"

    def __init__(self, label: str, **kwargs) -> None:
        super().__init__(label, width=kwargs.pop("width", 40), **kwargs)
        self.typed, self.choices, self.near = "", (), None

    def refill(self, value: object) -> None:
        known = communes.commune(value) if isinstance(value, str) else None
        self.data, self.typed = (known.code, known.label) if known else (None, "")

    @property
    def focus_id(self) -> str:
        return f"{self.id}-1" if self.choices else self.id

    def process(self, formdata, data=None, extra_filters=None) -> None:
        self.process_errors = []
        data = self.data = _given(data)
        if formdata is not None and (self.name in formdata or f"{self.name}-code" in formdata):
            self.typed = clean_line(formdata.get(self.name, ""))
            chosen = communes.commune(formdata.get(f"{self.name}-code", ""))
            offered = [*communes.resolve(self.typed, self.near), *communes.search(self.typed, 8, self.near)]
            self.data = chosen.code if chosen and chosen in offered else None
            if self.data:
                self.typed = chosen.label
        elif data and (known := communes.commune(data)):
            self.typed = known.label

    @property
    def empty(self) -> bool:
        return not self.data and not self.typed

    def check(self, form) -> None:
        if self.data:
            return
        found = communes.resolve(self.typed, self.near)
        if len(found) == 1:
            self.data, self.typed = found[0].code, found[0].label
            return
        if found:
            self.choices = tuple((place.code, place.label) for place in found)
            raise ValidationError("Plusieurs communes correspondent. Choisissez la vôtre dans la liste.")
        if near := communes.search(self.typed, 8, self.near):
            self.choices = tuple((place.code, place.label) for place in near)
            raise ValidationError("Cette commune n’est pas connue sous ce nom. Choisissez-la dans la liste, ou corrigez son nom.")
        raise ValidationError("Cette commune n’a pas été trouvée. Écrivez son nom ou son code postal, par exemple "
                              "Millau ou 12100.")

    def say(self) -> str:
        known = communes.commune(self.data or "")
        return known.label if known else self.typed

    def _value(self) -> str:
        return self.typed


class Files(Answer):
    """Files to join. They are stored when they arrive; ``data`` holds what the store gave back for each.

    ``keep`` are the files already received on an earlier try or page, so that an error never loses one.
    """

    kind = "files"

    def __init__(self, label: str, **kwargs) -> None:
        super().__init__(label, **kwargs)
        self.data, self.uploads = [], []

    def process(self, formdata, data=None, extra_filters=None) -> None:
        self.process_errors = []
        self.data = list(_given(data) or [])
        if formdata is not None:
            removed = set(formdata.getlist(f"{self.name}-retirer"))
            self.data = [item for item in self.data if item["id"] not in removed]
            self.uploads = [upload for upload in formdata.getlist(self.name) if getattr(upload, "filename", "")]

    def refill(self, value: object) -> None:
        self.data = list(value or [])

    def say(self) -> str:
        return ", ".join(item["name"] for item in self.data)


def clean_line(text: str) -> str:
    """One line without control or direction characters, spaces folded."""
    return _SPACES.sub(" ", _CONTROLS.sub("", text.replace("\r", " ").replace("\n", " "))).strip()


def clean_text(text: str) -> str:
    """Several lines, ends of lines made alike, control and direction characters removed."""
    lines = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")
