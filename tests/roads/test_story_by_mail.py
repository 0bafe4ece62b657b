"""The whole story of the README with mail alone: after a form is sent, nobody opens a page."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from cast import AIDE, ANDREA, CLAUDE, COORDINATOR, IMMERSION, NOA, send
from roads.correspondents import Story, structure_joined
from setting import databases

from models.base import db
from models.structure import Structure
from services.immersion import hosting as hosting_lines

DATES = "mardi 2 février 2027, 9 h - 12 h 30 et 13 h 30 - 17 h\n09/02/2027 9h-12h30 13h30-17h"
ANSWERS = {"Dates": DATES, "Tuteur ou tutrice": "Ariel Modèle", "Sa fonction": "conseiller numérique",
           "Son téléphone": "06 39 98 00 09", "Assurance": "Mutuelle Exemple, contrat 123"}


def prepared(letter, label: str) -> str:
    """The body of the answer that pressing those words prepares."""
    links = BeautifulSoup(letter.html, "html5lib").select('a[href^="mailto:"]')
    [href] = [link["href"] for link in links if " ".join(link.text.split()) == label]
    return parse_qs(urlsplit(href).query, keep_blank_values=True)["body"][0].replace("\r\n", "\n")


def filled(body: str, answers: dict[str, str]) -> str:
    """That body, completed as a person does: after the colon of each line."""
    for label, value in answers.items():
        end = r"(?=\n)" if label == "Dates" else r"$"
        body, times = re.subn(rf"^({label}(?: \(facultatif\))? :).*?{end}", lambda found, value=value: (
            f"{found[1]}\n{value}" if "\n" in value else f"{found[1]} {value}"), body, count=1, flags=re.MULTILINE)
        assert times == 1, (label, body)
    return body


@pytest.fixture
def joined(app, client, post, clock) -> Story:
    return structure_joined(app, client, post, clock)


@pytest.fixture
def agreed(joined) -> Story:
    """An immersion whose employer agreed: a host is to be proposed."""
    send(joined.client, "/immersion", IMMERSION)
    joined.says(NOA, "Je confirme")
    joined.says(COORDINATOR, "accepter", "request_to_coordinator")
    joined.says(ANDREA, "Oui")
    assert joined.state == "employer_agreed"
    return joined


@pytest.fixture
def proposed(agreed) -> Story:
    agreed.says(COORDINATOR, prepared(agreed.post.last(COORDINATOR, "employer_agreed"), "proposer Structure Exemple C"),
                "employer_agreed")
    assert agreed.state == "host_asked"
    return agreed


def hosting(story: Story, **changes: str) -> str:
    return filled(prepared(story.post.last(CLAUDE, "host_to_agree"), "Complétez cette réponse"), ANSWERS | changes)


@databases("sqlite", "postgresql")
def test_a_structure_joins_and_a_question_is_resolved_by_mail_alone(joined, app, client, post, clock):
    assert post.last(CLAUDE, "welcome").files[0][0] == "engagements-ADH-2027-0001.pdf"
    send(client, "/aide", AIDE)
    story = replace(joined, reference="AIDE-2027-0001")
    story.says(NOA, "oui")
    story.says(COORDINATOR, "Bonjour Noa, voici une piste.", "request_to_coordinator")
    story.says(NOA, "C’est résolu")
    assert story.state == "resolved"


@databases("sqlite", "postgresql")
def test_an_immersion_ends_in_the_same_pdf_in_three_mailboxes_by_mail_alone(proposed, post):
    story = proposed
    story.says(CLAUDE, hosting(story), "host_to_agree")
    assert story.state == "host_agreed"
    told = story.told(CLAUDE, "command_done")
    assert "mardi 2 février 2027, de 9 h à 12 h 30 et de 13 h 30 à 17 h" in told and "mardi 9 février 2027" in told
    with story.app.app_context():
        assert story.dossier.answers["host"] == {
            "tutor_name": "Ariel Modèle", "tutor_quality": "conseiller numérique", "tutor_contact": "06 39 98 00 09",
            "address": "3 rue des Lilas", "signatory_name": "Claude Accueil", "signatory_quality": "Directrice", "meals": "",
            "safety": "", "insurance": "Mutuelle Exemple, contrat 123"}
        assert [str(session.ends_again) for session in story.dossier.sessions] == ["17:00:00", "17:00:00"]

    story.says(COORDINATOR, prepared(post.last(COORDINATOR, "host_agreed"), "relecture"), "host_agreed")
    assert story.state == "in_review"
    read = post.last(COORDINATOR, "command_done")
    assert read.files == post.last(NOA, "convention_to_review").files and read.files[0][2].startswith(b"%PDF")
    story.says(NOA, "Tout est juste.", "convention_to_review")
    story.says(COORDINATOR, prepared(read, "/signature"), "command_done")
    assert story.state == "to_sign"
    letters = [post.last(address, "convention_to_sign") for address in (NOA, ANDREA, CLAUDE)]
    assert len({hashlib.sha256(letter.files[0][2]).hexdigest() for letter in letters}) == 1
    assert post.last(COORDINATOR, "command_done").files == letters[0].files

    scan = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
    story.says(CLAUDE, "Signé, voir le scan.", "convention_to_sign", files=(("scan.png", "image/png", scan),))
    assert post.last(COORDINATOR, "message_relayed").files[0][2] == scan
    story.says(COORDINATOR, "/clore")
    assert story.state == "closed"
    for letter in post.all():
        others = {NOA, ANDREA, CLAUDE} - {letter.to}
        if not letter.letter.startswith("accueil/"):
            assert not any(address in letter.text + unquote(letter.html) for address in others), (letter.to, letter.letter)


# --- proposing a host ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("words", ["proposer structure exemple c", "/Proposer STRUCTURE EXEMPLE C.", "proposer exemple C",
                                   "Proposer : Structure Exemple C, Bagnols-sur-Cèze (30200)"])
def test_a_host_is_named_however_it_is_written(agreed, words):
    agreed.says(COORDINATOR, f"{words}\nPourriez-vous accueillir Noa ?", "employer_agreed")
    assert agreed.state == "host_asked", agreed.told(COORDINATOR)
    assert "Pourriez-vous accueillir Noa" in agreed.told(CLAUDE, "host_to_agree")


@pytest.mark.parametrize(("words", "said"), [
    ("proposer", "Il manque le nom"), ("proposer la mairie", "n’est le nom d’aucune structure"),
    ("proposer un rendez-vous à Noa me semble utile", "n’est le nom d’aucune structure")])
def test_an_unknown_host_is_a_doubt_told_with_the_list(agreed, words, said):
    agreed.says(COORDINATOR, words, "employer_agreed")
    told = agreed.told(COORDINATOR, "command_refused")
    assert agreed.state == "employer_agreed" and said in told and "« proposer Structure Exemple C »" in told
    assert agreed.count(CLAUDE, "host_to_agree") == 0 and words in agreed.notes[-1]


def test_a_name_two_structures_bear_in_part_is_a_doubt(agreed):
    from roads.stories import host_structure
    with agreed.app.app_context():
        host_structure(agreed.clock.now, name="Structure Exemple D", email="d@structure-d.example")
    agreed.says(COORDINATOR, "proposer structure exemple", "employer_agreed")
    assert agreed.state == "employer_agreed" and "désigne plusieurs structures" in agreed.told(COORDINATOR, "command_refused")


def test_a_proposal_is_undone_by_the_words_the_confirmation_gives(proposed):
    body = prepared(proposed.post.last(COORDINATOR, "command_done"), "changer d’accueil :")
    proposed.says(COORDINATOR, f"{body}pardon, je me suis trompée.", "command_done")
    assert proposed.state == "employer_agreed"
    assert "je me suis trompée" in proposed.told(CLAUDE, "not_possible") or proposed.count(CLAUDE, "not_possible") == 1


def test_proposing_twice_is_told(proposed):
    proposed.says(COORDINATOR, "proposer Structure Exemple C", "employer_agreed")
    assert proposed.state == "host_asked" and "La demande a changé depuis" in proposed.told(COORDINATOR, "command_refused")
    assert proposed.count(CLAUDE, "host_to_agree") == 1


# --- the host's answer -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("changes", "said"), [
    ({"Dates": ""}, "Il manque au moins une date"), ({"Assurance": ""}, "Il manque le nom de votre assureur"),
    ({"Dates": "2 février 9h-12h"}, "il manque l’année"), ({"Dates": "lundi 2 février 2027 9h-12h"}, "n’est pas un lundi"),
    ({"Dates": "02/02/2020 9h-12h"}, "2020 est passé"), ({"Dates": "02/02/2027 9h-12h 11h-17h"}, "doivent se suivre"),
    ({"Dates": "02/02/2027 9h-12h\n02/02/2027 14h-17h"}, "est indiqué 2 fois"),
    ({"Dates": "02/02/2027 le matin"}, "il faut une heure de début"),
])
def test_what_is_missing_or_doubtful_is_told_in_one_letter_and_completed(proposed, changes, said):
    proposed.says(CLAUDE, hosting(proposed, **changes), "host_to_agree")
    told = proposed.told(CLAUDE, "host_to_complete")
    assert proposed.state == "host_asked" and said in told
    assert "Tuteur ou tutrice : Ariel Modèle" in told, "what was understood is repeated"
    assert "Ariel Modèle" in proposed.told(COORDINATOR, "message_relayed"), "nothing is lost"
    body = prepared(proposed.post.last(CLAUDE, "host_to_complete"), "Complétez votre réponse")
    if "Dates" in changes:
        body = re.sub(r"Dates :\n(?:.+\n)*", f"Dates :\n{DATES}\n", body)
    else:
        body = filled(body, {"Assurance": "MAIF"})
    proposed.says(CLAUDE, body, "host_to_complete")
    assert proposed.state == "host_agreed", proposed.told(CLAUDE)


def test_the_letter_names_each_line_for_who_reads_text_alone(proposed):
    told = proposed.told(CLAUDE, "host_to_agree")
    for question in hosting_lines.QUESTIONS:
        assert f"« {question.label} : »" in told


def test_a_host_s_other_words_are_words(proposed):
    proposed.says(CLAUDE, "Avec plaisir. Plutôt le matin ?", "host_to_agree")
    assert proposed.state == "host_asked" and "Plutôt le matin" in proposed.told(COORDINATOR, "message_relayed")
    proposed.says(CLAUDE, "Accueillir Noa sera un plaisir.", "host_to_agree")
    assert proposed.count(CLAUDE, "command_refused") == proposed.count(CLAUDE, "host_to_complete") == 0


def test_a_second_answer_of_the_host_is_told_and_kept(proposed):
    proposed.says(CLAUDE, hosting(proposed), "host_to_agree")
    proposed.says(CLAUDE, hosting(proposed, Dates="03/03/2027 9h-12h"), "host_to_agree")
    assert "La demande a changé depuis" in proposed.told(CLAUDE, "command_refused")
    assert "03/03/2027" in proposed.told(COORDINATOR, "message_relayed")
    with proposed.app.app_context():
        assert len(proposed.dossier.sessions) == 2


# --- the convention --------------------------------------------------------------------------------------------------------

def test_nothing_is_sent_to_be_signed_that_was_not_sent_to_be_read(proposed):
    from services import convention
    proposed.says(CLAUDE, hosting(proposed), "host_to_agree")
    proposed.says(COORDINATOR, "signature", "host_agreed")
    assert proposed.state == "host_agreed"
    proposed.says(COORDINATOR, "relecture", "host_agreed")
    with proposed.app.app_context():
        person = proposed.dossier.coordinators[0]
        convention.save_draft(person.id, replace(convention.draft_data(proposed.dossier, proposed.clock.now), meals="à midi"),
                              proposed.clock.now)
    proposed.says(COORDINATOR, "/signature", "command_done")
    assert proposed.state == "in_review"
    assert "Écrivez d’abord « relecture »" in proposed.told(COORDINATOR, "command_refused")
    proposed.says(COORDINATOR, "relecture", "command_refused")
    proposed.says(COORDINATOR, "signature", "command_done")
    assert proposed.state == "to_sign"
    back = prepared(proposed.post.last(COORDINATOR, "command_done"), "reprendre la convention :")
    proposed.says(COORDINATOR, f"{back}une date change.", "command_done")
    assert proposed.state == "in_review" and "une date change" in proposed.told(NOA, "convention_reopened")


def test_a_letter_of_the_coordination_about_help_may_begin_with_such_words(app, client, post, clock):
    story = Story(app, client, post, clock)
    send(client, "/aide", AIDE)
    story.says(NOA, "oui")
    for words in ("Proposer un rendez-vous à la personne suffit souvent.", "Signature électronique : voici la procédure."):
        story.says(COORDINATOR, words, "request_to_coordinator")
        assert story.words[-1] == words


def test_the_story_has_a_structure_that_hosts(joined):
    with joined.app.app_context():
        assert db.session.query(Structure).one().hosts
