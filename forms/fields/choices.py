"""Questions answered by choosing."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms.validators import ValidationError

from .answers import Answer


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
        """One a line: the labels have commas and capitals of their own."""
        return "\n".join(self._labels.get(value, "") for value in self.data or [])


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
