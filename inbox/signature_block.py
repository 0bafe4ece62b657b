"""The block with addresses and telephones that people put under their name: words for the reader end above it.

What stands at the end under « -- » is one (RFC 3676, 4.3). Most people write no such line: the block follows a polite end,
or their name. It is then taken out of what is relayed only when it holds a way to reach them; a number given in a sentence
is meant, and stays, and so do the polite end and the name.
"""

from __future__ import annotations

import re

from territory.spelling import fold

#: A block is no longer than this, counted from the end of the words.
LONGEST = 14
_DASHES = re.compile(r"--[ \u00a0]")
#: Lines that may stand under « -- »: beyond, somebody parted their text that way.
_UNDER_DASHES = 20
_CLOSING = re.compile(
    r"(?:bien |tres |avec )?(?:cordialement|amicalement|respectueusement|sinceres? salutations?|mes (?:meilleures )?salutations?"
    r"|salutations?|chaleureusement|sincerement|solidairement)\b.{0,40}|bien a (?:vous|toi)|a bientot.{0,20}|bonne (?:journee"
    r"|soiree|semaine|fin de journee|continuation).{0,30}|merci(?: beaucoup| d avance| encore| bien)?.{0,20}|cdlt|cdt|bav"
    r"|(?:best|kind|warm) regards|regards|best|thanks")
_PHONE = re.compile(r"(?<![\d/])(?:\+|00)?\d{1,3}(?:[\s.\u00a0-]?\(?\d{1,4}\)?){3,6}(?![\d/])")
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_SITE = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[?!;:…]$|[a-zà-ÿ)»]{3,}\.$")
_POSTSCRIPT = re.compile(r"p\.? ?s\.?\b", re.IGNORECASE)
_WIDE = 110
_PARTED = re.compile(r"\s[|·•–—/-]\s")


def under_dashes(words: str) -> tuple[str, str]:
    """``(words, block)`` parted at the last line « -- »; the block is "" when there is none, it is long, or is all there is."""
    lines = words.split("\n")
    for index in range(len(lines) - 1, -1, -1):
        # Nothing but a phone's own words stood under it, and they are gone already.
        bare = index == len(lines) - 1 and lines[index].strip() == "--"
        if bare or _DASHES.fullmatch(lines[index]):
            above, block = "\n".join(lines[:index]).rstrip(), lines[index:]
            if not above or sum(bool(line.strip()) for line in block) > _UNDER_DASHES + 1:
                break
            return above, "\n".join(block).strip()
    return words, ""


def part_signature(words: str, sender: str, name: str) -> tuple[str, str]:
    """``(words without the block, the block)``; the block is "" when there is none, and it never takes all the words.

    ``sender`` is the address the mail came from, ``name`` the name written beside it.
    """
    words, dashed = under_dashes(words)
    words, block = _part_unmarked(words, sender, name)
    return words, "\n\n".join(filter(None, [block, dashed]))


def _part_unmarked(words: str, sender: str, name: str) -> tuple[str, str]:
    lines = words.rstrip().split("\n")
    filled = [index for index, line in enumerate(lines) if line.strip()]
    start = _start(lines, filled, sender.lower(), fold(name))
    if start is None:
        return words, ""
    end = start
    while end < len(lines) and _could_be_signature(lines[end]):
        end += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    block = lines[start:end]
    if not any(map(_reaches, block)) or not "".join(lines[:start] + lines[end:]).strip():
        return words, ""
    kept = "\n".join([*lines[:start], *lines[end:]]).rstrip()
    return kept, "\n".join(block).strip()


def _start(lines: list[str], filled: list[int], sender: str, name: str) -> int | None:
    """The first line of the block: after the last polite end and the name, else after the name, else at the sender's own
    address, standing in a last paragraph of short lines."""
    last = [index for index in filled[-LONGEST:] if index >= len(lines) - 3 * LONGEST]
    for index in reversed(last):
        if _CLOSING.fullmatch(fold(lines[index])):
            return _after_name(lines, index + 1)
    for index in last:
        if index and name and fold(lines[index]) == name:
            return index + 1
    paragraph = _last_paragraph(lines, filled)
    if paragraph and any(sender and sender in lines[index].lower() for index in paragraph):
        first = paragraph[0]
        named = len(paragraph) > 1 and not _reaches(lines[first])
        return first + 1 if named else first
    return None


def _after_name(lines: list[str], index: int) -> int:
    """Past the line of the name, which is kept, when there is one."""
    while index < len(lines) and not lines[index].strip():
        index += 1
    if index < len(lines) and not _reaches(lines[index]) and len(lines[index].split()) <= 5:
        index += 1
    return index


def _last_paragraph(lines: list[str], filled: list[int]) -> list[int]:
    found: list[int] = []
    for index in reversed(filled):
        if found and index != found[0] - 1:
            break
        found.insert(0, index)
    return found if len(found) < len(filled) and all(_could_be_signature(lines[index]) for index in found) else []


def _reaches(line: str) -> bool:
    return bool(_EMAIL.search(line) or _SITE.search(line) or _PHONE.search(line))


def _could_be_signature(line: str) -> bool:
    bare = line.strip()
    if not bare:
        return True
    if len(bare) > _WIDE or _POSTSCRIPT.match(bare):
        return False
    if _reaches(bare) and (len(bare.split()) <= 9 or len(_PARTED.findall(bare)) > 1):
        return True
    return not _SENTENCE_END.search(bare)
