"""What each role may do to each kind of dossier in each state: the whole table, done or refused.

``RING_WRITE_GOLDEN=1 .venv/bin/python -m pytest tests/services/test_acting.py`` writes tests/golden/actions.txt.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from cast import DEPUTY
from house.test_links_act_on_press_only import dump
from house.tree import GOLDEN, same_as_golden
from roads.mentoring import mentor
from roads.stories import host_structure, letters, planted, who
from sqlalchemy import select

from models.base import db, transaction
from models.dossier import DOSSIERS
from models.states import STATES, Kind, Role
from models.structure import Membre
from pdf.convention_data import Contact
from services import acting
from services.acting import ACTIONS, available, perform
from services.attestation.awarding import Award
from services.convention import Sent, amending
from services.convention.details import Details
from services.delivery import Correction
from services.entraide.meeting import Proposal
from services.errors import AlreadyDone, NotAllowed, NotFound, RingError, TextMissing
from services.immersion import placement, requesting
from services.immersion.exchanges import Exchange
from services.immersion.moving import Move
from services.mentorat import protocol
from territory.said_days import Days

PEOPLE = (Role.AUTHOR, Role.COORDINATOR, Role.EMPLOYER, Role.HOST, Role.HELPER, Role.SIGNATORY, Role.TUTOR,
          Role.MENTOR)
#: What is offered to a fresh dossier has no limit in time.
NOW = datetime(2027, 1, 12, 9, tzinfo=UTC)
SLUGS = sorted({action.slug for action in ACTIONS})
#: What tells calendars, that of who does it included.
CALENDAR = ("arreter", "echange", "annuler-echange")
#: What is written down and told to nobody, or told later by a task.
QUIET = ("attester", "renvoyer", "note", "pas-cette-fois", "collegue", "pause", "avis", "accorder", "continuer")
#: What each of a mentoring is told, who does it included: how to join the other, the text to agree to, thanks.
TO_BOTH = ("accepter", "protocole", "terminer")
CASES = [(kind, state.value) for kind in Kind for state in STATES[kind]]
_ANSWER = requesting.HostAnswer(sessions=(requesting.PlannedSession(date(2027, 2, 2), time(9), time(12)),), tutor_name="Ariel",
                               tutor_quality="conseiller", tutor_contact="06", address="3 rue", signatory_name="Claude",
                               signatory_quality="Directrice", insurance="Mutuelle")


def _line(kind: Kind, state: str) -> str:
    dossier = DOSSIERS[kind](state=state, answers={})
    offered = [f"    {role.value:<12}{' '.join(action.slug for action in available(dossier, role, NOW))}" for role in PEOPLE
               if available(dossier, role, NOW)]
    return "\n".join([f"{kind.value} {state}", *(offered or ["    (nothing)"])])


def test_what_is_offered_is_what_was_reviewed(context):
    same_as_golden(GOLDEN / "actions.txt", "\n".join(_line(kind, state) for kind, state in CASES) + "\n")


@pytest.mark.parametrize(("kind", "state"), CASES)
def test_what_is_not_offered_is_refused_and_changes_nothing(context, clock, kind, state):
    dossier = planted(kind, state, clock.now)
    before = dump(context)
    for role in PEOPLE:
        offered = {action.slug for action in available(dossier, role, clock.now)}
        for slug in [*SLUGS, "rien", ""]:
            if slug not in offered:
                with pytest.raises((NotAllowed, AlreadyDone)):
                    perform(slug, who(dossier, role).id, "des mots", clock.now)
    assert dump(context) == before


@pytest.mark.parametrize(("kind", "state"), CASES)
def test_what_is_offered_is_done_said_and_told(context, clock, kind, state):
    """Each action once, on a fresh dossier: the journal has a sentence more, the person reads what was done."""
    for role in PEOPLE:
        for action in available(DOSSIERS[kind](state=state, answers={}), role, NOW):
            dossier = planted_alone(kind, state, clock)
            if action.only and action.only(dossier, who(dossier, role)):
                continue  # offered to somebody else in that role
            extra = {"proposer": lambda: _mentor() if kind == Kind.MENTORAT else host_structure(
                         clock.now, name="Autre", email="autre@x.example"),
                     "accueillir": lambda: _ANSWER, "transmettre": lambda: DEPUTY,
                     "adresse": lambda author=dossier.author.id: Correction(author, "nouvelle@courriel.example"),
                     "deplacer": lambda of=dossier: Move(of.sessions[0].id, requesting.PlannedSession(
                         date(2027, 2, 3), time(9), time(12))),
                     "attester": lambda of=dossier: Award(tuple(session.id for session in of.sessions), ("Un atelier",)),
                     "echange": lambda: Exchange(date(2027, 3, 11), time(14), time(15), ""),
                     "avenant": lambda of=dossier: amending.prepare(of, amending.Amendment(
                         "Travaux", clock.now.date(), amending.in_force(of).sessions, {"place_address": "8 rue des Oliviers"}),
                         clock.now),
                     "coordonnees": lambda: Details("+33639980042", Contact("Camille Bureau")),
                     "creneaux": lambda: Proposal((clock.now + timedelta(days=3),), 30, "Visio"),
                     "avis": lambda: {"answered": "oui", "again": "oui"}, "collegue": lambda: "Ariel Modèle",
                     "fiche": lambda it=dossier: placement.sheet(it, placement.sheet_values(it), clock.now)
                     if it.kind_ == Kind.IMMERSION else None,
                     "suivi": lambda: "oui", "accorder": lambda of=dossier: of.protocole.content_hash,
                     "protocole": lambda: protocol.Terms(("Voir",), "mois", ("visio",), 3, date(2027, 3, 1)),
                     "pause": lambda: Days(clock.now.date(), date(2027, 2, 12)),
                     "renvoyer": lambda: [Sent("convention.pdf", "application/pdf", b"%PDF-1.7 signed")],
                     }.get(action.slug, lambda: None)()
            entries, written = len(dossier.journal), len(letters())
            if action.slug in ("rediger", "completer", "refaire"):
                with pytest.raises(NotAllowed):
                    perform(action.slug, who(dossier, role).id, "", clock.now)
                continue
            if action.words == "required":
                with pytest.raises(TextMissing):
                    perform(action.slug, who(dossier, role).id, "  \n ", clock.now)
            said = perform(action.slug, who(dossier, role).id, "Quelques mots.", clock.now, extra=extra)
            db.session.expire_all()
            assert said.endswith(".") and said[0].isupper()
            assert len(dossier.journal) > entries, (action.slug, role)
            told = letters()[written:]
            # Whom a coordinator who takes a request would tell: nobody else coordinates it here.
            quiet = action.slug in QUIET or (role, action.slug) == (Role.COORDINATOR, "prendre") or (
                kind, action.slug) == (Kind.ADHESION, "reprendre")
            assert bool(told) != quiet, (action.slug, role)
            # Whose calendar changes gets its file, and who asks for a next stage the receipt of that request.
            if action.slug in CALENDAR or action.slug == "etape" or (kind == Kind.MENTORAT and action.slug in TO_BOTH):
                continue
            # Who confirms gets the receipt of the request; a host, a copy of its dates; a peer who answers, how to write to who
            # asked.
            if action.slug not in ("confirmer", "accueillir") and role != Role.HELPER:
                mine = who(dossier, role).email
                assert mine not in {row.recipient for row in told}, "nobody is written to about their own act"


def _mentor() -> int:
    mentor("ariel@structure-x.example")
    return db.session.scalar(select(Membre.id).where(Membre.mentors))


def planted_alone(kind: Kind, state: str, clock):
    """A dossier in that state in an otherwise empty database."""
    db.session.rollback()
    with transaction() as session:
        for table in reversed(db.metadata.sorted_tables):
            session.execute(table.delete())
    db.session.expunge_all()
    return planted(kind, state, clock.now)


def test_a_second_click_is_told_who_decided_and_when(context, clock):
    dossier = planted(Kind.ENTRAIDE, "submitted", clock.now)
    coordinator = who(dossier, "coordinator")
    perform("refuser", coordinator.id, "Hors du champ du réseau", clock.now)
    clock.advance(minutes=5)
    with pytest.raises(AlreadyDone) as refused:
        perform("clore", coordinator.id, "", clock.now)
    said = refused.value.sentence.replace("\u00a0", " ")
    assert "« non retenue »" in said and "Alix Coordination n’a pas donné suite" in said and "9 h" in said


def test_a_note_or_a_word_is_not_a_decision(context, clock):
    dossier = planted(Kind.ENTRAIDE, "submitted", clock.now)
    coordinator, author = who(dossier, "coordinator"), who(dossier, "author")
    perform("resolu", author.id, "", clock.now)
    perform("note", coordinator.id, "À rappeler", clock.now)
    with pytest.raises(AlreadyDone) as refused:
        perform("resolu", coordinator.id, "", clock.now)
    assert "Noa Fictif a indiqué que la question a trouvé sa réponse" in refused.value.sentence


def test_somebody_who_left_the_exchange_does_nothing_more(context, clock):
    dossier = planted(Kind.IMMERSION, "host_asked", clock.now)
    host = who(dossier, "host")
    perform("refuser", host.id, "", clock.now)
    for slug in ("accueillir", "refuser", "repondre"):
        with pytest.raises(RingError):
            perform(slug, host.id, "Finalement oui", clock.now, extra=_ANSWER)


def test_nobody_acts_for_a_participant_who_does_not_exist(context, clock):
    with pytest.raises(NotFound):
        perform("refuser", 999, "mots", clock.now)


def test_an_error_in_the_middle_of_a_verb_leaves_everything_as_it_was(context, clock, monkeypatch):
    dossier = planted(Kind.IMMERSION, "submitted", clock.now)
    before = dump(context)
    monkeypatch.setattr(requesting.immersion, "taken_in_hand", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        perform("accepter", who(dossier, "coordinator").id, "", clock.now)
    assert dump(context) == before


def test_every_action_has_words_for_who_presses_it(context):
    for action in ACTIONS:
        assert action.label[0].isupper() and action.explanation[0].islower()
        assert action.words in ("none", "optional", "required")
        assert bool(action.words_label) == (action.words != "none"), action.slug
        assert action.slug.isascii() and action.slug == action.slug.lower()
        for kind, states in action.where.items():
            assert states <= {state.value for state in STATES[kind]}, (action.slug, kind)
    for kind, state in CASES:
        for role in PEOPLE:
            slugs = [action.slug for action in available(DOSSIERS[kind](state=state, answers={}), role, NOW)]
            assert len(slugs) == len(set(slugs)), (kind, state, role)


def test_a_colleague_who_steps_in_becomes_part_of_the_exchange_by_acting_only(context, clock):
    dossier = planted(Kind.ENTRAIDE, "submitted", clock.now)
    before = dump(context)
    onlooker = acting.participant_of(dossier, "suppleance@ring.example")
    assert (onlooker.id, onlooker.name) == (0, "Charlie Suppléance")
    assert dump(context) == before
    participant = acting.participant_for(dossier.id, "suppleance@ring.example")
    assert acting.participant_for(dossier.id, "Suppleance@ring.example") == participant
    with pytest.raises(NotAllowed):
        acting.participant_for(dossier.id, "inconnu@ring.example")
