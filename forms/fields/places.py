"""A commune, found by name or by postal code."""

from __future__ import annotations

from wtforms.validators import ValidationError

from territory import communes

from .answers import Answer, clean_line, given


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
        data = self.data = given(data)
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
