"""Two records that may be one: a question for each thing they say otherwise, made by :func:`merge_form`."""

from __future__ import annotations

from collections.abc import Iterable

from .base import RingForm
from .fields import Radios

#: ``(name, label, [(value, words)], suggested)``.
Asked = tuple[str, str, list[tuple[str, str]], str]


class MergeRecordsForm(RingForm):
    pass


def merge_form(asked: Iterable[Asked]) -> type[MergeRecordsForm]:
    """The form of those questions; each is answered beforehand, as suggested."""
    fields = {name: Radios(label, choices=tuple(choices), default=suggested, missing="Choisissez ce qui est gardé.")
              for name, label, choices, suggested in asked}
    return type("MergeRecordsForm", (MergeRecordsForm,), fields)
