"""What a legal frame asks is named once for the pages and once for the documents: the two lists are the same."""

from __future__ import annotations

from forms.convention_questions import FRAME_QUESTIONS
from pdf.frames import FRAMES

#: Counted by the network, from what it knows and what is declared.
COUNTED = {"days_in_three_years"}


def test_the_questions_of_a_frame_are_what_it_says_of_itself() -> None:
    for code, frame in FRAMES.items():
        assert set(frame.own) - COUNTED == {name for name, *_ in FRAME_QUESTIONS.get(code, ())}, code
