"""Reading a mail: whatever its bytes are, the reader gives what it holds and never raises."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.apart import apart
from inbox.parse import MAX_PARTS, ParsedMail, parse

CASES = Path(__file__).parent / "messages"
SHARED = Path(__file__).parents[2].parent / "shared" / "fixtures" / "mail"
needs_public_mails = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder of public mails is not here")


def case(name: str) -> ParsedMail:
    return parse((CASES / name).read_bytes())


def test_every_text_part_is_kept_when_a_picture_stands_between_them():
    mail = case("text_image_text.eml")
    assert mail.text == "Voici la salle :\n\nElle est libre mardi."
    assert [(item.filename, item.inline) for item in mail.attachments] == [("salle.png", False)]


def test_a_pdf_inside_the_alternative_is_not_lost():
    mail = case("pdf_in_alternative.eml")
    assert mail.text.strip() == "Voici la convention."
    assert not mail.text_from_html
    assert [item.filename for item in mail.attachments] == ["convention signée.pdf"]
    assert mail.attachments[0].content.startswith(b"%PDF-1.7")


def test_a_signature_logo_is_set_apart_from_the_files_sent():
    mail = case("logo_in_signature.eml")
    assert [(item.filename, item.inline) for item in mail.attachments] == [
        ("logo.png", True), ("convention signée.pdf", False)]
    assert mail.text_from_html
    assert mail.text.startswith("Oui pour mardi.")


@pytest.mark.parametrize(("name", "subject", "text"), [
    ("lying_charset.eml", "Réponse à l’atelier", "Été à Nîmes – c’est noté."),
    ("unknown_charset.eml", "Café", "Café à 10 h."),
])
def test_a_wrong_or_unknown_charset_is_repaired(name, subject, text):
    mail = case(name)
    assert (mail.subject, mail.text.strip()) == (subject, text)


def test_an_attached_message_is_listed_with_its_subject_for_name():
    mail = case("attached_message.eml")
    assert mail.text.strip() == "Voir le message joint."
    assert [(item.filename, item.declared_type) for item in mail.attachments] == [
        ("Besoin d'un vidéoprojecteur.eml", "message/rfc822")]
    assert mail.forwarded


def test_addresses_are_read_in_every_header_that_may_carry_the_token():
    mail = parse(
        b"From: \"Vrai Nom via x@piege.example\" <Alice@Asso.Example>\r\nTo: Un <un@a.example>, deux@a.example\r\n"
        b"Delivered-To: D+tok@r.example\r\nX-Original-To: o@r.example\r\nEnvelope-To: e@r.example\r\n"
        b"X-Envelope-To: xe@r.example\r\nX-Forwarded-To: xf@r.example\r\nApparently-To: ap@r.example\r\n"
        b"Resent-To: rt@r.example\r\nCc: c@a.example\r\n\r\nx")
    assert mail.sender_address == "alice@asso.example"
    assert mail.from_addresses == ("alice@asso.example",)
    assert mail.recipients == (
        "un@a.example", "deux@a.example", "c@a.example", "d+tok@r.example", "o@r.example", "e@r.example",
        "xe@r.example", "xf@r.example", "ap@r.example", "rt@r.example")


def test_reply_to_is_never_taken_for_the_sender():
    assert parse(b"From: <>\nReply-To: x@y.example\n\nx").sender_address == ""


def test_threads_are_read_when_exchange_parts_the_references_with_commas():
    mail = parse(b"In-Reply-To: <a@x> (note)\nReferences: <r@x>,<s@x>\n\t<t@x> <r@x>\n\nx")
    assert mail.in_reply_to == "<a@x>"
    assert mail.references == ("<r@x>", "<s@x>", "<t@x>")


def test_a_mail_without_message_id_gets_the_same_one_each_time_it_is_read():
    first, second = parse(b"Subject: a\n\nx"), parse(b"Subject: b\n\nx")
    assert first.message_id == parse(b"Subject: a\n\nx").message_id != second.message_id


def test_a_subject_is_one_clean_line_even_when_a_letter_is_cut_between_two_encoded_words():
    mail = parse(b"Subject: =?utf-8?Q?R=C3?=\r\n =?utf-8?Q?=A9union=00?= du\r\n\tmardi =?utf-8?B?w6l0w6k=?=\r\n\r\nx")
    assert mail.subject == "Réunion du mardi été"


def test_a_date_always_has_its_time_zone():
    assert parse(b"Date: Mon, 4 Mar 2024 10:12:33 -0000\n\nx").date.utcoffset() == timedelta(0)
    assert parse(b"Date: Mon, 4 Mar 2024 10:12:33 +0100\n\nx").date.utcoffset() == timedelta(hours=1)
    assert parse(b"Date: Mon, 4 Mar 99999 10:12:33 +9900\n\nx").date is None


def test_nul_and_control_characters_never_reach_the_text():
    mail = parse(b"From: a@b.example\n\nA\x00B\x07\r\nC\x1b[31m")
    assert mail.text == "AB\nC[31m"


def test_lines_of_a_flowed_text_are_joined_and_its_signature_mark_stays():
    mail = parse(b"Content-Type: text/plain; format=flowed\n\nune phrase \nen deux\n> citation \n> longue\n-- \nAlice")
    assert mail.text == "une phrase en deux\n> citation longue\n-- \nAlice"


def test_the_envelope_line_of_a_mailbox_file_is_not_a_header():
    assert parse(b"\r\nFrom alice Mon Mar  4\nSubject: Oui\n\nx").subject == "Oui"


def test_thousands_of_nested_parts_are_noted_before_the_time_at_which_a_message_is_given_up():
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(3000))
    mail = apart(parse, b"Subject: piege\n" + nested + b"\nfin")
    assert mail.subject == "piege"
    assert mail.broken


def test_no_more_parts_than_the_limit_are_read():
    many = b"".join(b"--b\nContent-Type: application/x-file; name=f\n\nx\n" for _ in range(MAX_PARTS * 3))
    mail = parse(b"Content-Type: multipart/mixed; boundary=b\n\n" + many + b"--b--\n")
    assert len(mail.attachments) < MAX_PARTS
    assert "structure: too many parts" in mail.broken


@pytest.mark.parametrize("raw", [
    b"", b"\n", b"\xff\xfe\x00", b"From: " + b"(" * 20_000 + b"\n\nx", b"To: " + b"a" * 300_000 + b"\n\nx",
    b"Message-ID: <[abc]@[x\n\nx", b"Subject: =?utf-8?B?A?= =?utf-8?Q?=Z?=\n\nx",
    b"Content-Type: text/plain; charset=\"punycode\"\n\n" + b"a-" * 50_000,
    b"Content-Type: text/html\n\n" + b"<div>" * 20_000 + b"mot",
    b"Content-Type: text/html\n\n<?xml version='1.0' encoding='utf-8'?><p>mot",
    b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!!!!",
    b"Content-Type: multipart/mixed\n\nmot",
    b"Content-Type: message/rfc822\n\n",
    b"Content-Disposition: attachment; filename*0*=utf-8''%ff; filename*1*=x\n\nx",
])
def test_no_broken_mail_raises_or_hangs(raw):
    assert isinstance(apart(parse, raw), ParsedMail)


def test_a_screenshot_in_the_text_is_a_file_sent_and_the_logo_is_not():
    mail = case("screenshot_in_the_text.eml")
    assert [(item.filename, item.inline) for item in mail.attachments] == [("image001.png", False), ("image002.png", True)]


def test_an_attached_mail_can_be_read_and_its_files_are_listed_after_it():
    mail = case("attached_mail_with_a_scan.eml")
    assert [(item.filename, item.inside) for item in mail.attachments] == [
        ("Convention signée.eml", ""), ("convention.pdf", "Convention signée.eml")]
    assert mail.attachments[0].words.endswith("Voici la convention signée.")
    assert "Objet\u00a0: Convention signée" in mail.attachments[0].words


def test_the_people_a_mail_shows_as_its_readers_are_told_from_the_addresses_servers_add():
    mail = parse(b"To: <A@x.example>\nCc: b@x.example\nDelivered-To: c@x.example\nSubject: TR: x\n\nx")
    assert mail.shown_recipients == ("a@x.example", "b@x.example")
    assert mail.recipients == ("a@x.example", "b@x.example", "c@x.example")
    assert mail.forwarded


def test_an_answer_to_a_letter_that_was_forwarded_shows_whom_it_was_written_to():
    mail = case("forwarded_to_a_colleague.eml")
    assert mail.sender_address == "sam@structure-b.example"
    assert "noa@structure-b.example" in mail.shown_recipients


@pytest.mark.parametrize(("charset", "subject", "text"), [
    ("gb18030", "关于明天的会议", "你好，明天下午三点开会，请准时参加。谢谢！"),
    ("big5", "明天的會議", "您好，明天下午三點開會，謝謝您的回覆。"),
    ("cp932", "明日の会議について", "こんにちは。明日の会議は三時からです。"),
    ("euc_jp", "こんにちは", "明日の会議は三時からです。よろしく。"),
    ("cp949", "회의 안내입니다", "안녕하세요. 내일 회의는 세 시입니다."),
    ("cp1251", "Встреча завтра", "Здравствуйте, завтра встреча в три часа."),
    ("koi8_r", "Встреча завтра", "Здравствуйте, завтра встреча в три часа."),
    ("cp1252", "Réunion à l’école", "Été à Nîmes – c’est noté, où ça ? « Ici »"), ("utf-8", "Réunion", "Déjà noté, à mardi."),
])
def test_raw_letters_of_a_charset_nobody_declared_are_read(charset, subject, text):
    mail = parse(b"From: a@b.example\nSubject: " + subject.encode(charset) + b"\n\n" + text.encode(charset) + b"\n")
    assert (mail.subject, mail.text.strip()) == (subject, text)


def test_a_raw_subject_is_read_in_the_charset_its_text_declares():
    mail = parse("Subject: 会议\nContent-Type: text/plain; charset=gb2312\n\n你好\n".encode("gb18030"))
    assert (mail.subject, mail.text.strip()) == ("会议", "你好")


def test_one_damaged_byte_does_not_spoil_the_other_letters():
    raw = "Déjà noté, à mardi, très bien".encode() + b"\xe9\n"
    assert parse(b"Content-Type: text/plain; charset=utf-8\n\n" + raw).text.startswith("Déjà noté, à mardi, très bien")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_random_bytes_never_raise(raw):
    assert parse(raw).message_id


SAMPLES = [path.read_bytes() for path in sorted(CASES.glob("*.eml"))]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SAMPLES), st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 40), st.binary(max_size=30))))
def test_damaged_mails_never_raise(raw, edits):
    for position, removed, inserted in edits:
        at = position % (len(raw) + 1)
        raw = raw[:at] + inserted + raw[at + removed:]
    mail = parse(raw)
    assert mail.message_id
    assert "\n" not in mail.subject
    assert "\x00" not in mail.text + mail.subject


@needs_public_mails
def test_every_public_mail_is_read_without_a_note():
    paths = [path for path in sorted(SHARED.rglob("*")) if path.suffix in (".eml", ".txt")]
    assert len(paths) > 200
    assert {path.name: parse(path.read_bytes()).broken for path in paths if parse(path.read_bytes()).broken} == {}
