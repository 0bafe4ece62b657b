"""Where a quoted message begins: the lines that mail programs write above it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from inbox.reply_text.vocabulary import (
    ADDRESS,
    BARE_END,
    CC,
    DATE,
    FROM,
    LABELS,
    ORIGINAL_LINE,
    ORIGINAL_THEN_HEADER,
    RULE_LINE,
    SENT,
    SUBJECT,
    TIME,
    TO,
    VERB,
    WHEN,
    WRAPPED_ADDRESS,
)

LOOK_BACK = 6
BLOCK_LINES = 40
ATTRIBUTION_LIMIT = 420
MARKER_EXCESS = 12

# Lines marked so in the text made from an HTML page: the page itself says that a quote begins there.
HEADER_SIGN, CUT_SIGN = "\ue000", "\ue001"

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2007\u3000]+")
QUOTED = re.compile(r"^\s{0,4}(?:>|&gt;)")
QUOTE_MARKS = re.compile(r"^(?:\s{0,4}(?:>|&gt;))+ ?")
_TERMINATED = re.compile(r"[:：]$|[-–—]{3,}$")
_OPENER = re.compile(r"^[-–—~\s]*(?:[^\W\d]+[.,]{0,2}\s+){0,4}[^\w<]*\d|^[-–—~\s]*[^\W\d]{1,3}\d")
_NEXT_SENTENCE = re.compile(r"[a-zà-ÿ]{4,}[.!?] +[A-ZÀ-Ý]|[!?]")
_DASHED = re.compile(r"^[-–—]{2,}.{3,}[-–—]{2,}$")
_MESSAGE_OF = re.compile(r"^message du\s*:?\s*(\d.*)$", re.IGNORECASE)
_QUOTING = re.compile(r"^(?:quoting|citation de|zitat von|citando|en réponse à)\b.{0,150}[:：]$", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_VERB_BEFORE_NAME = frozenset({"schrieb", "schreef", "skrev"})
_PHONE = re.compile(r"(?:\d\d[ .\-]){4}\d\d|^\+?[\d .()\-]+$")
_DATE_WORDS = re.compile(r"^[-–—\s]*(?:on|le|am|il|el|em|den|op|w dniu|dnia|vào|в|na|at)\b", re.IGNORECASE)
_DATED_OPENING = re.compile(r"^[-–—\s]*(?:[^\W\d]+[.,]{0,2}\s+){0,3}\d{1,4}\b")
_LETTERS = re.compile(r"[^\W\d_]+")
# GroupWise: ">>> Sam Renfort <sam@asso.example> 12/01/2027 10:06 >>>".
_BETWEEN_ARROWS = re.compile(r"^>{2,} ?[^>\s].{5,300}\d.{0,20}>{2,}$")


@dataclass(frozen=True, slots=True)
class Header:
    """Lines `start` to `end` (excluded) that announce a quote; `certain` when text below needs no quote marks."""

    start: int
    end: int
    certain: bool


def normalised(line: str) -> str:
    """A line as the rules read it: plain spaces, straight quotes, no bold marks, no invisible character."""
    line = line[:ATTRIBUTION_LIMIT * 2]
    if line.isascii() and "&" not in line:
        return " ".join(line.replace("*", "").split())
    line = _INVISIBLE.sub("", line).replace("’", "'").replace("&lt;", "<").replace("&gt;", ">").replace("*", "")
    return _SPACES.sub(" ", line).strip()


def is_quoted(line: str) -> bool:
    """Whether the line carries a quote mark."""
    return QUOTED.match(line) is not None


def find_headers(lines: list[str], plain: list[str], marker: str) -> list[Header]:
    """Headers of quotes outside quoted lines, in order. `plain` holds the normalised lines."""
    found: list[Header] = []
    wanted = letters(marker)
    index = 0
    while index < len(lines):
        header = None
        if plain[index] and (not is_quoted(lines[index]) or _between_arrows(plain[index])):
            header = _header_at(lines, plain, index, wanted)
        if header is None:
            index += 1
            continue
        floor = found[-1].end if found else 0
        start = max(header.start, floor)
        while start > floor and (not plain[start - 1] or RULE_LINE.match(plain[start - 1])):
            start -= 1
        # Blank lines above a header that stays alone belong to the text, not to it.
        if not any(RULE_LINE.match(plain[above]) and plain[above] for above in range(start, header.start)):
            start = max(header.start, floor)
        found.append(Header(start, header.end, header.certain))
        index = max(header.end, index + 1)
    return found


def letters(text: str) -> str:
    """Letters and digits only, lower case: how our marker is compared, whatever a program did to its dashes."""
    return "".join(character for character in text.lower() if character.isalnum())


def _between_arrows(line: str) -> bool:
    return bool(_BETWEEN_ARROWS.match(line) and DATE.search(line) and TIME.search(line))


def _is_marker(line: str, following: str, marker: str) -> int:
    """How many lines our marker takes here, 0 when the person only speaks of it."""
    if len(marker) < 12 or len(line) >= 300:
        return 0
    found = letters(line)
    if marker in found and (found.startswith(marker) or len(found) <= len(marker) + MARKER_EXCESS):
        return 1
    return 2 if len(found) >= 6 and marker == found + letters(following) else 0


def _header_at(lines: list[str], plain: list[str], index: int, marker: str) -> Header | None:
    line = plain[index]
    if line.startswith(CUT_SIGN) or ORIGINAL_LINE.match(line) or ORIGINAL_THEN_HEADER.match(line):
        return Header(index, _after_block(plain, index + 1), True)
    if line.startswith(HEADER_SIGN):
        return Header(index, index + 1, False)
    marked = _is_marker(line, plain[index + 1] if index + 1 < len(plain) else "", marker)
    if marked:
        return Header(index, index + marked, True)
    if _between_arrows(line):
        return Header(index, index + 1, True)
    end = header_block(plain, index)
    if end:
        return Header(index, end, True)
    if _TERMINATED.search(line) or BARE_END.search(line):
        start = _attribution_start(lines, plain, index)
        if start is not None:
            return Header(start, index + 1, False)
    if "@" in line and _with_quote_behind(line):
        return Header(index, index + 1, False)
    return None


def _with_quote_behind(line: str) -> bool:
    """An attribution with the first words of the quote on its own line, as Yahoo writes on Android."""
    verb = VERB.search(line)
    if verb is None or not line[verb.end():].lstrip().startswith(":"):
        return False
    text = line[:verb.end()] + ":"
    return bool(TIME.search(text) and ADDRESS.search(text) and _dated_attribution(text, False))


def _after_block(plain: list[str], index: int) -> int:
    """Index after the From/To block that follows a separator, blank lines skipped; `index` when there is none."""
    after = index
    while after < len(plain) and after < index + 3 and not plain[after]:
        after += 1
    return (header_block(plain, after) if after < len(plain) else 0) or index


def label_of(line: str) -> tuple[str, str]:
    """Kind of a "De : ..." line and its value; ("", "") for another line."""
    message_of = _MESSAGE_OF.match(line)
    if message_of:
        return SENT, message_of[1]
    for colon in (":", "："):
        name, found, value = line[:60].partition(colon)
        if found:
            kind = LABELS.get(name.strip().lower(), "")
            return (kind, value.strip() + line[60:]) if kind else ("", "")
    return "", ""


def header_block(plain: list[str], index: int) -> int:
    """Index after a block of header lines that begins at `index`, or 0 when this is not one.

    People also write "De : 9h à 12h" and "Date : ... / À : ...": an address, or a complete set of labels, is asked for.
    """
    kind, _ = label_of(plain[index])
    if not kind or kind == CC:
        return 0
    opened = kind
    kinds: set[str] = set()
    dated = timed = addressed = from_addressed = False
    last, wrapped, position = "", 0, index
    limit = min(len(plain), index + BLOCK_LINES)
    while position < limit:
        line = plain[position]
        kind, value = label_of(line)
        if kind:
            wrapped, last = 0, kind
            if kind == FROM and value[:1].isdigit() and "@" not in value:
                return 0
            if kind == FROM and FROM in kinds:
                break
            if kind in (TO, SUBJECT, WHEN, SENT) and (WHEN if kind == SENT else kind) in kinds and opened != FROM:
                return 0  # the first one is the person's own line ("À : Dax"): the block begins further down
            kinds.add(WHEN if kind == SENT else kind)
            if kind == SENT:
                kinds.add(SENT)
        elif not line:
            following = plain[position + 1] if position + 1 < limit else ""
            if not label_of(following)[0] or label_of(following)[0] in kinds:
                break
        else:
            value = line
            wrapped += 1
            if wrapped > 3 or last == WHEN:
                break
        if last in (WHEN, SENT):
            dated = dated or bool(DATE.search(value))
            timed = timed or bool(TIME.search(value))
        elif ADDRESS.search(value) and last in (FROM, TO, CC, "other"):
            addressed = True
            from_addressed = from_addressed or last == FROM
        position += 1
    core = kinds & {FROM, TO, WHEN, SUBJECT}
    ruled = index > 0 and bool(plain[index - 1] and RULE_LINE.match(plain[index - 1]))
    addressed = addressed and bool(from_addressed or ruled or WHEN in core)
    if len(core) >= 3 and (addressed or (FROM in core and SUBJECT in core and (SENT in kinds or timed or ruled))):
        return position
    if len(core) == 2 and WHEN in core and dated and timed and addressed and (from_addressed or TO in core):
        return position
    if FROM in core and SENT in kinds and dated and (addressed or ruled):
        return position
    return 0


def _attribution_start(lines: list[str], plain: list[str], end: int) -> int | None:
    """First line of the "Le 4 mars 2024 à 10:12, X a écrit :" that finishes on line `end`; None for other words."""
    quote_follows = _quote_follows(lines, plain, end + 1)
    text = ""
    addressed_start: int | None = None
    blank_seen = False
    for start in range(end, max(-1, end - LOOK_BACK), -1):
        line = plain[start]
        if is_quoted(lines[start]) or (not line and (blank_seen or not text.startswith(("<", "mailto:")))):
            break
        if not line:
            blank_seen = True
            continue
        text = f"{line} {text}".strip()
        if len(text) > ATTRIBUTION_LIMIT:
            break
        if not quote_follows and "@" not in text and not _DIGIT.search(text):
            continue
        # The line above is taken in only if it opens a date: it may be the end of the person's own words.
        opens = start == end or ((_DATE_WORDS.match(line) or DATE.search(line) or TIME.search(line))
                                 and not _PHONE.search(line))
        if addressed_start == end and start < end and "@" in plain[end] and not _opens_with_date(line):
            continue
        if opens and _dated_attribution(text, quote_follows):
            return start
        if addressed_start is None and _addressed_attribution(text, quote_follows):
            addressed_start = start
            if TIME.search(text) and DATE.search(text):
                break
    return addressed_start


def _opens_with_date(line: str) -> bool:
    """A line such as "Le mar. 12 janv. 2027 à 10:06, Réseau", above the one that ends with the sender's address."""
    dated = _DATE_WORDS.match(line) or re.match(r"\d|[^\W\d]{2,4}[.,]", line)
    return bool(dated) and _DATED_OPENING.match(line) is not None and "@" not in line and TIME.search(line) is not None


def _quote_follows(lines: list[str], plain: list[str], index: int) -> bool:
    while index < len(lines) and not plain[index]:
        index += 1
    return index < len(lines) and is_quoted(lines[index])


def _verb(text: str) -> tuple[bool, str]:
    """Whether a program's "wrote" ends the text, or has only a date, an address or a name behind; and what precedes."""
    for match in VERB.finditer(text):
        rest = text[match.end():].strip(" :：-–—,")
        if not rest or ADDRESS.search(rest) or TIME.search(rest) or (DATE.search(rest) and len(rest) < 40):
            return True, text[:match.start()]
        if match[0].lower() in _VERB_BEFORE_NAME and len(rest.split()) <= 5 and TIME.search(text[:match.start()]):
            return True, text[:match.start()]
    return False, ""


def _dated_attribution(text: str, quote_follows: bool) -> bool:
    if quote_follows and text.endswith(":") and _names_sender(text):
        return True
    if not _OPENER.match(text):
        return bool(_DASHED.match(text) and _verb(text)[0])
    address, timed = ADDRESS.search(text), TIME.search(text)
    dated = DATE.search(text)
    colon = text.endswith((":", "："))
    verb, before = _verb(text)
    if verb and (colon or BARE_END.search(text) or _DASHED.match(text)):
        if not address and (_NEXT_SENTENCE.search(before) or len(before.split()) > 18):
            return False
        if colon or _DASHED.match(text):
            return bool((dated or timed) and (timed or address or quote_follows))
        return bool(timed and address) or bool(timed and dated and quote_follows)
    return bool(colon and timed and dated and WRAPPED_ADDRESS.search(text[-130:]))


def _names_sender(text: str) -> bool:
    """A line in any language with a date, an hour and an address, right above the marks of a quote."""
    return bool(len(text) < 300 and TIME.search(text) and DATE.search(text) and ADDRESS.search(text)
                and text.count("<") == text.count(">"))


def _addressed_attribution(text: str, quote_follows: bool) -> bool:
    opening, closing = text.find("<"), text.find(">")
    cut_address = text.startswith(("<", "(", "@")) or (closing >= 0 and not 0 <= opening < closing)
    if cut_address or not text.endswith((":", "：")):
        return False
    if _QUOTING.match(text) and (ADDRESS.search(text) or quote_follows):
        return True
    verb, before = _verb(text)
    if verb and WRAPPED_ADDRESS.search(text) and not _NEXT_SENTENCE.search(before):
        return True
    return bool(verb and quote_follows and len(text) <= 100 and len(_LETTERS.findall(before)) <= 6)
