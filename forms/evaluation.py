"""The three reports as pages, made from their questions (models/report_questions.py)."""

from __future__ import annotations

from models.evaluation import Voice
from models.report_questions import LONGEST, QUESTIONS, Question

from .base import RingForm
from .fields import Answer, LongText, Radios


class ReportForm(RingForm):
    """One party's questions; see :func:`report_form`."""

    def values(self) -> dict[str, str]:
        """What was answered, by question."""
        return {field.short_name: (field.data or "").strip() for field in self.questions() if (field.data or "").strip()}


def _field(question: Question) -> Answer:
    if question.choices:
        return Radios(question.ask, choices=question.choices, optional=question.optional, hint=question.hint,
                      missing=f"Choisissez une réponse : {question.ask[0].lower()}{question.ask[1:]}")
    return LongText(question.ask, optional=question.optional, hint=question.hint, longest=LONGEST, rows=4,
                    missing=f"Écrivez quelques mots : {question.ask[0].lower()}{question.ask[1:]}")


_FORMS: dict[Voice, type[ReportForm]] = {
    voice: type(f"{voice.name.title()}ReportForm", (ReportForm,), {q.name: _field(q) for q in questions})
    for voice, questions in QUESTIONS.items()}


def report_form(voice: Voice) -> type[ReportForm]:
    """The form of that party."""
    return _FORMS[voice]
