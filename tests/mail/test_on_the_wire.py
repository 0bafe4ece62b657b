"""Every letter as other servers see it: valid to a reader that is not ours, in seven bits, and signed to the last hop."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import SMTP, default, strict
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

import dkim
import pytest
from cast import NOA
from house.letters.samples import SAMPLES
from relay import Server, listening, sending_app
from roads.stories import planted
from setting import FIXED, TODAY, Clock
from sqlalchemy import select

from mail import outbox
from mail.letter import Attachment, Letter
from models.base import db, transaction
from models.outbox import OutboxMessage
from models.states import Kind
from services import delivery, reminding

#: One of each kind of name people have, and some have not: commas, quotes, emoji, both directions of writing.
NAMES = ["Noa Fictif", "Fictif, Noa", 'Noa "le Médiateur" Fictif', "O'Brien \\ Fils", "Zoë Lœwenstein-N’Guyên", "🙂 Noa 👩🏽‍🦱",
         "مرحبا نوا", "נועה, כהן", "名前", "a" * 100,
         "Structure d’insertion par l’activité économique et numérique du Pays des Cévennes et des Garrigues (84)",
         "=?utf-8?q?faux?=", "Noa <noa@ailleurs.example>", ""]
#: Field names of RFC 5322, 2045, 2369, 2919, 3834, 8058 and the one of Microsoft's: no relay has a reason to rewrite others.
KNOWN = {"subject", "from", "to", "reply-to", "date", "message-id", "in-reply-to", "references", "auto-submitted",
         "x-auto-response-suppress", "mime-version", "content-type", "list-id", "list-unsubscribe", "list-unsubscribe-post"}
SIGNED = [b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"in-reply-to", b"references", b"mime-version",
          b"content-type", b"auto-submitted", b"list-id", b"list-unsubscribe", b"list-unsubscribe-post"]
every_letter = pytest.mark.parametrize("name", sorted(SAMPLES))


@pytest.fixture(scope="module")
def key() -> tuple[bytes, bytes]:
    """A fresh signing key, as short as may be: ``(private PEM, the TXT record of the public one)``."""
    private = subprocess.run(["openssl", "genrsa", "1024"], capture_output=True, check=True).stdout
    public = subprocess.run(["openssl", "rsa", "-pubout", "-outform", "DER"], input=private, capture_output=True, check=True)
    return private, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public.stdout)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One server for all that leaves."""
    with listening(Server()) as server:
        yield server


@pytest.fixture(scope="module")
def instance(migrated, tmp_path_factory, server) -> Iterator[Path]:
    """One application for all that is written, on a database that holds a dossier and the first letter of its thread."""
    folder = tmp_path_factory.mktemp("wire") / "instance"
    shutil.copytree(migrated, folder)
    with sending_app({"RING_INSTANCE": str(folder), **FIXED}, server.port, Clock(), RING_MAIL_TIMEOUT="5"):
        dossier = planted(Kind.IMMERSION, "submitted", TODAY)
        with transaction():
            outbox.post(Letter("essai/first", "Premier", "Bonjour", "<p>Bonjour</p>"), dossier.author, TODAY)
        _close()
        shutil.copy(folder / "ring.db", folder / "first.db")
        yield folder


@pytest.fixture
def network(instance) -> None:
    """That application, on that database as it was: of what another test wrote, nothing is left."""
    _close()
    shutil.copy(instance / "first.db", instance / "ring.db")


def _close() -> None:
    db.session.remove()
    db.engine.dispose()


@pytest.fixture
def smtp(server) -> Server:
    """The server, which has received nothing yet."""
    server.received.clear()
    return server


def _written(letter: Letter, name: str = "Noa Fictif") -> bytes:
    """The bytes of a letter to a person of a dossier, the second of its thread."""
    person = db.session.scalars(select(OutboxMessage)).first().participant
    with transaction():
        person.name = name
        writing = reminding.post if letter.reminder else outbox.post
        return writing(letter, person, TODAY).raw


def _is_well_formed(raw: bytes) -> None:
    """RFC 5322 read by the standard library's own grammar, which wrote none of it; lines and bytes by hand."""
    head, _, body = raw.partition(b"\r\n\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    assert max(raw) < 128, "seven bits: nothing a relay would have to convert"
    for line in head.split(b"\r\n"):
        assert 0 < len(line) <= 998 and line.strip(), "RFC 5322, 2.1.1; no line of a folded field is blank (3.2.2)"
        assert len(line) <= 78 or len(line.split()) <= 2, line
        assert not re.search(rb"=\?[^?]+\?[qQbB]\?[^?]{62,}\?=", line), "an encoded word of 75 characters at most (RFC 2047, 2)"
    for line in body.split(b"\r\n"):
        assert len(line) <= 78, line
        assert not line.startswith(b"From "), "a server that keeps mail in one file would write >From"
        assert line != b"."
    for name in (b"From", b"To", b"Subject", b"Date", b"Message-ID", b"MIME-Version", b"Content-Type"):
        assert len(re.findall(rb"(?m)^" + name + b": ", head)) == 1, name
    assert {field.split(b":")[0].decode().lower() for field in re.split(rb"\r\n(?![ \t])", head)} <= KNOWN
    for policy in (default, SMTP, strict):
        mail = message_from_bytes(raw, policy=policy)
        assert [part.defects for part in mail.walk()] == [[] for _ in mail.walk()]
        assert [value.defects for value in mail.values() if hasattr(value, "defects")] == [() for value in mail.values()]
    assert parsedate_to_datetime(mail["Date"]).tzinfo is not None
    assert re.fullmatch(r"<[^<>@\s]+@ring\.example>", mail["Message-ID"])
    assert [(one.domain, one.addr_spec) for one in mail["From"].addresses] == [("ring.example", "reseau@ring.example")]


@every_letter
def test_every_letter_is_well_formed(network, name):
    raw = _written(SAMPLES[name]())
    _is_well_formed(raw)
    mail = message_from_bytes(raw, policy=default)
    assert mail.get_content_type() in ("multipart/alternative", "multipart/mixed")
    body = mail if mail.get_content_type() == "multipart/alternative" else next(iter(mail.iter_parts()))
    assert [part.get_content_type() for part in body.iter_parts()] == ["text/plain", "text/html"], "RFC 2046, 5.1.4"


@every_letter
def test_no_mail_program_cuts_a_letter(still, name):
    """Gmail hides what is beyond 102 kB of HTML; what is always there must leave room for words."""
    with still.app_context():
        letter = SAMPLES[name]()
    assert len(letter.html.encode()) < 20_000
    words = re.sub(r"<style.*?</style>", "", letter.html, flags=re.DOTALL)
    assert max(len(sheet.encode()) for sheet in re.findall(r"<style[^>]*>(.*?)</style>", letter.html, re.DOTALL)) < 8192, (
        "Gmail drops a longer style sheet")
    assert "<style" not in words.partition("<body")[2]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_given_back_as_it_was(network, name):
    raw = _written(Letter("essai/nom", f"À propos de {name}", "Bonjour", "<p>Bonjour</p>"), name)
    _is_well_formed(raw)
    # The standard library's new grammar shows a space between two encoded words of a name (RFC 2047, 6.2): its old one does not.
    shown, address = parseaddr(re.sub(r"\r\n(?=[ \t])", "", re.search(rb"(?s)\r\nTo: (.*?)\r\n(?![ \t])", raw)[1].decode()))
    assert (str(make_header(decode_header(shown))), address) == (name[:100].strip(), NOA)
    assert str(message_from_bytes(raw, policy=default)["Subject"]).endswith(f"À propos de {name}".strip())


def test_a_long_name_is_cut_between_its_words(network):
    name = "Structure d’insertion par l’activité économique et numérique du Pays des Cévennes"
    raw = _written(Letter("essai/nom", "Essai", "Bonjour", "<p>Bonjour</p>"), name)
    words = re.findall(r"=\?utf-8\?q\?(.*?)\?=", re.search(rb"(?s)\r\nTo: (.*?)<", raw)[1].decode())
    assert len(words) > 1 and all(word.endswith("_") for word in words[:-1])


BODIES = ["From moi, avec plaisir\n\nFrom toi aussi", ".\n..\n.suite", "x" * 5000, "é" * 3000, "fin de ligne  \n\t\n", "\n\n\n",
          "From " + "é" * 200, "a=b=20=C3", "-- \nsignature", "名" * 900 + "\nFrom\nFrom x"]


@pytest.mark.parametrize("words", BODIES)
def test_a_signature_stands_whatever_the_words_and_the_hop(network, smtp, key, words):
    raw = _written(Letter("essai/mots", "Mots", words, f"<p>{words}</p>"))
    _is_well_formed(raw)
    mail = message_from_bytes(raw, policy=default)
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n").rstrip("\n") == words.rstrip("\n")
    _arrives_signed(raw, smtp, key)


@every_letter
def test_a_signature_stands_at_the_end_of_a_true_hop(network, smtp, key, name):
    # What stands to the letter stands however blanks are counted (RFC 6376, 3.4).
    _arrives_signed(_written(SAMPLES[name]()), smtp, key, modes=(b"simple",))


def _arrives_signed(raw: bytes, smtp, key, modes: tuple[bytes, ...] = (b"relaxed", b"simple")) -> None:
    """Sign as the mail server of an instance would, hand over by SMTP, verify what arrived."""
    private, record = key
    present = [field for field in SIGNED if re.search(rb"(?mi)^" + field + b":", raw)]
    for mode in modes:
        signature = dkim.sign(raw, b"s1", b"ring.example", private, canonicalize=(mode, mode), include_headers=present)
        row = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
        with transaction():
            db.session.get(OutboxMessage, row.id).body.raw = signature + raw
            for other in db.session.scalars(select(OutboxMessage)):
                other.state, other.due_at = ("due", other.created_at) if other.id == row.id else ("sent", other.created_at)
        assert delivery.deliver_due(TODAY) == 1
        arrived = smtp.received[-1].original_content
        assert dkim.verify(arrived, dnsfunc=lambda name, timeout=0: record if name == b"s1._domainkey.ring.example." else None)
        folded = arrived.replace(b"; bh=", b";\r\n\tbh=", 1) if mode == b"relaxed" else arrived
        assert dkim.verify(folded, dnsfunc=lambda *_, **__: record)
        assert not dkim.verify(arrived.replace(b"reseau@", b"autre@", 1), dnsfunc=lambda *_, **__: record), "it can fail"


def test_a_letter_with_files_is_well_formed_and_signed(network, smtp, key):
    files = (Attachment("Été « plan », v2.pdf", "application/pdf", bytes(range(256)) * 99),
             Attachment("a.txt", "text/plain", b"From x\n"))
    raw = _written(Letter("essai/fichiers", "Fichiers", "Bonjour", "<p>Bonjour</p>", attachments=files))
    _is_well_formed(raw)
    _arrives_signed(raw, smtp, key)
