"""RFC 5322 and MIME bytes of a letter, written directly.

The standard library parses and folds each header through a grammar: 2.4 ms a letter, which was most of the time a form
held the database (bench/README.md). Ours are few and known: a subject, mailboxes, identifiers. Files, which are rare,
are left to the standard library.
"""

from __future__ import annotations

import binascii
import re
import secrets
from collections.abc import Iterable, Sequence
from email.message import Message, MIMEPart
from email.policy import SMTP

#: Longest line with an encoded word (RFC 2047, 2), and encoded words that fit beside the name of their header.
_LINE, _WORD = 76, 64
#: Longest line of base 64 (RFC 2045, 6.8).
_CODED = 76
_BEFORE, _AFTER = "=?utf-8?q?", "?="
#: What an encoded word may hold as it is, in a phrase too (RFC 2047, 5, rule 3).
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!*+-/")
_ATOMS = re.compile(r"[\w!#$%&'*+/=?^`{|}~ -]+", re.ASCII)
#: What separates words in a header: a no-break space does not, nor a control character remain.
_SPACES = re.compile(r"[\x00-\x20\x7f]+")
_HEADER_VALUE = re.compile(r"[ -~]*")
_PIECE = re.compile(r" *[^ ]+ *")
_FROM = re.compile(rb"^From ", re.MULTILINE)
_ADDRESS = re.compile(r"[^\s<>,;:()\[\]\"\\@]+@[^\s<>,;:()\[\]\"\\@]+")


def text(words: str) -> str:
    """The value of a header that people read: words beyond ASCII, and those between, as encoded words (RFC 2047)."""
    pieces = _one_line(words).split(" ")
    beyond = [index for index, piece in enumerate(pieces) if not piece.isascii() or "=?" in piece]
    if not beyond:
        return " ".join(pieces)
    first, last = beyond[0], beyond[-1] + 1
    return " ".join([*pieces[:first], *_encoded_words(" ".join(pieces[first:last])), *pieces[last:]])


def mailbox(name: str, address: str) -> str:
    """``name <address>`` for From, To or Reply-To (RFC 5322, 3.4).

    :raises ValueError: ``address`` is not one plain address.
    """
    return addressed(phrase(name), address)


def addressed(shown: str, address: str) -> str:
    """``address`` behind a :func:`phrase`; alone where that is "".

    :raises ValueError: ``address`` is not one plain address.
    """
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"not an address: {address!r}")
    local, _, domain = address.rpartition("@")
    address = f"{local}@{ascii_domain(domain)}"
    return f"{shown} <{address}>" if shown else address


def phrase(name: str) -> str:
    """A name as it stands before an address: plain, quoted, or in encoded words (RFC 2047, 5)."""
    name = _one_line(name)
    if not name.isascii() or "=?" in name:
        return " ".join(_encoded_words(name))
    if name and not _ATOMS.fullmatch(name):
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return name


def ascii_domain(domain: str) -> str:
    """A domain as the wire knows it: accents in punycode (RFC 5890).

    :raises UnicodeError: no such domain can be written.
    """
    return domain if domain.isascii() else domain.encode("idna").decode("ascii")


def _one_line(words: str) -> str:
    return _SPACES.sub(" ", words).strip(" ")


def _encoded_words(words: str) -> list[str]:
    """Cut between two words where that can be: some programs show a space at each cut, though none is there."""
    room, made, word = _WORD - len(_BEFORE) - len(_AFTER), [], ""
    for piece in _PIECE.findall(words):
        coded = [_coded(character) for character in piece]
        if word and len(word) + sum(map(len, coded)) > room:
            made.append(word)
            word = ""
        for one in coded:
            if len(word) + len(one) > room:  # a long word is cut, never a character
                made.append(word)
                word = ""
            word += one
    return [_BEFORE + word + _AFTER for word in [*made, word]]


def _coded(character: str) -> str:
    return (character if character in _PLAIN else "_" if character == " "
            else "".join(f"={byte:02X}" for byte in character.encode("utf-8", "replace")))


def head(fields: Iterable[tuple[str, str]]) -> bytes:
    """Header fields, folded between words, each with its end of line.

    :raises ValueError: a value holds something else than printable ASCII: nobody's words can add a header.
    """
    lines = []
    for name, value in fields:
        if not _HEADER_VALUE.fullmatch(value):
            raise ValueError(f"{name}: {value!r}")
        line = f"{name}: {value}"
        if len(line) > _LINE:
            line = _folded(line)
        lines.append(f"{line}\r\n")
    return "".join(lines).encode("ascii")


def _folded(line: str) -> str:
    name, first, *words = line.split(" ")
    lines = [f"{name} {first}"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > _LINE:
            lines.append(f" {word}")
        else:
            lines[-1] += f" {word}"
    return "\r\n".join(lines)


def text_part(kind: str, words: str) -> bytes:
    """A ``text/kind`` part in UTF-8, quoted-printable (RFC 2045, 6.7)."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    coded = binascii.b2a_qp(lines, istext=True)
    if b"From " in coded:
        # A server that keeps mail in one file writes ">From" there, and the signature (DKIM) is worth nothing any more.
        coded = _FROM.sub(b"=46rom=\n ", coded)
    return _text_head(kind) + coded.replace(b"\n", b"\r\n")


def _text_head(kind: str) -> bytes:
    return head([("Content-Type", f'text/{kind}; charset="utf-8"'), ("Content-Transfer-Encoding", "quoted-printable")]
                ) + b"\r\n"


def written_text(raw: bytes) -> str | None:
    """The words of the first :func:`text_part` of plain text in bytes that :func:`multipart` wrote; None without one.

    A question asked of our own letter at each answer to it: found by the marks it was written with, without a parser.
    """
    opening = _text_head("plain")
    start = raw.find(opening)
    end = raw.find(b"\r\n--=_", start)
    if start < 0 or end < 0:
        return None
    coded = raw[start + len(opening):end]
    return binascii.a2b_qp(coded).decode("utf-8", "replace").replace("\r\n", "\n")


def file_part(filename: str, media_type: str, content: bytes) -> bytes:
    """A file to save, in base 64."""
    # Line by line, the content would take the standard library forty times as long.
    coded = binascii.b2a_base64(content, newline=False)
    lines = b"\r\n".join([coded[at:at + _CODED] for at in range(0, len(coded), _CODED)])
    return _file_head(filename, media_type) + b"\r\n" + lines + b"\r\n"


def _file_head(filename: str, media_type: str) -> bytes:
    named = Message()
    named.add_header("Content-Disposition", "attachment", filename=filename if filename.isascii() else ("utf-8", "", filename))
    name = named["Content-Disposition"].partition(" ")[2]
    if " " not in name and len(name) < _LINE:
        return head([("Content-Type", media_type), ("Content-Transfer-Encoding", "base64"),
                     ("Content-Disposition", f"attachment; {name}")])
    # One that is folded inside (RFC 2231, 3).
    part = MIMEPart(policy=SMTP)
    main, _, sub = media_type.partition("/")
    part.set_content(b"", maintype=main, subtype=sub or "octet-stream", filename=filename)
    return part.as_bytes().rstrip(b"\r\n") + b"\r\n"


def multipart(kind: str, parts: Sequence[bytes], fields: Iterable[tuple[str, str]] = ()) -> bytes:
    """``fields``, then a ``multipart/kind`` of ``parts``."""
    # Neither quoted-printable nor base 64 ever writes "=_": the boundary cannot be found inside a part (RFC 2045, 6.7).
    boundary = f"=_{secrets.token_hex(12)}"
    opened = head([*fields, ("Content-Type", f'multipart/{kind}; boundary="{boundary}"')])
    mark = f"\r\n--{boundary}".encode("ascii")
    return opened + b"".join(mark + b"\r\n" + part for part in parts) + mark + b"--\r\n"
