"""What a coordinator can do by a word in a reply: done, confirmed, told to whom it matters, undone."""

from __future__ import annotations

from datetime import date

import pytest
from bs4 import BeautifulSoup
from cast import AIDE, ANDREA, IMMERSION, LEARNER, confirm, press, send, sign_in
from pages import soup
from roads.correspondents import COORDINATOR, DEPUTY, NOA, THIRD, Story, camille, with_network
from setting import at_once, databases
from sqlalchemy import select

from inbox import receive
from models.address import CoordinatorAbsence
from models.base import db
from models.dossier import Participant
from models.outbox import OutboxMessage
from models.stored_file import StoredFile
from services import acting, mailbox_reply
from services.errors import AlreadyDone

PDF = (("plan.pdf", "application/pdf", b"%PDF-1.7 plan"),)


def undo_offered(story: Story, address: str = COORDINATOR) -> str:
    """The words a confirmation gives to go back, with a link that prepares them."""
    letter = story.post.last(address, "command_done")
    link = BeautifulSoup(letter.html, "html5lib").select_one('a[href^="mailto:"]')
    if link is None:
        return ""
    assert "body=" in link["href"] and "subject=Re" in link["href"]
    return link.text.replace("\u00a0", " ")


# --- clore, rouvrir -------------------------------------------------------------------------------------------------------

@databases("sqlite", "postgresql")
def test_what_was_closed_is_reopened_by_the_word_the_confirmation_gives(help_asked):
    help_asked.says(COORDINATOR, "/clore\nMerci à vous.")
    assert help_asked.state == "closed" and undo_offered(help_asked) == "/rouvrir"
    help_asked.says(COORDINATOR, "/rouvrir\nJ’avais oublié une chose.", "command_done")
    assert help_asked.state == "in_progress"
    assert "est rouverte par Alix Coordination" in help_asked.told(NOA, "request_reopened")
    assert "J’avais oublié une chose." in help_asked.told(NOA, "request_reopened")


def test_the_author_reopens_what_was_resolved_and_the_coordination_is_told(help_asked):
    help_asked.says(NOA, "C’est résolu")
    assert help_asked.state == "resolved" and undo_offered(help_asked, NOA) == "/rouvrir"
    help_asked.says(NOA, "rouvrir", "command_done")
    assert help_asked.state == "in_progress"
    assert "rouverte par Noa Fictif" in help_asked.told(COORDINATOR, "request_reopened")


def test_a_refused_adhesion_is_looked_at_again(app, client, post, clock):
    story = Story(app, client, post, clock, "ADH-2027-0001")
    send(client, "/rejoindre/en-devenir", LEARNER)
    confirm(client, post, "lou@courriel.example")
    story.says(COORDINATOR, "Refuser : hors du territoire")
    assert story.state == "refused" and undo_offered(story) == "/rouvrir"
    story.says(COORDINATOR, "rouvrir")
    assert story.state == "submitted"


def immersion(app, client, post, clock) -> Story:
    send(client, "/immersion", IMMERSION)
    confirm(client, post, NOA)
    return Story(app, client, post, clock, "IMM-2027-0001")


@databases("sqlite", "postgresql")
def test_a_refused_immersion_is_taken_up_where_it_stood(app, client, post, clock):
    story = immersion(app, client, post, clock)
    story.says(COORDINATOR, "accepter")
    story.says(ANDREA, "Oui")
    assert story.state == "employer_agreed"
    story.says(COORDINATOR, "/refuser Erreur de dossier")
    assert story.state == "refused" and undo_offered(story) == "/rouvrir"
    story.says(COORDINATOR, "/rouvrir Pardon, je m’étais trompée.")
    assert story.state == "employer_agreed", "its employer is not asked again"
    for address in (NOA, ANDREA):
        assert "structure d’accueil à proposer" in story.told(address, "request_reopened")
    assert story.count(ANDREA, "employer_to_agree") == 1


def test_an_immersion_refused_before_its_employer_was_asked_begins_again(app, client, post, clock):
    story = immersion(app, client, post, clock)
    story.says(COORDINATOR, "/refuser Erreur")
    story.says(COORDINATOR, "/rouvrir")
    assert story.state == "submitted"
    story.says(COORDINATOR, "accepter")
    assert story.state == "employer_asked" and story.count(ANDREA, "employer_to_agree") == 1


def test_an_employer_who_refused_is_asked_again_by_reopening(app, client, post, clock):
    story = immersion(app, client, post, clock)
    story.says(COORDINATOR, "accepter")
    story.says(ANDREA, "Non : trop de travail")
    assert story.state == "refused"
    story.says(COORDINATOR, "/rouvrir")
    assert story.state == "employer_asked"
    story.says(ANDREA, "Oui", "request_reopened")
    assert story.state == "employer_agreed"
    with app.app_context():
        assert len([p for p in story.dossier.participants if p.role == "employer"]) == 1


# --- notes and files ------------------------------------------------------------------------------------------------------

def test_a_note_is_taken_back_by_who_wrote_it(help_asked):
    help_asked.says(COORDINATOR, "/note À rappeler", files=PDF)
    assert help_asked.notes == ["À rappeler"] and undo_offered(help_asked) == "retirer la note"
    help_asked.says(COORDINATOR, "retirer la note", "command_done")
    assert help_asked.notes == [] and "note_removed" in help_asked.journal
    with help_asked.app.app_context():
        assert db.session.scalars(select(StoredFile.name)).all() == ["plan.pdf"], "its file stays with the request"
    help_asked.says(COORDINATOR, "retirer la note", "command_done")
    assert "Vous n’avez pas écrit de note" in help_asked.told(COORDINATOR, "command_refused")


@pytest.mark.parametrize(("words", "letter"), [("/clore", "command_done"), ("/note À lire", "command_done"),
                                               ("/accepter", "command_refused"), ("clore maintenant", "command_refused")])
def test_files_that_came_with_an_order_are_kept_for_the_coordination_and_sent_to_nobody(help_asked, words, letter):
    help_asked.says(COORDINATOR, words, files=PDF)
    assert "en note interne" in help_asked.told(COORDINATOR, letter)
    assert all(not item.files for item in help_asked.post.to(NOA))
    with help_asked.app.app_context():
        [file] = db.session.scalars(select(StoredFile)).all()
        assert file.message.is_note and file.dossier.reference == help_asked.reference


def test_the_files_of_an_employer_who_says_yes_reach_the_coordination(app, client, post, clock):
    story = immersion(app, client, post, clock)
    story.says(COORDINATOR, "accepter")
    story.says(ANDREA, "Oui", files=PDF)
    assert story.state == "employer_agreed"
    assert story.post.last(COORDINATOR, "message_relayed").files[0][0] == "plan.pdf"


# --- doubt ----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("words", "said"), [
    ("refuser dossier incomplet", "ce n’est pas certain que ce soit un ordre"),
    ("/accepter Bienvenue", "ne sert pas pour une demande d’aide"),
    ("stop", "transmettre à"), ("/fusionner", "n’en est pas un que nous comprenons"),
    ("transmettre à Personne", "Charlie Suppléance (suppleance@ring.example)"), ("transmettre à", "Il manque le nom"),
    ("je m’absente jusqu’à bientôt", "n’avons pas su lire de jour"),
    ("je m’absente jusqu’au 10 janvier 2027", "Ce jour est passé"),
    ("Je prends\nJe vous appelle, Noa.", "/je prends"), ("/note un\n/clore", "un seul ordre par courriel"),
])
def test_doubt_goes_to_a_human_nothing_is_done_and_the_words_are_kept(help_asked, words, said):
    before = help_asked.count(NOA), help_asked.state
    help_asked.says(COORDINATOR, words)
    assert (help_asked.count(NOA), help_asked.state) == before
    refused = help_asked.told(COORDINATOR, "command_refused")
    assert said in refused and "gardés en note interne" in refused, refused
    assert help_asked.notes == [words] and help_asked.holder == ""


def test_words_that_came_with_an_order_too_late_are_kept(help_asked):
    help_asked.says(NOA, "C’est résolu")
    help_asked.says(COORDINATOR, "/clore\nMerci à vous deux.", "request_to_coordinator")
    assert help_asked.state == "resolved"
    assert help_asked.notes == ["/clore\nMerci à vous deux."]


def test_words_of_an_employer_whose_order_came_too_late_reach_the_coordination(app, client, post, clock):
    story = immersion(app, client, post, clock)
    story.says(COORDINATOR, "accepter")
    story.says(NOA, "retirer ma demande")
    story.says(ANDREA, "Non : nous n’avons personne pour le remplacer.", "employer_to_agree")
    assert "personne pour le remplacer" in story.told(COORDINATOR, "message_relayed")
    assert "transmis à la coordination" in story.told(ANDREA, "command_refused")


# --- je prends, je rends, transmettre -------------------------------------------------------------------------------------

@databases("sqlite", "postgresql")
def test_who_takes_a_request_is_shown_and_the_colleague_of_the_exchange_is_told(help_asked, client, post):
    help_asked.says(COORDINATOR, "Bonjour Noa, je regarde.", sender=DEPUTY)  # Charlie steps in
    help_asked.says(COORDINATOR, "je prends", "request_to_coordinator")
    assert help_asked.holder == COORDINATOR and undo_offered(help_asked) == "je rends"
    assert "Alix Coordination s’occupe de cette demande" in help_asked.told(DEPUTY, "holder_changed")
    assert help_asked.count(COORDINATOR, "holder_changed") == 0
    sign_in(client, post)
    assert "Alix Coordination s’en occupe" in client.page("/coordination/AIDE-2027-0001").text
    assert "Alix Coordination, s’en occupe" in client.page("/coordination/en-cours").text
    help_asked.says(COORDINATOR, "je rends", "command_done")
    assert help_asked.holder == ""
    assert "ne s’occupe plus de cette demande" in help_asked.told(DEPUTY, "holder_changed")
    assert "Personne n’a encore pris" in client.page("/coordination/AIDE-2027-0001").text


def test_what_a_colleague_took_is_taken_only_on_purpose(help_asked):
    help_asked.says(COORDINATOR, "je prends", sender=DEPUTY)
    assert help_asked.holder == DEPUTY
    help_asked.says(COORDINATOR, "je prends", "request_to_coordinator")
    assert help_asked.holder == DEPUTY
    refused = help_asked.told(COORDINATOR, "command_refused")
    assert "Charlie Suppléance s’occupe déjà" in refused and "« je prends quand même »" in refused
    help_asked.says(COORDINATOR, "je prends quand même", "command_refused")
    assert help_asked.holder == COORDINATOR
    assert "Alix Coordination s’occupe" in help_asked.told(DEPUTY, "holder_changed")


def test_words_said_while_taking_are_for_the_colleagues_alone(help_asked):
    help_asked.says(COORDINATOR, "Bonjour Noa", sender=DEPUTY)
    before = help_asked.count(NOA)
    help_asked.says(COORDINATOR, "/je prends\nJe connais bien ce sujet.", "request_to_coordinator")
    assert "Je connais bien ce sujet." in help_asked.told(DEPUTY, "holder_changed")
    assert help_asked.count(NOA) == before and help_asked.notes == ["Je connais bien ce sujet."]


@databases("sqlite", "postgresql")
def test_two_who_take_at_the_same_instant_one_has_it_and_the_other_is_told(app, help_asked):
    with app.app_context():
        dossier = help_asked.dossier.id
        people = [acting.participant_for(dossier, address) for address in (COORDINATOR, DEPUTY)]
    now = help_asked.clock.now
    given, raised = at_once(app, 2, lambda number: acting.perform("prendre", people[number], "", now, via="mail"))
    assert len(given) == 1 and [type(error) for error in raised] == [AlreadyDone]
    assert "s’occupe déjà de cette demande" in raised[0].sentence
    assert help_asked.holder in (COORDINATOR, DEPUTY) and help_asked.journal.count("taken") == 1


@databases("sqlite", "postgresql")
def test_an_order_and_the_button_at_the_same_instant_are_done_once(app, help_asked):
    with app.app_context():
        row = db.session.get(OutboxMessage, help_asked.post.last(COORDINATOR).id)
        raw = mailbox_reply.write_reply(row, "/clore", [], help_asked.clock.now)
        coordinator = help_asked.dossier.coordinators[0].id

    def act(number: int):
        return (receive(raw, "test", help_asked.clock.now) if number
                else acting.perform("clore", coordinator, "", help_asked.clock.now))
    _given, raised = at_once(app, 2, act)
    assert [error for error in raised if not isinstance(error, AlreadyDone)] == []
    assert help_asked.state == "closed" and help_asked.journal.count("closed") == 1
    assert help_asked.count(NOA, "ended") == 1
    done, refused = help_asked.count(COORDINATOR, "command_done"), help_asked.count(COORDINATOR, "command_refused")
    assert done + refused == 1, "the mail is answered once, by what became of it"


@databases("sqlite", "postgresql")
def test_a_request_handed_over_comes_with_its_history_and_the_answers_go_to_the_colleague(help_asked):
    help_asked.says(COORDINATOR, "Bonjour Noa, voici une piste.")
    help_asked.says(NOA, "Merci. Et sans adresse de courriel ?")
    help_asked.says(COORDINATOR, "/note Noa travaille seule", "request_to_coordinator")
    help_asked.says(COORDINATOR, "transmettre à Charlie\nTu connais mieux que moi.", "message_relayed")
    assert help_asked.holder == DEPUTY and undo_offered(help_asked) == "je prends quand même"
    letter = help_asked.told(DEPUTY, "request_to_coordinator")
    for said in ("Alix Coordination vous transmet cette demande", "Tu connais mieux que moi.", "voici une piste",
                 "Et sans adresse de courriel", "Noa travaille seule", "Quelle procédure de mandat"):
        assert said in letter, said
    before = help_asked.count(COORDINATOR)
    help_asked.says(NOA, "J’ai aussi une autre question.", "message_relayed")
    assert "autre question" in help_asked.told(DEPUTY, "message_relayed")
    assert help_asked.count(COORDINATOR) == before
    help_asked.says(DEPUTY, "Oui, c’est possible.", "message_relayed")
    assert "Charlie Suppléance vous écrit" in help_asked.told(NOA, "message_relayed")
    help_asked.says(COORDINATOR, "je prends quand même", "command_done")
    help_asked.says(NOA, "Bien reçu.", "message_relayed")
    assert "Bien reçu" in help_asked.told(COORDINATOR, "message_relayed"), "acting again brings the answers back"


def test_a_name_that_two_bear_is_a_doubt_told_with_the_names(app, help_asked):
    with_network(app, camille("Camille Suppléance"))
    help_asked.says(COORDINATOR, "transmettre à Suppléance")
    refused = help_asked.told(COORDINATOR, "command_refused")
    assert "désigne plusieurs personnes" in refused
    assert "Charlie Suppléance (suppleance@ring.example)" in refused and f"Camille Suppléance ({THIRD})" in refused
    assert help_asked.holder == ""
    for number, said in enumerate((f"transmettre à <{THIRD}>", "/transmettre à camille suppleance"), 1):
        help_asked.says(COORDINATOR, said, "request_to_coordinator")
        assert help_asked.holder == THIRD and help_asked.count(THIRD, "request_to_coordinator") == number
        help_asked.says(COORDINATOR, "je prends quand même", "request_to_coordinator")


def test_nobody_hands_a_request_over_to_themselves(help_asked):
    help_asked.says(COORDINATOR, "transmettre à Alix Coordination")
    assert "n’est le nom de personne d’autre" in help_asked.told(COORDINATOR, "command_refused") and help_asked.holder == ""


def test_the_page_hands_over_and_takes_like_the_mail(help_asked, client, post):
    sign_in(client, post)
    base = "/coordination/AIDE-2027-0001"
    press(client, f"{base}/prendre")
    assert help_asked.holder == COORDINATOR
    page = soup(client.get(base))
    assert [a.text for a in page.select(".actions a")].count("Je ne m’en occupe plus") == 1
    assert "Je m’en occupe" not in page.text
    assert client.fill(client.get(f"{base}/transmettre"), f"{base}/transmettre").status_code == 422, "somebody is chosen"
    press(client, f"{base}/transmettre", colleague=DEPUTY, words="Merci Charlie")
    assert help_asked.holder == DEPUTY
    assert "Merci Charlie" in help_asked.told(DEPUTY, "request_to_coordinator")
    assert "confiée à Charlie" in client.page(f"{base}?fait=1").text
    link = "/".join(post.last(COORDINATOR, "request_to_coordinator").link("d").split("/")[:3])
    assert "Charlie Suppléance s’en occupe" in client.page(link).text, "the personal link still shows it"
    press(client, f"{link}/prendre-quand-meme")
    assert help_asked.holder == COORDINATOR
    assert client.get(f"{link}/prendre").status_code == 409


# --- who is not the person expected ---------------------------------------------------------------------------------------

def test_a_colleague_who_answers_a_letter_forwarded_to_them_acts_in_their_own_name(app, help_asked):
    row = help_asked.says(COORDINATOR, "Bonjour Noa, je prends la suite d’Alix.", sender=f"Charlie <{DEPUTY}>")
    assert row.state == "done"
    assert "Charlie Suppléance vous écrit" in help_asked.told(NOA, "message_relayed")
    with app.app_context():
        assert [p.email for p in help_asked.dossier.coordinators] == [COORDINATOR, DEPUTY]


def test_a_coordinators_address_with_the_authors_letter_opens_nothing(help_asked):
    """Who holds the author's letter and writes a coordinator's address in From is not believed."""
    row = help_asked.says(NOA, "/clore", sender=f"Alix <{COORDINATOR}>")
    assert row.state == "quarantined" and help_asked.state == "submitted"


def test_who_no_longer_coordinates_is_refused_kindly_and_the_words_are_kept(app, help_asked):
    with_network(app, without=COORDINATOR)
    before = help_asked.count(NOA)
    for words in ("/clore\nJe clos avant de partir.", "Bonjour Noa, une dernière chose."):
        help_asked.says(COORDINATOR, words, "request_to_coordinator")
    assert help_asked.state == "submitted" and help_asked.count(NOA) == before
    assert help_asked.count(COORDINATOR, "no_longer") == 1, "said once a day"
    assert "Charlie Suppléance les a sous les yeux" in help_asked.told(COORDINATOR, "no_longer")
    kept = help_asked.told(DEPUTY, "words_kept")
    assert "Alix Coordination ne coordonne plus" in kept and "Je clos avant de partir." in kept
    assert help_asked.notes == ["/clore\nJe clos avant de partir.", "Bonjour Noa, une dernière chose."]


def test_an_old_link_of_who_no_longer_coordinates_opens_nothing(app, help_asked, client, post):
    link = "/".join(post.last(COORDINATOR, "request_to_coordinator").link("d").split("/")[:3])
    with_network(app, without=COORDINATOR)
    assert client.get(link).status_code == 410
    assert client.get(f"{link}/clore").status_code == 410 and help_asked.state == "submitted"


# --- absence --------------------------------------------------------------------------------------------------------------

@databases("sqlite", "postgresql")
def test_an_absence_said_by_mail_sends_new_requests_to_the_deputy(app, client, post, clock, help_asked):
    help_asked.says(COORDINATOR, "je prends")
    help_asked.says(COORDINATOR, "Je m’absente jusqu’au 22 janvier", "request_to_coordinator")
    done = help_asked.told(COORDINATOR, "command_done")
    assert "jusqu’au vendredi 22 janvier 2027 compris" in done and "vont à Charlie Suppléance" in done
    assert undo_offered(help_asked) == "je suis de retour"
    away = help_asked.told(DEPUTY, "colleague_away")
    assert "Alix Coordination s’absente jusqu’au vendredi 22 janvier 2027 compris" in away and "AIDE-2027-0001" in away
    assert help_asked.count(DEPUTY, "colleague_away") == 1
    sign_in(client, post)
    assert "en absence" in client.page("/coordination/").text
    assert "en absence jusqu’au vendredi 22 janvier" in client.page("/coordination/AIDE-2027-0001").text.replace("\u00a0", " ")
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    assert help_asked.count(DEPUTY, "request_to_coordinator") == 1
    clock.advance(days=12)  # 23 January
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    assert [help_asked.count(address, "request_to_coordinator") for address in (DEPUTY, COORDINATOR)] == [1, 2]


def test_who_comes_back_early_receives_again(app, client, post, help_asked):
    help_asked.says(COORDINATOR, "je m’absente jusqu’au 22/01")
    help_asked.clock.advance(days=2)
    help_asked.says(COORDINATOR, "Je suis de retour", "command_done")
    assert "Bon retour" in help_asked.told(COORDINATOR, "command_done")
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    assert help_asked.count(DEPUTY, "request_to_coordinator") == 0
    with app.app_context():
        assert [(row.first_on, row.last_on) for row in db.session.scalars(select(CoordinatorAbsence))] == [
            (date(2027, 1, 11), date(2027, 1, 12))], "what was true before stays written"
    help_asked.says(COORDINATOR, "je suis de retour", "command_done")
    assert "Aucune absence n’était annoncée" in help_asked.told(COORDINATOR, "command_refused")


def test_words_in_an_exchange_whose_coordinators_are_all_away_reach_the_deputy_too(help_asked):
    help_asked.says(COORDINATOR, "je m’absente jusqu’au 22 janvier")
    help_asked.says(NOA, "Avez-vous une réponse ?")
    assert "Avez-vous une réponse" in help_asked.told(DEPUTY, "message_relayed")
    assert "Avez-vous une réponse" in help_asked.told(COORDINATOR, "message_relayed")
    assert "routed_to_deputy" in help_asked.journal
    help_asked.says(DEPUTY, "Oui, la voici.", "message_relayed")
    assert "la voici" in help_asked.told(NOA, "message_relayed")


def test_an_absence_to_come_begins_on_its_day(app, client, post, help_asked):
    help_asked.says(COORDINATOR, "je m’absente du 18 au 22 janvier 2027")
    assert "du lundi 18 janvier 2027 au vendredi 22 janvier 2027 compris" in help_asked.told(COORDINATOR, "command_done")
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    assert help_asked.count(DEPUTY, "request_to_coordinator") == 0
    help_asked.clock.advance(days=7)
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    assert help_asked.count(DEPUTY, "request_to_coordinator") == 1


def test_another_absence_takes_the_place_of_the_one_before(app, help_asked):
    help_asked.says(COORDINATOR, "je m’absente jusqu’au 22 janvier")
    help_asked.says(COORDINATOR, "je m’absente jusqu’au 15 janvier", "command_done")
    with app.app_context():
        assert [row.last_on for row in db.session.scalars(select(CoordinatorAbsence))] == [date(2027, 1, 15)]


def test_when_nobody_can_stand_in_it_is_said(app, help_asked):
    with_network(app, without=DEPUTY)
    help_asked.says(COORDINATOR, "je m’absente jusqu’au 22 janvier")
    assert "Personne ne peut vous remplacer" in help_asked.told(COORDINATOR, "command_done")


def test_an_absence_is_said_on_the_page_too(client, post, help_asked):
    sign_in(client, post)
    here = "/coordination/absence"
    assert client.fill(client.get(here), here).status_code == 422
    past = client.fill(client.get(here), here, **{"last-jour": "10", "last-mois": "1", "last-annee": "2027"})
    assert past.status_code == 422
    done = client.fill(client.get(here), here, **{"last-jour": "22", "last-mois": "janvier", "last-annee": "2027"})
    assert done.status_code == 303
    assert "jusqu’au vendredi 22 janvier 2027 compris" in client.page(here).text.replace("\u00a0", " ")
    assert help_asked.count(DEPUTY, "colleague_away") == 1
    assert client.fill(client.get(here), f"{here}/retour").status_code == 303
    assert "Votre absence est notée" not in client.page(here).text


# --- stop -----------------------------------------------------------------------------------------------------------------

@databases("sqlite", "postgresql")
def test_stop_ends_the_mail_of_a_request_and_writing_again_brings_it_back(help_asked, client, post):
    help_asked.says(NOA, "STOP")
    done = help_asked.told(NOA, "command_done")
    assert "Nous ne vous écrirons plus" in done and "« retirer ma demande »" in done
    assert undo_offered(help_asked, NOA) == "reprendre les courriels"
    assert "Noa Fictif ne veut plus recevoir de courriels" in help_asked.told(COORDINATOR, "person_stopped")
    before = help_asked.count(NOA)
    help_asked.says(COORDINATOR, "Bonjour Noa, voici la réponse.", "request_to_coordinator")
    assert help_asked.count(NOA) == before
    assert "vos mots ne sont pas partis par courriel" in help_asked.told(COORDINATOR, "words_wait")
    assert "voici la réponse" in client.page(post.last(NOA, "request_received").link("d")).text
    sign_in(client, post)
    assert "Ne veut plus de courriels" in client.page("/coordination/AIDE-2027-0001").text
    help_asked.says(NOA, "Finalement je veux bien la suite.", "command_done")
    help_asked.says(COORDINATOR, "La voici.", "message_relayed")
    assert "La voici." in help_asked.told(NOA, "message_relayed")


def test_mail_is_taken_up_again_by_the_words_of_the_confirmation(help_asked):
    help_asked.says(NOA, "stop")
    help_asked.says(NOA, "Reprendre les courriels", "command_done")
    assert "Vous recevrez de nouveau" in help_asked.told(NOA, "command_done")
    help_asked.says(COORDINATOR, "Voici.", "request_to_coordinator")
    assert "Voici." in help_asked.told(NOA, "message_relayed")


def test_who_said_stop_still_gets_what_ends_the_request(help_asked):
    help_asked.says(NOA, "stop")
    help_asked.says(COORDINATOR, "/refuser Hors du champ du réseau", "request_to_coordinator")
    assert "Hors du champ" in help_asked.told(NOA, "ended")


def test_an_employer_who_said_stop_still_gets_what_asks_for_their_decision(app, client, post, clock):
    story = immersion(app, client, post, clock)
    story.says(COORDINATOR, "accepter")
    story.says(ANDREA, "stop")
    assert "Andréa Direction (Structure Exemple B) ne veut plus" in story.told(COORDINATOR, "person_stopped")
    story.says(COORDINATOR, "/refuser Erreur", "request_to_coordinator")
    assert story.post.last(ANDREA).letter == "immersion/not_possible"
    story.says(COORDINATOR, "/rouvrir", "request_to_coordinator")
    assert story.count(ANDREA, "request_reopened") == 0, "news is not"
    with app.app_context():
        assert db.session.scalar(select(Participant.muted_at).where(Participant.email == ANDREA)) is not None


def test_stop_before_the_address_is_confirmed_ends_the_reminder(app, client, post, clock):
    from services import submission
    send(client, "/aide", AIDE)
    story = Story(app, client, post, clock)
    story.says(NOA, "stop")
    assert post.to(COORDINATOR) == [], "nobody is told of a request that was not confirmed"
    clock.advance(days=3)
    with app.app_context():
        submission.remind_unconfirmed(clock.now)
    assert story.count(NOA, "confirmation_reminder") == 0


def test_stop_by_the_button_does_the_same(help_asked, client, post):
    mine = post.last(NOA, "request_received").link("d")
    press(client, f"{mine}/stop")
    assert "Recevoir de nouveau les courriels" in client.page(mine).text
    press(client, f"{mine}/reprendre-courriels")
    assert "Ne plus recevoir de courriels" in client.page(mine).text
