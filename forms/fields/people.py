"""Several people, one a line: the quickest way to name a team."""

from __future__ import annotations

import re
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email
from wtforms.validators import ValidationError

from .answers import LongText, clean_line

_ADDRESS = re.compile(r"[^\s<>,;:()]+@[^\s<>,;:()]+")
_AROUND = " ,;:<>()-–\t"


@dataclass(frozen=True)
class NamedPerson:
    given_name: str
    family_name: str
    email: str


def read_people(text: str) -> list[NamedPerson]:
    """One person for each line that is not empty.

    :raises ValueError: a line without a first name, a name and one address; the message is that line.
    """
    found = []
    for line in filter(None, (clean_line(line) for line in text.splitlines())):
        addresses = _ADDRESS.findall(line)
        words = _ADDRESS.sub(" ", line).strip(_AROUND).split()
        if len(addresses) != 1 or len(words) < 2 or len(line) > 300:
            raise ValueError(line[:80])
        try:
            email = validate_email(addresses[0].strip(_AROUND), check_deliverability=False, allow_smtputf8=False).normalized
        except EmailNotValidError:
            raise ValueError(line[:80]) from None
        found.append(NamedPerson(words[0].strip(_AROUND)[:100], " ".join(words[1:]).strip(_AROUND)[:100], email))
    return found


class People(LongText):
    """``most``: how many people at once."""

    contact = True

    def __init__(self, label: str, *, most: int = 20, **kwargs) -> None:
        super().__init__(label, longest=6000, rows=kwargs.pop("rows", 4), **kwargs)
        self.most = most

    def check(self, form) -> None:
        super().check(form)
        try:
            people = read_people(self.data)
        except ValueError as line:
            raise ValidationError("Écrivez une personne par ligne : prénom, nom et adresse de courriel. À revoir : "
                                  f"« {line} ».") from None
        if len(people) > self.most:
            raise ValidationError(f"Indiquez {self.most} personnes au plus ; vous pourrez en ajouter ensuite.")
