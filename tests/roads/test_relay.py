"""What passes from one person to another, and what does not (study on mail, 1.4: rows 17 to 19, 24, 31 and 33)."""

from __future__ import annotations

import pytest
from cast import press, sign_in
from roads.correspondents import COORDINATOR, DEPUTY, NOA
from sqlalchemy import select

from models.base import db
from models.conversation import Message
from models.inbound import InboundMessage
from models.stored_file import StoredFile

SIGNED = ("Voici ma réponse.\n\nCordialement,\nNoa Fictif\nMédiateur numérique, Structure Exemple B\nTél. 06 39 98 00 01\n"
          "noa@structure-b.example")
HEAVY = b"%PDF-1.7 " + bytes(range(256)) * 34_000  # a little more than 8 MB


def raw_to(story, address: str) -> bytes:
    return b"\n".join(item.raw for item in story.post.to(address))


def body(story) -> Message:
    return db.session.scalar(select(Message).order_by(Message.id.desc()))


# --- 17, 18: what is cut is kept, and can be unfolded ---------------------------------------------------------------------

def test_quote_trimming_keeps_what_it_cut_viewable_by_the_coordination(help_asked, client, post):
    help_asked.says(COORDINATOR, "Bonjour Noa, une première piste.")
    help_asked.says(NOA, SIGNED, "message_relayed")
    with help_asked.app.app_context():
        kept = body(help_asked)
        assert kept.body == "Voici ma réponse.\n\nCordialement,\nNoa Fictif"
        assert "06 39 98 00 01" in kept.elided and "une première piste" in kept.elided
    sign_in(client, post)
    page = client.page("/coordination/AIDE-2027-0001")
    assert "06 39 98 00 01" in " ".join(item.text for item in page.select(".conversation details"))


def test_what_was_cut_from_the_coordinations_mail_is_not_shown_to_the_person(help_asked, client):
    help_asked.says(COORDINATOR, "Voici la réponse.\n\nBien à vous\nAlix\nLigne directe 04 65 71 00 99\n" + COORDINATOR)
    page = client.page(help_asked.post.last(NOA, "message_relayed").link("d").removesuffix("/resolu")).text
    assert "Voici la réponse" in page and "04 65 71 00 99" not in page and COORDINATOR not in page


def test_the_coordinations_own_signature_does_not_leave(help_asked):
    help_asked.says(COORDINATOR, f"Voici la réponse.\n\nBien à vous\nAlix\nLigne directe 04 65 71 00 99\n{COORDINATOR}")
    letter = help_asked.post.last(NOA, "message_relayed")
    assert "Bien à vous" in letter.text and "04 65 71 00 99" not in letter.text + letter.html


# --- 19: only a file --------------------------------------------------------------------------------------------------------

def test_a_reply_with_only_a_file_is_valid(help_asked):
    help_asked.says(NOA, "", files=(("scan.pdf", "application/pdf", b"%PDF-1.7 signed"),))
    letter = help_asked.post.last(COORDINATOR, "message_relayed")
    assert letter.files[0][0] == "scan.pdf" and "voir les pièces jointes" in letter.text


def test_files_too_heavy_for_a_mail_stay_on_the_page_and_the_letter_says_so(help_asked, client, post):
    help_asked.says(NOA, "Voici le plan.", files=(("plan.pdf", "application/pdf", HEAVY),))
    letter = help_asked.post.last(COORDINATOR, "message_relayed")
    assert not letter.files and len(letter.raw) < 100_000
    assert "trop lourd pour un courriel" in letter.text and "plan.pdf" in letter.text
    sign_in(client, post)
    link = client.page("/coordination/AIDE-2027-0001").select_one(".files a")["href"]
    assert client.get(link).data == HEAVY


def test_files_that_fit_travel_with_the_words(help_asked):
    help_asked.says(NOA, "Voici.", files=(("plan.pdf", "application/pdf", HEAVY[:8_000_000]),))
    letter = help_asked.post.last(COORDINATOR, "message_relayed")
    assert letter.files[0][2] == HEAVY[:8_000_000] and "Avec ce fichier : plan.pdf" in letter.text.replace("\u00a0", " ")


# --- 24: people in copy -----------------------------------------------------------------------------------------------------

def test_people_in_copy_are_noted_get_no_right_and_are_not_written_to(help_asked, client, post):
    help_asked.says(NOA, "Je mets ma collègue en copie.", headers={"Cc": "Jo <jo@structure-b.example>, chef@structure-b.example"})
    assert post.to("jo@structure-b.example") == post.to("chef@structure-b.example") == []
    with help_asked.app.app_context():
        dossier = help_asked.dossier
        assert {p.email for p in dossier.participants} == {NOA, COORDINATOR}
        entry = next(e for e in dossier.journal if e.kind == "copied")
        assert entry.facts == {"count": 2} and "(2)" in entry.sentence
        assert "jo@structure-b.example, chef@structure-b.example" in body(help_asked).elided
    assert "structure-b.example" not in help_asked.post.last(COORDINATOR, "message_relayed").text
    row = help_asked.says(NOA, "/clore", sender="jo@structure-b.example")
    assert row.state == "waiting" and help_asked.state == "submitted"
    sign_in(client, post)
    assert "en copie" in client.page("/coordination/AIDE-2027-0001").text


def test_nobody_is_counted_in_copy_of_an_ordinary_answer(help_asked):
    help_asked.says(NOA, "Bonjour")
    assert "copied" not in help_asked.journal


# --- 33: addresses ----------------------------------------------------------------------------------------------------------

def test_relays_never_expose_an_address_and_from_is_always_ours(help_asked):
    help_asked.says(COORDINATOR, "Bonjour Noa, écrivez-moi.")
    help_asked.says(NOA, SIGNED, "message_relayed")
    help_asked.says(COORDINATOR, f"Bien reçu de {NOA}, de {COORDINATOR}.", "message_relayed")
    for mine, other in ((NOA, COORDINATOR), (COORDINATOR, NOA)):
        raw = raw_to(help_asked, mine)
        assert other.encode() not in raw
        assert all(str(help_asked.headers(mine)["From"]).endswith("<reseau@ring.example>") for _ in [0])
    assert "Bien reçu de noa@structure-b.example, de Alix Coordination." in help_asked.told(NOA, "message_relayed"), (
        "the reader's own address is no secret to them")


@pytest.mark.parametrize(("words", "relayed"), [
    ("Écrivez à noa@structure-b.example.", "Écrivez à Noa Fictif."), ("<NOA@Structure-B.example>", "<Noa Fictif>"),
    ("L’adresse est 'noa@structure-b.example' !", "L’adresse est 'Noa Fictif' !"),
    ("Le service : contact@caf.example x-noa@structure-b.example", "Le service : contact@caf.example x-noa@structure-b.example"),
])
def test_a_participants_address_inside_words_becomes_their_name_and_other_addresses_stay(help_asked, words, relayed):
    help_asked.says(NOA, words)
    assert relayed in help_asked.told(COORDINATOR, "message_relayed").replace("\u00a0", " ")
    with help_asked.app.app_context():
        assert body(help_asked).body == words, "what was written is kept as it was"


def test_a_reason_given_with_a_decision_leaks_no_address_either(help_asked, client, post):
    help_asked.says(COORDINATOR, f"/refuser Voyez avec {DEPUTY} ou {COORDINATOR}")
    letter = help_asked.post.last(NOA, "ended")
    assert COORDINATOR not in letter.text and f"Voyez avec {DEPUTY} ou Alix Coordination" in " ".join(letter.text.split()), (
        "Charlie takes no part in this request")


def test_a_personal_link_left_in_a_quote_is_taken_out(help_asked):
    """Whoever has a coordinator's link is that coordinator: it must not reach anybody else."""
    link = help_asked.post.last(COORDINATOR).link("d")
    other = "https://drive.example/d/" + "a" * 43
    help_asked.says(COORDINATOR, f"Regardez http://localhost{link} ou https://passerelle.example/?u=http%3A%2F%2Flocalhost"
                                 f"{link.replace('/', '%2F')} et {other}")
    letter = help_asked.post.last(NOA, "message_relayed")
    token = link.split("/")[2]
    assert token not in letter.text + letter.html and letter.text.count("[lien personnel") == 2
    assert other in " ".join(letter.text.split())


def test_our_own_addresses_left_in_a_quote_are_taken_out(help_asked):
    reply = str(help_asked.headers(COORDINATOR)["Reply-To"].addresses[0].addr_spec)
    help_asked.says(COORDINATOR, f"Vous pouvez écrire à {reply} aussi.")
    assert reply not in help_asked.post.last(NOA, "message_relayed").text
    assert "écrire à Réseau Exemple aussi" in help_asked.told(NOA, "message_relayed")


def test_words_written_on_the_page_are_relayed_with_the_same_care(help_asked, client, post):
    sign_in(client, post)
    base = "/coordination/AIDE-2027-0001"
    answer = client.fill(client.get(base), f"{base}/repondre", **{"repondre-words": f"De la part de {COORDINATOR}"})
    assert answer.status_code == 303
    letter = help_asked.post.last(NOA, "message_relayed")
    assert COORDINATOR not in letter.text and "De la part de Alix Coordination" in letter.text
    assert COORDINATOR not in client.page(letter.link("d").removesuffix("/resolu")).text


# --- 31: after the end ------------------------------------------------------------------------------------------------------

def test_a_human_word_reopens_what_ended_lately_and_an_automatic_one_never_does(help_asked):
    help_asked.says(COORDINATOR, "/clore")
    help_asked.clock.advance(days=80)
    help_asked.says(NOA, "Absente jusqu’au 3 mai.", headers={"Auto-Submitted": "auto-replied"})
    assert help_asked.state == "closed"
    help_asked.says(NOA, "Finalement, une question reste.")
    assert help_asked.state == "in_progress" and help_asked.count(NOA, "request_over") == 0


def test_words_about_a_request_that_ended_long_ago_are_kept_told_and_answered_politely(help_asked, client, post):
    help_asked.says(COORDINATOR, "/clore\nBonne suite.")
    help_asked.clock.advance(days=91)
    help_asked.says(NOA, "Bonjour, la question revient.", files=(("scan.pdf", "application/pdf", b"%PDF-1.7 x"),))
    help_asked.says(NOA, "Vous m’avez lue ?", "ended")
    assert help_asked.state == "closed" and "wrote_late" in help_asked.journal
    assert help_asked.count(NOA, "request_over") == 1, "once a day"
    notice = help_asked.post.last(NOA, "request_over")
    assert "terminée depuis le lundi 11 janvier 2027" in " ".join(notice.text.replace("\u00a0", " ").split())
    assert "http://localhost/aide" in notice.text
    told = help_asked.post.to(COORDINATOR)
    relayed = [item for item in told if item.letter.endswith("/message_relayed")]
    assert len(relayed) == 2 and "Cette demande est terminée depuis" in relayed[0].text and relayed[0].files
    assert "rouvrir" in relayed[0].text
    sign_in(client, post)
    assert "AIDE-2027-0001" in client.page("/coordination/").text, "it waits for the coordination"
    help_asked.says(COORDINATOR, "/rouvrir", "message_relayed")
    assert help_asked.state == "in_progress"


def test_a_coordinator_who_answers_long_after_takes_the_request_up_again(help_asked):
    help_asked.says(COORDINATOR, "/clore")
    help_asked.clock.advance(days=120)
    help_asked.says(COORDINATOR, "Une nouvelle réponse pour vous.", "command_done")
    assert "nouvelle réponse" in help_asked.told(NOA, "message_relayed") and help_asked.state == "in_progress"


def test_everything_that_came_is_kept_as_it_came(help_asked):
    for words in (SIGNED, "/clore", "stop"):
        help_asked.says(NOA, words, "request_received")
    with help_asked.app.app_context():
        assert db.session.query(InboundMessage).count() == 3 and not db.session.query(StoredFile).count()
        assert all(row.raw for row in db.session.scalars(select(InboundMessage)))


def test_a_button_in_the_relayed_letter_still_works(help_asked, client):
    help_asked.says(COORDINATOR, "Voici.")
    press(client, help_asked.post.last(NOA, "message_relayed").link("d"))
    assert help_asked.state == "resolved"
