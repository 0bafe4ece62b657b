"""The journal speaks French, whatever happened and whoever is gone."""

from __future__ import annotations

import re
import string

import pytest
from house.tree import sources

from models.dossier import CLOCK, Actor, Entraide, Participant
from models.journal import SENTENCES, JournalEntry
from models.states import Role

FACTS = {"charter": "2026-11", "sessions": 2, "version": 1, "count": 2, "size": 27, "number": 1, "reference": "AIDE-2027-0001",
         "way": "par lien", "party": "structure d’accueil",
         "voice": "regard de l’accueil", "cause": "un accord entre toutes les parties", "after": "1\u00a0h\u00a035",
         "outcome": "oui, en entier"}


def _fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_every_sentence_can_be_said(kind):
    facts = {name: FACTS[name] for name in _fields(SENTENCES[kind]) - {"who"}}
    eve = Participant(role="host", name="Ève d’Août", organisation="Le {Lieu}")
    entry = JournalEntry(kind=kind, facts=facts, participant=eve)
    assert "{who}" not in entry.sentence and entry.sentence.endswith(".")
    if "{who}" in SENTENCES[kind]:
        assert "Ève d’Août (Le {Lieu})" in entry.sentence
        assert "Le réseau" in JournalEntry(kind=kind, facts=facts).sentence or "who" not in _fields(SENTENCES[kind])


def test_every_kind_a_verb_writes_has_a_sentence_with_its_facts():
    text = "\n".join(path.read_text("utf-8") for path in sources())
    written = set(re.findall(r"\.record\(\s*\"(\w+)\"", text)) | set(re.findall(r"by, now, \"(\w+)\"", text)) | set(
        re.findall(r"author\), now, \"(\w+)\"", text))
    assert len(written) > 15
    assert written <= set(SENTENCES)


def test_every_sentence_has_a_verb_that_writes_it():
    text = "\n".join(path.read_text("utf-8") for path in sources() if path.name != "journal.py")
    assert [kind for kind in SENTENCES if f'"{kind}"' not in text] == []


def test_an_entry_says_when_who_and_by_which_door(clock):
    dossier = Entraide(state="submitted")
    author = Participant(role="author", name="Noa", organisation="")
    dossier.record("noted", Actor(Role.AUTHOR, author, "mail"), clock.now)
    dossier.record("mail_failed", CLOCK, clock.now)
    first, second = dossier.journal
    assert (first.at, first.participant, first.via, first.facts) == (clock.now, author, "mail", {})
    assert (second.participant, second.via) == (None, "clock")
