"""What programs and lists add under a person's words: "Envoyé de mon iPhone", a line of dashes and a name, a footer.

The block under the standard "-- " is left to ``inbox/signature_block.py``: it is the person's, whoever reads it.
"""

from __future__ import annotations

import re

from inbox.reply_text.headers import is_quoted
from inbox.reply_text.vocabulary import CLIENT_LINE, CLIENT_LINE_DENIED

BARE_SIGNATURE_LINES = 6
FOOTER_LINES = 5

_SIGNATURE = re.compile(r"^--[ \u00a0]$")
_BARE = re.compile(r"^(?:--|—)\s*$")
_LINK = re.compile(r"[<(\[]?https?://[^\s<>]{0,200}>?")
_UNDERSCORES = re.compile(r"^_{2,}$")
_CONTACT = re.compile(
    r"https?://|www\.|@|\b(?:mailing list|liste de diffusion|signature|unsubscribe|désabonn|désinscri)|\d[\d .]{8,}\d",
    re.IGNORECASE,
)


def drop_additions(lines: list[str], plain: list[str], dropped: list[bool], stops: set[int]) -> set[int]:
    """Marks in `dropped` the additions outside quotes; gives the lines that are only a mail program's own words.

    `stops` holds the lines where the header of a quote begins: a signature never goes past one.
    """
    client = {index for index, line in enumerate(plain) if _is_client_line(lines, plain, index, stops)}
    for index in client:
        dropped[index] = True
        while index + 1 < len(plain) and not plain[index + 1]:
            index += 1
            dropped[index] = True
    index, bare = 0, [i for i, line in enumerate(lines) if _BARE.match(line) and not _SIGNATURE.match(line)]
    while index < len(lines):
        opens = _SIGNATURE.match(lines[index]) or _BARE.match(lines[index]) or _UNDERSCORES.match(plain[index])
        if dropped[index] or not opens:
            index += 1
            continue
        end = _end(lines, index + 1, stops)
        inside = [i for i in range(index + 1, min(end, index + 60)) if plain[i] and i not in client]
        short = len(bare) == 1 and index == bare[0] and end - index < 30 and _looks_like_names(plain, inside)
        footer = _UNDERSCORES.match(plain[index]) and _is_footer(lines, plain, inside, index, end)
        if end - index < 60 and (short or footer):
            dropped[index:end] = [True] * (end - index)
            index = end
        else:
            index += 1
    return client


def _is_client_line(lines: list[str], plain: list[str], index: int, stops: set[int]) -> bool:
    """A whole paragraph (or a run of such lines) that a phone wrote: inside a sentence the same words are kept."""
    if not plain[index] or len(plain[index]) > 250 or is_quoted(lines[index]):
        return False
    line = _LINK.sub("", plain[index])
    if not CLIENT_LINE.match(line):
        return False
    if CLIENT_LINE_DENIED.search(line):
        return False
    above = plain[index - 1] if index else ""
    return not above or above.endswith((".", "!", "?", ">", ")")) or bool(CLIENT_LINE.match(above)) \
        or _BARE.match(above) is not None or index + 1 >= len(plain) or not plain[index + 1] or index + 1 in stops


def _end(lines: list[str], index: int, stops: set[int]) -> int:
    limit = min(len(lines), index + 60)
    while index < limit and index not in stops and not is_quoted(lines[index]):
        index += 1
    return index


def _looks_like_names(plain: list[str], inside: list[int]) -> bool:
    """Few short lines, none of them a sentence or an item: "--" alone is also how people part two paragraphs."""
    texts = [plain[i] for i in inside]
    return len(texts) <= BARE_SIGNATURE_LINES and all(
        len(text) <= 70 and not text.startswith(("-", "•")) and not text.endswith((".", "?", "!", ":", ";"))
        for text in texts
    )


def _is_footer(lines: list[str], plain: list[str], inside: list[int], index: int, end: int) -> bool:
    """A list's footer under a line of underscores: one short block with a contact, at the very end of the mail."""
    if end < len(lines) or not inside or len(inside) > FOOTER_LINES or inside[-1] - inside[0] >= len(inside):
        return False
    return inside[0] == index + 1 and any(_CONTACT.search(plain[i]) for i in inside)
