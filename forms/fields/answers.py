"""A question and its answer: what every kind of field shares, and what is typed on a line or in a box."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email
from wtforms import Field
from wtforms.utils import unset_value
from wtforms.validators import StopValidation, ValidationError

_SPACES = re.compile(r"[ \t\u00a0\u202f]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
#: What nobody sees either, and would make two names of one: out of what is typed on a line. Joiners stay: scripts need them.
_UNSEEN = re.compile(r"[\x80-\x9f\u00ad\u061c\u180e\u200e\u200f\u2060-\u2064\u206a-\u206f\ufff9-\ufffb\U000e0000-\U000e007f]")


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
        super().check(form)
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
        if self.number is None or not self.low <= self.number <= self.high:
            raise ValidationError(f"Indiquez un nombre entre {self.low} et {self.high}, en chiffres, par exemple {self.low}.")

    @property
    def number(self) -> int | None:
        # isdigit() says yes to « ² », which is no number.
        return int(self.data) if self.data and len(self.data) <= self.longest and self.data.isdecimal() else None


class Siret(Text):
    """Number of an establishment: 14 digits whose Luhn sum is a multiple of 10 (La Poste alone is exempt)."""

    inputmode = "numeric"

    def __init__(self, label: str, **kwargs) -> None:
        super().__init__(label, longest=20, width=20, **kwargs)

    def check(self, form) -> None:
        digits = re.sub(r"[\s.]", "", self.data)
        if not (digits.isascii() and digits.isdecimal()) or len(digits) != 14:
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


class Decoy(Text):
    """A field people do not see. A machine that fills everything fills it, and is asked to empty it; nothing is lost
    for a person whose browser did."""

    kind = "decoy"

    def __init__(self, **kwargs) -> None:
        super().__init__("Ne remplissez pas ce champ", optional=True, **kwargs)

    def check(self, form) -> None:
        raise ValidationError("Laissez vide le champ « Ne remplissez pas ce champ » : il sert à reconnaître les robots.")

    def say(self) -> str:
        return ""


def clean_line(text: str) -> str:
    """One line without control, direction or hidden characters, spaces folded; "" where nothing of it can be seen."""
    line = _UNSEEN.sub("", _CONTROLS.sub("", text.replace("\r", " ").replace("\n", " ")))
    return "" if line.isspace() or not line.strip("\u200c\u200d") else _SPACES.sub(" ", line).strip()


def clean_text(text: str) -> str:
    """Several lines, ends of lines made alike, control and direction characters removed."""
    lines = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def given(data: object) -> object:
    """What a form was given for a field, None when nothing was."""
    return None if data is unset_value else data
