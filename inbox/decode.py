"""Bytes of a mail turned into text without ever raising: charsets, encoded words, addresses, HTML.

Real mail lies about its charset, cuts encoded words in the middle of a letter and declares codecs that do not exist;
the standard decoders raise on a few of these, so every reading here has a fallback and none has an exception.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html as html_entities
import quopri
import re
from functools import lru_cache

from inbox.charsets import guess, repaired_utf8

HEADER_LIMIT = 64_000
HTML_LIMIT = 3_000_000

# What the declared name says, and the wider charset that reads the same bytes and more (as browsers do).
_CHARSET_ALIASES = {
    "ascii": "utf-8", "us-ascii": "utf-8", "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "8859-1": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030",
    "iso-gb2312": "gb18030", "x-mac-cyrillic": "mac_cyrillic", "x-mac-roman": "mac_roman", "macintosh": "mac_roman",
    "windows1252": "cp1252", "utf8mb4": "utf-8", "unicode-1-1-utf-7": "utf-7", "x-sjis": "cp932", "shift_jis": "cp932",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "iso-8859-8-i": "iso-8859-8",
}
# Not charsets of text, or so slow on long input that a mail could stop the door with them.
_CODECS_REFUSED = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_BREAKS = re.compile(r"[\r\n\t\x0b\x0c\x85\u2028\u2029]+[ \t]*")
_ENCODED_WORD = re.compile(r"=\?([A-Za-z0-9_.:*\-]{1,60})\?([bBqQ])\?([^\r\n]*?)\?=")
_BETWEEN_ENCODED = re.compile(r"(\?=)[ \t\r\n]+(?==\?[A-Za-z0-9_.:*\-]{1,60}\?[bBqQ]\?)")
_ADDRESS = re.compile(
    r"""(?<![^\s<>(),;:"'\[\]])(?:mailto:)?([^\s<>(),;:"\[\]@\x00-\x1f]{1,200}@[^\s<>(),;:"'\[\]@\x00-\x1f]{1,253})"""
)
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_TAG = re.compile(r"<[^<>]{0,5000}>")


@lru_cache(maxsize=256)
def python_codec(charset: str) -> str:
    """Name of the Python codec of a declared charset, or "" when there is none that makes text."""
    name = charset.strip().strip("\"'").lower().split("*")[0]
    name = _CHARSET_ALIASES.get(name, name)
    for candidate in (name, name.removeprefix("x-")):
        try:
            info = codecs.lookup(candidate)
        except (LookupError, ValueError, UnicodeError):
            continue
        if getattr(info, "_is_text_encoding", True) and info.name.replace("-", "_") not in _CODECS_REFUSED:
            return info.name
    return ""


def decode_bytes(content: bytes, charset: str = "") -> str:
    """Text of `content`: declared charset, else UTF-8, else a guess, else Windows-1252, else Latin-1, which reads anything."""
    declared = python_codec(charset) if charset else ""
    if b"\x1b$" in content and declared in ("", "utf-8"):
        declared = "iso2022_jp"  # seven bits, so that it would also read as plain letters
    for name in (declared, "utf-8"):
        if name and (text := _decoded(content, name)) is not None:
            return text
    if repaired := repaired_utf8(content):
        return repaired
    for name in (guess(content), "cp1252"):
        if name and (text := _decoded(content, name)) is not None:
            return text
    return content.decode("latin-1")


def _decoded(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except (UnicodeError, ValueError, OverflowError):
        return None


def clean_text(text: str) -> str:
    """Same text with line feeds only, and without NUL, control characters and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode("utf-8").removeprefix("\ufeff")


def one_line(text: str) -> str:
    """Same text on one line, without control characters: what a header may hold."""
    return _CONTROL.sub("", clean_text(_LINE_BREAKS.sub(" ", text))).strip()


def _word_bytes(encoding: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return quopri.decodestring(raw.replace(b"_", b"=20"))
    try:
        return base64.b64decode(re.sub(rb"[^A-Za-z0-9+/]", b"", raw) + b"===", validate=False)
    except (binascii.Error, ValueError):
        return raw


def decode_header_value(raw: str, charset: str = "") -> str:
    """One line of text from a header as it travels (RFC 2047 words, or raw 8-bit bytes as surrogates).

    `charset` is what the body declares: programs that write raw bytes in a header write them in the same charset.
    """
    raw = raw[:HEADER_LIMIT]
    if not raw.isascii() and any("\udc80" <= character <= "\udcff" for character in raw):
        raw = decode_bytes(raw.encode("utf-8", "surrogateescape"), charset)
    if "=?" not in raw:
        return one_line(raw)
    pieces: list[str] = []
    pending, pending_charset, end = b"", "", 0
    joined = _BETWEEN_ENCODED.sub(r"\1", raw)
    for match in _ENCODED_WORD.finditer(joined):
        charset, encoding, payload = match[1], match[2], match[3]
        # Neighbours of one charset are decoded together: a letter of several bytes may be cut between two words.
        if match.start() != end or charset.lower() != pending_charset:
            pieces += [decode_bytes(pending, pending_charset), joined[end:match.start()]]
            pending, pending_charset = b"", charset.lower()
        pending += _word_bytes(encoding, payload)
        end = match.end()
    pieces += [decode_bytes(pending, pending_charset), joined[end:]]
    return one_line("".join(pieces))


def addresses_in(value: str) -> tuple[str, ...]:
    """Addresses of a header value, lower case, in order, each once."""
    found: dict[str, None] = {}
    for match in _ADDRESS.finditer(value[:HEADER_LIMIT]):
        address = match[1].strip(".'`").lower()
        local, _, domain = address.partition("@")
        if local and domain:
            found[f"{local}@{domain.strip('.')}"] = None
    return tuple(found)


def html_to_text(markup: str) -> str:
    """Text of an HTML page as a reader sees it; tags alone are taken away when the page cannot be parsed."""
    markup = _CONTROL.sub("", markup[:HTML_LIMIT])
    if not markup.strip():
        return ""
    from inscriptis import get_text
    from inscriptis.css_profiles import STRICT_CSS_PROFILE
    from inscriptis.model.config import ParserConfig

    try:
        text = get_text(markup, ParserConfig(css=STRICT_CSS_PROFILE))
    except Exception:  # noqa: BLE001 - lxml and inscriptis raise many kinds (RecursionError, ParserError, ValueError)
        text = html_entities.unescape(_TAG.sub(" ", markup))
    return _BLANK_LINES.sub("\n\n", clean_text(text))


def unflow(text: str, delsp: bool = False) -> str:
    """Paragraphs of a format=flowed text (RFC 3676): a line that ends with a space goes on on the next one."""
    lines: list[str] = []
    open_quote = ""
    flowing = False
    for line in text.split("\n"):
        quote = line[: len(line) - len(line.lstrip(">"))]
        body = line[len(quote):].removeprefix(" ")
        if flowing and quote == open_quote and body != "-- ":
            lines[-1] = (lines[-1][:-1] if delsp else lines[-1]) + body
        else:
            lines.append(f"{quote} {body}" if quote else body)
        flowing = body.endswith(" ") and body != "-- "
        open_quote = quote
    return "\n".join(lines)
