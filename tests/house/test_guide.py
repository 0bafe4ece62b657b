"""The guide of coordinators lists every word they can write, as the table of the code has it."""

from __future__ import annotations

import re

from house.tree import ROOT

from models.states import Kind, Role
from models.typography import french
from services import conversation
from services.inbound import braking
from services.words import WORDS, Word, words_of

GUIDE = (ROOT / "docs" / "guide.md").read_text("utf-8")
KINDS = {Kind.ADHESION: "adhésion", Kind.ENTRAIDE: "aide", Kind.IMMERSION: "immersion", Kind.MENTORAT: "mentorat"}


def _row(word: Word) -> str:
    where = "partout" if len(word.slugs) == len(Kind) else ", ".join(KINDS[kind] for kind in word.slugs) or "–"
    hint = f" puis {word.hint}" if word.hint else ""
    undo = f"`{word.undo}`" if word.undo else "–"
    return french(f"| `{word.shown}`{hint} | {word.does} | {where} | {undo} |")


def test_the_guide_lists_every_word_of_the_coordination_and_no_other():
    listed = [line for line in GUIDE.splitlines() if re.match(r"\| `[^`]+`(?: puis [^|]*)? \| [^|]+ \| [^|]+ \| [^|]*\|$", line)]
    assert listed == [_row(word) for word in words_of(Role.COORDINATOR)]


def test_the_guide_says_what_others_can_write():
    for word in WORDS:
        if Role.COORDINATOR not in word.roles:
            assert f"`{word.say}`" in GUIDE, word.say


def test_the_guide_gives_the_numbers_of_the_code():
    said = " ".join(GUIDE.split())
    assert f"{conversation.OVER_AFTER.days} jours" in said
    assert f"plus de {braking.MOST} courriels" in said and f"({braking.MOST_OF_A_COORDINATOR} pour la coordination)" in said
    assert f"{conversation._RELAYED_BYTES // 1024 // 1024} Mo" in said
