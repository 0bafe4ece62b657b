"""Who may move what from where to where: the whole matrix, allowed and refused.

``RING_WRITE_GOLDEN=1 .venv/bin/python -m pytest tests/models/test_transitions.py`` writes tests/golden/transitions.txt,
the list a person reviews: whatever is not in it is refused.
"""

from __future__ import annotations

from itertools import product

import pytest
from house.tree import GOLDEN, same_as_golden

from models.dossier import CLOCK, DOSSIERS, Actor, Participant
from models.journal import SENTENCES
from models.states import ENDED, STATES, TRANSITIONS, WAITING_FOR_COORDINATOR, Kind, Role, TransitionRefused, check_transition


def _allowed(kind: Kind) -> set[tuple[str, str, str]]:
    found = set()
    for state, wanted, role in product(STATES[kind], STATES[kind], Role):
        try:
            check_transition(kind, state, wanted, role)
        except TransitionRefused:
            continue
        found.add((state.value, wanted.value, role.value))
    return found


def test_the_moves_that_are_allowed_are_those_that_were_reviewed():
    lines = [f"{kind.value:<10}{state:<16}-> {wanted:<16}{role}" for kind in Kind
             for state, wanted, role in sorted(_allowed(kind))]
    same_as_golden(GOLDEN / "transitions.txt", "\n".join(lines) + "\n")


@pytest.mark.parametrize("kind", Kind)
def test_every_combination_moves_the_dossier_or_leaves_it_untouched(kind, clock):
    allowed = _allowed(kind)
    assert 0 < len(allowed) < len(STATES[kind]) ** 2
    for state, wanted, role in product(STATES[kind], STATES[kind], Role):
        dossier = DOSSIERS[kind](state=state.value)
        by = Actor(role, Participant(role=role.value, name="Noa", organisation=""))
        if (state.value, wanted.value, role.value) in allowed:
            dossier.move_to(wanted, by, clock.now, "closed")
            assert (dossier.state, dossier.moved_at, len(dossier.journal)) == (wanted.value, clock.now, 1)
        else:
            with pytest.raises(TransitionRefused) as refused:
                dossier.move_to(wanted, by, clock.now, "closed")
            assert (refused.value.state, refused.value.role) == (state, role)
            assert (dossier.state, dossier.moved_at, dossier.journal) == (state.value, None, [])


@pytest.mark.parametrize("kind", Kind)
def test_every_state_can_be_reached_from_the_first(kind):
    reached, todo = set(), [DOSSIERS[kind].first_state.value]
    while todo:
        state = todo.pop()
        reached.add(state)
        todo += [wanted for found, wanted, _ in _allowed(kind) if found == state and wanted not in reached]
    assert reached == {state.value for state in STATES[kind]}


#: Once a convention is signed, a party does not withdraw: it interrupts, or says that it did not take place.
AFTER_SIGNING = {"signed", "lived", "interrupted", "not_held"}


@pytest.mark.parametrize("kind", Kind)
def test_no_request_gets_stuck_the_author_or_the_coordination_can_end_it(kind):
    for state in STATES[kind]:
        ways = {role for found, wanted, role in _allowed(kind) if found == state.value and wanted in ENDED}
        if state.value in AFTER_SIGNING:
            assert "coordinator" in ways, state
        elif state.value not in ENDED and state != DOSSIERS[kind].first_state:
            assert {"author", "coordinator"} <= ways, state


@pytest.mark.parametrize("kind", Kind)
def test_the_author_alone_confirms_and_the_clock_decides_nothing_but_what_the_day_says(kind):
    first = DOSSIERS[kind].first_state.value
    # A mentoring begins with a member, whose address is known: nothing is to be confirmed.
    assert kind == Kind.MENTORAT or {move for move in _allowed(kind) if move[0] == first} == {(first, "submitted", "author")}
    by_clock = {(state, wanted) for state, wanted, role in _allowed(kind) if role == CLOCK.role}
    assert by_clock == ({("to_sign", "expired"), ("change_asked", "expired"), ("signed", "lived"), ("lived", "closed"),
                         ("interrupted", "closed"), ("not_held", "closed")} if kind == Kind.IMMERSION
                        else {("under_way", "closed")} if kind == Kind.MENTORAT else set())


def test_the_table_knows_every_state_and_nothing_else():
    for kind in Kind:
        assert set(TRANSITIONS[kind]) == set(STATES[kind])
        for ways in TRANSITIONS[kind].values():
            assert all(roles for roles in ways.values())
    known = {state.value for kind in Kind for state in STATES[kind]}
    assert known >= ENDED | WAITING_FOR_COORDINATOR
    assert not ENDED & WAITING_FOR_COORDINATOR


def test_every_state_role_and_kind_has_its_french_words():
    for words in (*Role, *Kind, *(state for kind in Kind for state in STATES[kind])):
        assert words.label and words.label == words.label.strip() and words.value.isascii()
        assert words.value.replace("_", "").isalpha() and words.value == words.value.lower()


def test_the_journal_of_a_move_must_be_a_sentence_it_knows():
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())
