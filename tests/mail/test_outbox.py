"""A letter in the outbox: the exact bytes that will leave, written with what caused them."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default

import pytest
from cast import COORDINATOR, NOA
from house.letters.exchanging import WAYS
from house.letters.invented import NETWORK, URL
from roads.stories import confirmed, form, letters, planted, who
from setting import databases
from sqlalchemy import select

from mail import outbox
from mail.addresses import ReplyAddress, read_address
from mail.letter import Attachment, Letter
from mail.letters import coordination, immersion
from models.base import db, transaction
from models.outbox import OutboxMessage
from models.states import Kind
from services import submission
from services.inbound.items import Item

NASTY = "Ève\r\nBcc: victime@ailleurs.example\r\n\r\n<b>bonjour"


def _letter(**changes) -> Letter:
    values = {"name": "test/essai", "subject": "Essai", "text": "Bonjour", "html": "<p>Bonjour</p>"} | changes
    return Letter(**values)


def _parsed(row: OutboxMessage):
    return message_from_bytes(row.raw, policy=default)


def test_a_letter_is_written_in_a_transaction_or_not_at_all(context, clock):
    with pytest.raises(outbox.OutsideTransaction):
        outbox.post_to_address(_letter(), NOA, "Noa", clock.now)
    dossier = confirmed(Kind.ENTRAIDE, clock.now)
    written = len(letters())
    with pytest.raises(outbox.OutsideTransaction):
        outbox.post(_letter(), dossier.author, clock.now)
    db.session.rollback()
    assert len(letters()) == written


@databases("sqlite", "postgresql")
def test_what_fails_after_the_letter_takes_the_letter_with_it_and_wakes_nobody(context, clock):
    woken = []
    context.extensions["wake_sender"] = lambda: woken.append(1)
    with pytest.raises(ZeroDivisionError), transaction():
        outbox.post_to_address(_letter(), NOA, "Noa", clock.now)
        raise ZeroDivisionError
    assert (letters(), woken) == ([], [])
    with transaction():
        outbox.post_to_address(_letter(), NOA, "Noa", clock.now)
        outbox.post_to_address(_letter(), COORDINATOR, "Alix", clock.now)
    assert (len(letters()), woken) == (2, [1]), "once, after the commit"


def test_the_message_id_is_fixed_before_the_first_try(context, clock):
    with transaction():
        row = outbox.post_to_address(_letter(), NOA, "Noa", clock.now)
    assert re.fullmatch(r"<20270111080000\.[0-9a-f]{20}@ring\.example>", row.message_id)
    assert _parsed(row)["Message-ID"] == row.message_id
    with transaction():
        other = outbox.post_to_address(_letter(), NOA, "Noa", clock.now)
    assert other.message_id != row.message_id


@pytest.mark.parametrize("name", [
    "Noa Fictif", "Zoë Lœwenstein-N’Guyên", "O'Brien, \"Bob\" <x@y.example>", "名前", "a" * 300, "", "  ", "=?utf-8?q?x?=",
    "a;b:c,d@e",
    "🙂 Noa", "Noa\u202eelbuod", NASTY,
])
def test_any_name_makes_a_header_that_reads_back(context, clock, name):
    with transaction():
        row = outbox.post_to_address(_letter(), NOA, name, clock.now)
    mail = _parsed(row)
    assert [a.addr_spec for a in mail["To"].addresses] == [NOA]
    assert mail["Bcc"] is None and mail["Cc"] is None
    assert not mail.defects and not mail["To"].defects
    shown = mail["To"].addresses[0].display_name
    assert shown == re.sub(r"[\r\n\x00-\x1f\x7f]", " ", name)[:100].strip() or " " in name
    assert all(len(line) <= 998 for line in row.raw.split(b"\r\n"))


@pytest.mark.parametrize("title", ["Une « question » : Zoë ?", NASTY, "x" * 400, "\x00\x07cloche", "名前" * 60,
                                   "ligne\u2028suivante"])
def test_no_title_can_add_a_header(context, clock, title):
    submission.submit(form(title=title), "1.2.3.4", clock.now)
    submission.confirm(re.search(r"/confirmer/([\w-]+)", _text(letters()[0]))[1], clock.now)
    for row in letters():
        mail = _parsed(row)
        assert mail["Bcc"] is None
        assert set(mail.keys()) <= {"Subject", "From", "To", "Reply-To", "Date", "Message-ID", "References", "In-Reply-To",
                                    "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Type", "MIME-Version"}
        assert mail["Subject"].startswith("[AIDE-2027-0001] ")
        assert "\n" not in mail["Subject"] and "\r" not in row.subject
        assert not mail.defects


def _text(row: OutboxMessage) -> str:
    return _parsed(row).get_body(("plain",)).get_content()


def test_an_address_that_is_two_lines_is_no_address(context, clock):
    with pytest.raises(ValueError), transaction():
        outbox.post_to_address(_letter(), "noa@x.example\r\nBcc: victime@ailleurs.example", "Noa", clock.now)
    db.session.rollback()
    assert letters() == []


@pytest.mark.parametrize("words", ["Été\u00a0: œuf — « naïf » 🙂", "x" * 5000, ".\n.\nFrom moi\n", "fin\n\n\n", "tab\tet = signe",
                                   "ligne  \navec espaces  ", "名" * 900])
def test_words_travel_in_seven_bits_and_arrive_as_they_were(context, clock, words):
    with transaction():
        row = outbox.post_to_address(_letter(text=words, html=f"<p>{words}</p>"), NOA, "Noa", clock.now)
    assert all(byte < 128 for byte in row.raw)
    lines = row.raw.split(b"\r\n")
    assert all(len(line) <= 998 for line in lines)
    assert b"\n" not in row.raw.replace(b"\r\n", b"") and b"\r" not in row.raw.replace(b"\r\n", b"")
    assert _text(row).replace("\r\n", "\n").rstrip("\n") == words.rstrip("\n")


def test_files_arrive_whole_under_their_name(context, clock):
    content = bytes(range(256)) * 40
    files = (Attachment("Été « plan ».pdf", "application/pdf", content), Attachment("notes.txt", "text/plain", "é\n".encode()),
             Attachment("x" * 200 + ".bin", "application/octet-stream", b""))
    with transaction():
        row = outbox.post_to_address(_letter(attachments=files), NOA, "Noa", clock.now)
    parts = list(_parsed(row).iter_attachments())
    assert [part.get_filename() for part in parts] == [file.filename for file in files]
    assert [part.get_content_type() for part in parts] == [file.media_type for file in files]
    assert [part.get_payload(decode=True) for part in parts] == [file.content for file in files]
    assert all(byte < 128 for byte in row.raw)


def test_the_answer_comes_back_to_the_right_conversation_and_person(context, clock):
    dossier = planted(Kind.IMMERSION, "host_asked", clock.now)
    coordinator, host = who(dossier, "coordinator"), who(dossier, "host")
    with transaction():
        row = outbox.post(_letter(), coordinator, clock.now, answer_for=host)
    secret = context.extensions["ring"].settings.SECRET_KEY
    reply = _parsed(row)["Reply-To"].addresses[0]
    assert read_address(reply.addr_spec, secret) == ReplyAddress(coordinator.id, host.id)
    assert read_address(row.envelope_from, secret) == ReplyAddress(coordinator.id, 0, bounce=True)
    assert _parsed(row)["From"].addresses[0].addr_spec == "reseau@ring.example", "always our own domain (DMARC)"
    assert host.email not in row.raw.decode("ascii")


def test_letters_of_a_dossier_hold_together_in_each_persons_mailbox(context, clock):
    dossier = planted(Kind.IMMERSION, "submitted", clock.now)
    with transaction():
        people = (dossier.author, dossier.coordinators[0])
        rows = [outbox.post(_letter(), person, clock.now) for _ in range(3) for person in people]
        db.session.flush()
    mine, theirs = rows[0::2], rows[1::2]
    for thread, other in ((mine, theirs), (theirs, mine)):
        roots = {_parsed(row)["References"].split()[0] for row in thread}
        assert len(roots) == 1
        assert not roots & {_parsed(row)["References"].split()[0] for row in other}, "nobody's letters are named to another"
        assert [_parsed(row)["In-Reply-To"] for row in thread] == [None, *(row.message_id for row in thread[:-1])]


def test_machines_are_told_not_to_answer_and_peoples_words_are_not_marked_so(context, clock):
    with transaction():
        ours = outbox.post_to_address(_letter(), NOA, "Noa", clock.now)
        human = outbox.post_to_address(_letter(automatic=False), NOA, "Noa", clock.now)
    assert _parsed(ours)["Auto-Submitted"] == "auto-generated"
    assert _parsed(human)["Auto-Submitted"] is None


def test_what_a_person_wrote_can_become_neither_a_link_nor_markup(context, clock):
    dossier = planted(Kind.IMMERSION, "submitted", clock.now)
    words = ("[cliquez](http://mal.example) <a href='http://mal.example'>ici</a> **gras** # titre\n---\n"
             "<script>1</script>{{ 7*7 }}\ue000A41\ue001")
    letter = immersion.employer_to_agree(NETWORK, dossier, who(dossier, "employer"), URL, words)
    assert 'href="http://mal.example' not in letter.html and "href='http://mal" not in letter.html
    assert "<script" not in letter.html and "<strong>gras" not in letter.html and "49" not in letter.text
    assert "&lt;script&gt;" in letter.html
    assert "{{ 7*7 }}" in letter.text


def test_a_mail_from_a_stranger_is_told_without_being_trusted(context):
    item = Item(1, "<script>@x.example", "Re: [x](http://mal.example)\r\nBcc: y", "inconnu", "courrier+a@ring.example",
                "http://localhost/coordination/courriels/1")
    letter = coordination.digest(NETWORK, "Alix", [coordination.Told("Un courriel", "lundi", "", URL, item)], 0, URL, WAYS)
    assert "<script>@" not in letter.html and 'href="http://mal' not in letter.html


@databases("sqlite", "postgresql")
def test_the_outbox_row_says_what_the_bytes_say(context, clock):
    confirmed(Kind.ENTRAIDE, clock.now)
    for row in db.session.scalars(select(OutboxMessage)):
        mail = _parsed(row)
        assert [a.addr_spec for a in mail["To"].addresses] == [row.recipient]
        assert str(mail["Subject"]).endswith(row.subject.replace("\u00a0", "\u00a0"))
        assert row.state == "due" and row.attempts == 0
