"""What a host gives line by line in a mail: read or told, never guessed; and the same questions as the page."""

from __future__ import annotations

from datetime import date, time

import pytest

from forms.immersion import MOST_SESSIONS, HostForm
from inbox.host_answer import read_host_answer, read_session
from services.immersion import hosting
from services.immersion.session_checks import Around
from territory.said_days import UnreadableDays

DAY = date(2027, 2, 2)
MORNING, NOON = (time(9), time(12)), (time(14), time(17))
ANSWER = """
Dates :
mardi 2 février 2027, 9 h - 12 h et 14 h - 17 h

- 09/02/2027 9h-12h30

ADRESSE : 3 rue des Lilas,
30200 Bagnols-sur-Cèze
tuteur : Ariel Modèle
Sa fonction : conseiller
Telephone : 06 39 98 00 09
Qui signera : Claude Accueil
Qualité : Directrice
Assurance : Mutuelle : contrat 123
Repas (facultatif) :
Sécurité (facultatif) :

Au plaisir de recevoir Noa.
"""


@pytest.mark.parametrize(("line", "hours"), [
    ("mardi 2 février 2027, 9 h - 12 h et 14 h - 17 h", (*MORNING, *NOON)), ("02/02/2027 9h-12h 14h-17h", (*MORNING, *NOON)),
    ("Mardi 2 fevrier 2027 : de 9 heures à 12 heures, puis de 14 heures à 17 heures", (*MORNING, *NOON)),
    ("le 2/2/27 9:00-12:00", MORNING), ("2027-02-02 9h00 – 12h00", MORNING), ("2 février 2027 9h 12h", MORNING),
    ("mardi 2\u00a0février 2027, de 9\u00a0h à 12\u00a0h\u00a030", (time(9), time(12, 30))),
    ("2 fév. 2027 matin 9h-12h", None), ("2 février 9h-12h", None), ("lundi 2 février 2027 9h-12h", None), ("2/2/2027", None),
    ("2/2/2027 9h", None), ("2/2/2027 9h-12h 14h", None), ("2/2/2027 9h-12h en salle 2", None), ("2/2/2027 9h-25h", None),
    ("30/02/2027 9h-12h", None), ("2/2/2027 12h-9h", None), ("2/2/2027 9h-12h 11h-17h", None), ("9h-12h", None), ("", None),
    ("2/2/2027 9-12", None), ("du 2 au 4 février 2027 9h-12h", None)])
def test_a_day_and_its_hours_are_read_whole_or_told(line, hours):
    if hours is None:
        with pytest.raises(UnreadableDays):
            read_session(line)
    else:
        found = read_session(line)
        assert (found.on, *filter(None, (found.starts, found.ends, found.starts_again, found.ends_again))) == (DAY, *hours)


def test_each_line_gives_what_its_label_says_whatever_the_accents_and_capitals():
    lines = read_host_answer(ANSWER)
    answer = hosting.accepted(lines, Around(DAY))
    assert [session.on for session in answer.sessions] == [DAY, date(2027, 2, 9)]
    assert (answer.address, answer.tutor_name, answer.tutor_quality) == (
        "3 rue des Lilas, 30200 Bagnols-sur-Cèze", "Ariel Modèle", "conseiller")
    assert (answer.signatory_name, answer.signatory_quality, answer.tutor_contact) == (
        "Claude Accueil", "Directrice", "06 39 98 00 09")
    assert (answer.insurance, answer.meals, answer.safety) == ("Mutuelle : contrat 123", "", "")
    assert lines.words == "Au plaisir de recevoir Noa."


def test_a_line_given_twice_with_two_values_is_a_doubt():
    lines = read_host_answer(ANSWER + "\nAdresse : ailleurs")
    assert hosting.accepted(lines, Around(DAY)) is None
    assert any("écrit deux fois" in sentence for sentence in hosting.problems(lines, Around(DAY)))


def test_an_empty_answer_names_all_that_is_needed():
    said = " ".join(hosting.problems(read_host_answer(""), Around(DAY)))
    assert all(question.missing in said for question in hosting.QUESTIONS if not question.optional)


@pytest.mark.parametrize("lines", [hosting.HostLines(), read_host_answer(ANSWER)])
def test_what_a_letter_prepares_reads_as_what_was_understood(lines):
    again = read_host_answer(hosting.prepared(lines).partition("\n")[2])
    assert again == lines


def test_the_mail_asks_what_the_page_asks(app):
    """One answer, two doors: names, lengths and what may stay empty are the same."""
    with app.test_request_context():
        page = {field.short_name: field for field in HostForm(None).questions() if field.short_name != "words"}
    asked = {{"address": "place"}.get(question.name, question.name): question for question in hosting.QUESTIONS}
    assert set(page) == set(asked) and hosting.MOST_SESSIONS == MOST_SESSIONS
    for name, field in page.items():
        assert field.optional == asked[name].optional and field.longest == asked[name].longest, name
