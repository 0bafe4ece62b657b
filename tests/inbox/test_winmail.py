"""winmail.dat: its files and its words are within reach, and a forged one stops nothing."""

from __future__ import annotations

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.apart import apart
from inbox.parse import parse
from inbox.winmail import SIGNATURE, open_winmail


def attribute(identifier: int, kind: int, data: bytes, level: int = 2) -> bytes:
    return struct.pack("<BHHI", level, identifier, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def prop(kind: int, identifier: int, value: bytes) -> bytes:
    return struct.pack("<HHII", kind, identifier, 1, len(value)) + value + b"\x00" * (-len(value) % 4)


def winmail() -> bytes:
    """As Exchange writes it: a code page, the text among the properties, a file with a long name of its own."""
    name = "Convention signée.pdf\x00".encode("utf-16-le")
    body = prop(0x1F, 0x1000, "Voici la convention, à signer.\x00".encode("utf-16-le"))
    said = struct.pack("<I", 2) + struct.pack("<HHI", 0x03, 0x0017, 1) + body
    return (SIGNATURE + b"\x01\x00" + attribute(0x9006, 8, struct.pack("<I", 0x10000), 1)
            + attribute(0x9007, 6, struct.pack("<II", 1252, 0), 1) + attribute(0x9003, 6, said, 1)
            + attribute(0x9002, 6, b"\x00" * 14) + attribute(0x8010, 1, b"CONVEN~1.PDF\x00")
            + attribute(0x800F, 6, b"%PDF-1.7 signature")
            + attribute(0x9005, 6, struct.pack("<I", 1) + prop(0x1F, 0x3707, name)))


def mail(content: bytes, text: str = "") -> bytes:
    return (f"From: paul@mairie.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n{text}\n"
            "--b\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n"
            "Content-Disposition: attachment; filename=winmail.dat\n\n").encode() + _base64(content) + b"\n--b--\n"


def _base64(content: bytes) -> bytes:
    from base64 import encodebytes
    return encodebytes(content)


def test_the_files_of_a_winmail_are_found_under_their_long_names():
    found = parse(mail(winmail(), "Bonjour"))
    assert found.text.strip() == "Bonjour"
    assert [(item.filename, item.content, item.inside) for item in found.attachments] == [
        ("Convention signée.pdf", b"%PDF-1.7 signature", "winmail.dat")]


def test_the_words_of_a_winmail_stand_where_the_mail_has_none():
    assert parse(mail(winmail())).text.strip() == "Voici la convention, à signer."


def test_a_winmail_that_cannot_be_opened_is_a_file_like_another():
    found = parse(mail(SIGNATURE + b"\x01\x00perdu", "Bonjour"))
    assert [item.filename for item in found.attachments] == ["winmail.dat"]


def test_forged_counts_are_read_before_the_time_at_which_a_message_is_given_up():
    forged = struct.pack("<I", 0xFFFFFFFF) + struct.pack("<HHI", 0x1102, 0x3701, 0xFFFFFFFF)
    raw = SIGNATURE + b"\x01\x00" + attribute(0x9002, 6, b"x" * 14) + attribute(0x9005, 6, forged) * 2000
    assert apart(open_winmail, raw) == open_winmail(raw)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 600), st.binary(max_size=8)), max_size=6))
def test_no_damaged_winmail_raises(edits):
    raw = bytearray(winmail())
    for at, piece in edits:
        raw[at:at + len(piece)] = piece
    parse(mail(bytes(raw)))
