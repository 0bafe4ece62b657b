"""Where a mail belongs, what is kept of it and of its files: mails of tests/inbox/messages, addressed to a true request."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cast import COORDINATOR, NOA
from roads.stories import confirmed, letters, said_in
from sqlalchemy import select

from inbox import receive
from mail.addresses import ReplyAddress, write_address
from models.base import db
from models.conversation import Message
from models.inbound import InboundMessage
from models.instance import instance
from models.states import Kind
from models.stored_file import StoredFile
from services.files import read_content

MESSAGES = Path(__file__).parent / "messages"
PASS = "ring.example; dkim=pass header.d=structure-b.example; dmarc=pass header.from=structure-b.example"


@pytest.fixture
def dossier(context, clock):
    """Noa's request for help, with the letters she and the coordination received."""
    return confirmed(Kind.ENTRAIDE, clock.now)


@pytest.fixture
def take(dossier, clock):
    """Receive a message of the folder, its places filled in; gives what became of it."""
    ring = instance()
    author = dossier.author

    def address(to: ReplyAddress) -> str:
        return write_address(to, ring.settings.SECRET_KEY, "ring.example")

    known = {"reponse": address(ReplyAddress(author.id)), "retour": address(ReplyAddress(author.id, 0, bounce=True)),
             "lettre": letters(NOA)[-1].message_id, "reference": dossier.reference}

    def take(name: str, change=str, **given: str) -> InboundMessage:
        text = change((MESSAGES / name).read_text("utf-8"))
        for key, value in {**known, **given}.items():
            text = text.replace("{" + key + "}", value.format(**known) if "{" in value else value)
        return db.session.get(InboundMessage, receive(text.encode("utf-8"), "test", clock.now))
    return take


def words() -> list[str]:
    return list(db.session.scalars(select(Message.body).order_by(Message.id)))


def files() -> list[tuple[str, str]]:
    return [(row.name, row.media_type) for row in db.session.scalars(select(StoredFile).order_by(StoredFile.id))]


@pytest.mark.parametrize("name", ["To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To",
                                  "X-Forwarded-To", "Apparently-To", "Resent-To"])
def test_the_signed_address_is_found_in_every_header_that_may_carry_it(take, name):
    row = take("reply_by_header.eml", header=f"{name}: <{{reponse}}>", header_name=name)
    assert (row.state, words()) == ("done", ["Bonjour,\n\nJ'ai une précision : la personne a un téléphone."])


def test_the_signed_address_is_read_whatever_a_server_did_to_its_case(take):
    reply = write_address(ReplyAddress(letters(NOA)[-1].participant_id), instance().settings.SECRET_KEY, "ring.example")
    assert take("reply_by_header.eml", header=f"To: {reply.upper()}", header_name="capitales").state == "done"


@pytest.mark.parametrize(("in_reply_to", "references"), [
    ("{lettre}", ""), ("", "{lettre}"), ("", "<a@x.example>,{lettre},<b@x.example>"),
    ("<autre@x.example>", " ".join(f"<{i}@x.example>" for i in range(40)) + " {lettre}"),
])
def test_without_address_the_letters_it_answers_say_where_a_reply_belongs(take, in_reply_to, references):
    assert take("reply_with_thread_only.eml", in_reply_to=in_reply_to, references=references).state == "done"
    assert words() == ["Mon serveur perd les adresses longues, voici ma réponse."]


def test_only_the_last_five_references_are_looked_up(take):
    far = "{lettre} " + " ".join(f"<{i}@x.example>" for i in range(9))
    assert take("reply_with_thread_only.eml", in_reply_to="<x@x.example>", references=far).state == "quarantined"


def test_a_made_up_root_of_a_thread_leads_nowhere(take, dossier):
    root = f"<dossier-{dossier.id}-{dossier.author.id}@ring.example>"
    assert take("reply_with_thread_only.eml", in_reply_to=root, references=root).state == "quarantined"


def test_the_reference_in_the_subject_is_not_enough(take):
    for number, results in enumerate((PASS, "autre.example; dmarc=pass", "ring.example; dmarc=none")):
        row = take("reply_by_subject.eml", lambda text, n=number: text.replace("<objet@", f"<objet{n}@"), results=results)
        assert (row.state, words()) == ("quarantined", [])
    assert "rien ne prouve" in row.reason
    assert "ne prouve" in said_in(letters(COORDINATOR, "digest")[-1])


@pytest.fixture
def known_server(context):
    """An operator who named the mail server in front."""
    ring = instance()
    context.extensions["ring"] = replace(ring, settings=replace(ring.settings, MAIL_AUTHSERV_ID="ring.example"))
    yield
    context.extensions["ring"] = ring


def test_the_reference_in_the_subject_is_taken_where_our_server_vouches_for_a_person_of_the_request(known_server, take):
    assert take("reply_by_subject.eml", results="ring.example; dmarc=none").state == "quarantined"
    assert take("reply_by_subject.eml", lambda text: text.replace("<objet@", "<objet2@"), results=PASS).state == "done"
    assert words() == ["Je vous écris d'un nouveau message, au sujet de ma demande."]


def test_the_subject_says_nothing_of_a_request_the_sender_has_no_part_in(known_server, take):
    row = take("reply_by_subject.eml", results=PASS, reference="AIDE-2026-9999")
    assert (row.state, words()) == ("quarantined", [])
    assert "aucun échange" in row.reason


@pytest.mark.parametrize(("results", "state"), [
    ("ring.example; dmarc=fail header.from=structure-b.example", "quarantined"),
    ("ring.example; dmarc=pass header.from=structure-b.example", "done"),
    ("relais.example; dmarc=fail", "done"),
])
def test_a_sender_our_own_server_could_not_verify_is_shown_to_a_person(take, results, state):
    row = take("forged_sender.eml", results=results)
    assert (row.state, len(words())) == (state, int(state == "done"))
    assert ("imitée" in row.reason) == (state == "quarantined")


def test_somebody_else_with_the_signed_address_waits_for_the_word_of_the_person_expected(take):
    row = take("stranger_with_token.eml")
    assert (row.state, words()) == ("waiting", [])


def test_a_person_in_copy_gets_no_right(take):
    assert take("person_in_copy.eml").state == "quarantined"
    assert words() == []


def test_the_vacation_answer_that_goes_to_the_return_address_reaches_nobody(take):
    row = take("vacation_to_return_address.eml")
    assert (row.state, words()) == ("ignored", [])
    assert "automatic" in row.reason


def test_a_report_is_known_by_the_return_address_whatever_it_says(take):
    row = take("report_to_return_address.eml")
    assert (row.state, words()) == ("ignored", [])
    assert "non-remise" in row.reason


def test_the_report_of_an_old_server_is_read(take):
    assert "5.1.1" in take("report_kept_by_old_server.eml").reason


def test_a_delay_is_told_from_a_failure(take):
    assert "retardée" in take("delay_warning.eml").reason


def test_our_own_letter_redirected_to_us_is_not_an_answer(take):
    row = take("redirected_own_letter.eml")
    assert (row.state, words()) == ("ignored", [])


def test_a_reply_with_only_a_file_is_an_answer(take):
    assert take("only_a_file.eml").state == "done"
    assert files() == [("scan.pdf", "application/pdf")]


def test_refused_files_are_named_to_the_sender_with_the_reason_and_the_others_kept(take):
    assert take("refused_files.eml").state == "done"
    assert files() == [("notes de réunion.txt", "text/plain")]
    told = said_in(letters(NOA, "reply_not_taken")[-1])
    assert "facture.pdf" in told and "programme" in told
    assert "page" in told and "page web" in told


def test_too_many_files_are_told_to_the_sender(take):
    part = ("--b\nContent-Type: text/plain; name=\"f{n}.txt\"\nContent-Disposition: attachment; filename=\"f{n}.txt\"\n\n"
            "contenu {n}\n")
    many = "".join(part.replace("{n}", str(n)) for n in range(25))
    row = take("only_a_file.eml", lambda text: text.replace("--b--", f"{many}--b--"))
    assert row.state == "done"
    assert len(files()) == 20
    assert "f24.txt" in said_in(letters(NOA, "reply_not_taken")[-1])


def test_the_files_of_an_attached_mail_are_within_reach_and_its_words_readable(take):
    assert take("attached_mail_with_a_scan.eml").state == "done"
    assert files() == [("Convention signée.eml.txt", "text/plain"), ("convention.pdf", "application/pdf")]
    shown = read_content(db.session.scalars(select(StoredFile).order_by(StoredFile.id)).first()).decode()
    assert "Andréa Direction <direction@structure-b.example>" in shown
    assert "Voici la convention signée." in shown


def test_an_answer_in_html_alone_is_read_and_its_quote_kept_apart(take):
    assert take("html_only.eml").state == "done"
    message = db.session.scalars(select(Message)).one()
    assert message.body == "Oui, d'accord.\nMerci\nNoa"
    assert "pouvez-vous préciser" in message.elided


def test_a_forwarded_answer_is_whole(take):
    assert take("forwarded_answer.eml").state == "done"
    assert "Le mandat doit être écrit." in words()[0]


def test_the_same_file_sent_twice_lies_once_on_disk(take, clock):
    take("only_a_file.eml")
    clock.advance(hours=1)
    take("only_a_file.eml", lambda text: text.replace("<fichier@", "<fichier2@"))
    rows = db.session.scalars(select(StoredFile)).all()
    assert len(rows) == 2
    assert len({row.sha256 for row in rows}) == 1

