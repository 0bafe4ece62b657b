"""Who takes care of a request, by a word in a reply or on the page: taken, handed over, and not by who is no colleague."""

from __future__ import annotations

from cast import press, sign_in
from pages import soup
from roads.correspondents import COORDINATOR, DEPUTY, NOA, THIRD, camille, undo_offered, with_network
from setting import at_once, databases

from inbox import receive
from models.base import db
from models.outbox import OutboxMessage
from services import acting, mailbox_reply
from services.errors import AlreadyDone

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
