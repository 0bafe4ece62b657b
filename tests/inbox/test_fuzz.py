"""Any mail at all: no exception, no hang. bench/fuzz_parser.py goes on where this stops."""

from __future__ import annotations

from email.errors import MessageError
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox.apart import apart
from inbox.authenticity import sender_verdict
from inbox.kind import bounced_addresses, classify
from inbox.parse import parse
from inbox.reading import read
from inbox.reply_text import reply_text
from services.attachments import judge

SHARED = Path(__file__).parents[2].parent / "shared" / "fixtures" / "mail"
MESSAGES = [path.read_bytes() for path in sorted((Path(__file__).parent / "messages").glob("*.eml"))]
PUBLIC = [path.read_bytes()[:20_000] for path in sorted(SHARED.rglob("*")) if path.suffix in (".eml", ".txt")][::3]


def read_everything(raw: bytes) -> None:
    mail = parse(raw)
    assert mail.message_id
    assert "\n" not in mail.subject
    assert "\x00" not in mail.text
    classify(mail, "ring.example")
    bounced_addresses(mail, raw)
    sender_verdict(mail, "ring.example")
    found = reply_text(mail.text, mail.html, "Bonjour Noa, voici des nouvelles de votre demande.")
    assert "\ue000" not in found.kept + found.elided
    for file in mail.attachments:
        judge(file.filename, file.content)


def read_in_time(raw: bytes) -> None:
    """As the mail door reads it: in the child that is ended at the time at which a message is given up."""
    mail, _ = apart(read, raw, "ring.example")
    apart(bounced_addresses, mail, raw)
    apart(sender_verdict, mail, "ring.example")
    apart(reply_text, mail.text, mail.html, "Bonjour Noa, voici des nouvelles de votre demande.")


WORDS = st.sampled_from([
    "Content-Type: multipart/mixed; boundary=b\n", "\n--b\n", "--b--\n", "Content-Type: message/rfc822\n\n", "\n\n", "> ", "--=_",
    "Content-Type: text/html; charset=utf-16\n\n", "=?utf-8?b?", "?=", "De : a@b.example\n",
    "Le 4 mars 2024 à 10:12, x a écrit :\n",
    "Content-Transfer-Encoding: base64\n", "Content-Type: message/delivery-status\n\n", "Final-Recipient: rfc822;", "From: ",
    "<blockquote type=cite>", "<div id=appendonsend>", "Content-Disposition: attachment; filename*=utf-8''%ff\n", "\x00", "<",
    "Content-Type: application/ms-tnef\n\n\x78\u009f\x3e\x22", "charset=\"\"", ";", ",", "\r", "\ue000", "\ud800",
])


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(MESSAGES + PUBLIC), st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 60), WORDS), max_size=8))
def test_mails_with_pieces_of_others_inside_never_raise(raw, edits):
    for position, removed, inserted in edits:
        at = position % (len(raw) + 1)
        raw = raw[:at] + inserted.encode("utf-8", "surrogatepass") + raw[at + removed:]
    read_everything(raw)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(MESSAGES), st.sampled_from(MESSAGES), st.integers(0, 5000), st.integers(0, 5000))
def test_halves_of_two_mails_never_raise(one, other, cut, start):
    read_everything(one[:cut] + other[start:])


def leaf() -> st.SearchStrategy[Message]:
    def build(kind, content, encoding, charset, filename) -> Message:
        main, _, sub = kind.partition("/")
        part = MIMEBase(main, sub)
        part.set_payload(content)
        part["Content-Transfer-Encoding"] = encoding
        if charset:
            part.set_param("charset", charset)
        if filename is not None:
            part.add_header("Content-Disposition", "attachment", filename=filename)
        return part
    return st.builds(
        build, st.sampled_from(["text/plain", "text/html", "text/calendar", "application/pdf", "image/png", "application/ms-tnef",
                                "message/delivery-status", "message/disposition-notification", "x/y"]),
        st.text(alphabet=st.characters(max_codepoint=127), max_size=300),
        st.sampled_from(["7bit", "8bit", "base64", "quoted-printable", "x-uuencode", "?"]),
        st.sampled_from(["", "utf-8", "latin1", "utf-7", "utf-16", "idna", "x-unknown", "rot13"]),
        st.none() | st.text(alphabet=st.characters(max_codepoint=127, blacklist_characters="\r\n"), max_size=40))


def branch(children: st.SearchStrategy[Message]) -> st.SearchStrategy[Message]:
    def multipart(kind, parts) -> Message:
        made = MIMEMultipart(kind)
        for part in parts:
            made.attach(part)
        return made

    def attached(part) -> Message:
        return MIMEMessage(part)
    return st.builds(multipart, st.sampled_from(["mixed", "alternative", "related", "report", "digest", "signed"]),
                     st.lists(children, max_size=4)) | st.builds(attached, children)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.recursive(leaf(), branch, max_leaves=12), st.text(max_size=60))
def test_any_tree_of_parts_never_raises(tree, subject):
    try:
        raw = tree.as_bytes()
    except (UnicodeError, KeyError, LookupError, TypeError, ValueError, AttributeError, MessageError):
        return  # the standard library itself cannot write this one
    read_everything(b"From: a@b.example\nSubject: " + subject.replace("\n", " ").encode("utf-8", "replace") + b"\n" + raw)


LONG = 200_000


@pytest.mark.parametrize("piece", [
    "a@", "<a@b.c>", "a@b.c,", "<", "(", "\"", "=?utf-8?q?", "=?utf-8?q?a?= ", ";", "x=y;", "> ", ">", "-", "_", "Le 4 ",
    "10:12 ", "a écrit ", "De : ", "failed: ", "user unknown ", "following addresses ", "absent ", "http://", "É", "a b ",
    "1.1.1 ", "dmarc=",
    "AIDE-2026-", "sent from my ", "envoyé de mon ", "wrote: ", "<a ", "&lt;", "[", "*", "mailto:", "550 ", "\t", "~", ".,",
])
def test_a_line_of_200_kilobytes_is_read_in_time_wherever_it_stands(piece):
    line = (piece * (LONG // len(piece) + 1))[:LONG].encode()
    read_in_time(b"From: a@b.example\nSubject: x\n\n" + line)
    read_in_time(b"From: <>\nReturn-Path: <>\nSubject: failure notice\n\n" + line + b"\n" + line[:500])
    read_in_time(b"From: " + line + b"\nSubject: " + line + b"\nTo: " + line + b"\nAuthentication-Results: " + line + b"\n\nx")
    read_in_time(b"From: a@b.example\nContent-Type: text/html\n\n<p>" + line)
