"""The page of an amendment: all that a signed convention says, to be corrected where it changes."""

from __future__ import annotations

from datetime import date
from typing import Any

from .convention import ConventionForm
from .convention_questions import FRAME_QUESTIONS
from .fields import Answer, Day, LongText


class AmendForm(ConventionForm):
    """Filled with what the convention says today; the questions are those of the page that draws it up."""

    reason = LongText("Pourquoi cet avenant", longest=2000, rows=3, hint="Écrit dans l’avenant, en quelques phrases",
                      missing="Écrivez pourquoi la convention change.")
    effective_on = Day("À partir du", optional=True, future=True, hint="Aujourd’hui, si vous ne remplissez rien")

    def of_frames(self) -> list[Answer]:
        """The questions of the legal frames to choose from: each is asked under its own."""
        return [self[f"{code}__{name}"] for code, _ in self.frame.choices for name, *_ in FRAME_QUESTIONS.get(code, ())]

    def changed(self, shown: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The answers that are not what the page showed, by name, then those of the frame; ``shown``: see ``as_values``."""
        new = {name: value for name, value in self.answers().items() if _plain(value) != _plain(shown.get(name))}
        own = {name: value for name, value in self.details().items() if f"{self.frame.data}__{name}" in new}
        return {name: value for name, value in new.items() if "__" not in name}, own


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value).replace("\r\n", "\n").strip()
