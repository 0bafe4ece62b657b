"""Words that act: the first line of a reply, with or without slash and accents. Doubt is not a command.

The words themselves are data of ``services/words.py``; what each does is an action of ``services/acting.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.words import Takes, Word, words_of
from territory.spelling import fold


@dataclass(frozen=True)
class Command:
    """``slug`` of the action, the word it was said with, the words that go with it.

    ``argument`` is what followed on the same line, for a word that takes a name or a day.
    """

    slug: str
    words: str
    said: str = ""
    argument: str = ""


#: « Oui, mais… » on the second line is an answer with a condition: a person reads it.
_CONDITION = re.compile(r"(?:mais|sauf|a condition|si|uniquement|seulement|sous reserve|a partir)\b")
_GREETING = re.compile(r"(?:bonjour|bonsoir|salut|coucou|hello|chere?s?)\b(?: \w+){0,3}")
#: What people write under their words, which says nothing more.
_CLOSING = re.compile(
    r"(?:bien )?(?:cordialement|a vous|a toi|amicalement|respectueusement|solidairement)\b(?: \w+){0,3}"
    r"|(?:bien )?cordialement|a bientot|a plus|bonne (?:journee|soiree|semaine|fin de journee|reception)|bon week end"
    r"|(?:avec )?mes (?:meilleures )?salutations(?: \w+)?|salutations(?: \w+)?")
_THANKS = re.compile(r"(?:un grand )?merci\b(?: \w+){0,3}")
_SLASH = re.compile(r"\s*/\s*(?=[^\W\d_])")


def read_command(text: str, role: str, kind: str) -> Command | None:
    """The command on the first line of ``text`` for somebody in ``role`` about a ``kind`` of dossier, or None.

    « /refuser Le dossier est incomplet », « Refuser : déjà traité », « Oui, » alone, « transmettre à Charlie ».
    A sentence that merely begins with such a word (« Accepter serait difficile ») is not one, and so is « Je prends »
    with other lines under it: those may be for the person.
    """
    found = _find(text, role)
    if found is None or kind not in found.word.slugs:
        return None
    slug, rest = found.word.slugs[kind], found.rest if says_something(found.rest) else ""
    alone = not says_something(found.rest, thanks=True)
    if found.word.takes != Takes.WORDS:
        return None if found.natural and not alone else Command(slug, rest, found.word.say, found.after)
    if not found.after:
        if (found.natural and not alone) or (found.word.say in ("oui", "non") and _CONDITION.match(fold(rest))):
            return None
        return Command(slug, rest, found.word.say)
    if found.slashed or found.after[0] == ":":
        return Command(slug, f"{found.after.lstrip(' :,;–-')}\n{rest}".strip(), found.word.say)
    return None


def doubtful_word(text: str, role: str, kind: str) -> str:
    """The word of command a coordinator's reply may mean, when it is not certain that it is one; "" otherwise.

    Such words must not reach the person by mistake: « refuser dossier incomplet » is more likely an order than a letter.
    What others than the coordination write is read by the coordination: there is nothing to doubt.
    """
    if role != "coordinator":
        return ""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    if not lines:
        return ""
    if (second := next((said for line in lines[1:] if (said := _slashed_word(line, role))), "")):
        return second
    if read_command(text, role, kind) is not None:
        return ""
    found = _find(text, role)
    if found and found.word.common and found.after and not found.slashed and kind not in found.word.slugs:
        return ""
    if found and (found.slashed or not found.word.natural or not found.after or found.word.takes == Takes.DAYS):
        return found.word.say
    if _SLASH.match(lines[0]):
        return re.split(r"[\s:,;]", _SLASH.sub("", lines[0], count=1), maxsplit=1)[0][:30]
    if len(lines) > 1 and _GREETING.fullmatch(fold(lines[0])) and (under := _find("\n".join(lines[1:]), role)):
        return under.word.say if not under.word.natural or (not says_something(under.rest) and not under.after) else ""
    return ""


@dataclass(frozen=True)
class _Found:
    """A word at the head of a reply: what follows it on its line, and the lines under it."""

    word: Word
    slashed: bool
    after: str
    rest: str

    @property
    def natural(self) -> bool:
        return self.word.natural and not self.slashed


def _find(text: str, role: str) -> _Found | None:
    first, _, rest = text.strip().partition("\n")
    slash = _SLASH.match(first)
    bare = (first[slash.end():] if slash else first).strip("*_« »\u00a0\"“”\t")
    known = {phrase: word for word in words_of(role) for phrase in word.phrases}
    for end in _ends_of_words(bare):
        if word := known.get(fold(bare[:end])):
            after = bare[end:].strip()
            # « Accepter. » and « Oui, » stand alone all the same.
            after = after if after.strip(" .,;!…*_»\"”\u00a0") else ""
            return _Found(word, bool(slash), after, rest.strip())
    return None


def _ends_of_words(line: str) -> Iterator[int]:
    """Where each word of the first eight ends, from the last one: the longest phrase wins."""
    return reversed([found.end() for found in re.finditer(r"[^\W_]+", line)][:8])


def _slashed_word(line: str, role: str) -> str:
    found = _find(line, role) if _SLASH.match(line) else None
    return found.word.say if found else ""


def says_something(rest: str, *, thanks: bool = False) -> bool:
    """True when there is more under the word than a polite end and a name; ``thanks``: they are a polite end too."""
    lines = [folded for line in rest.splitlines() if (folded := fold(line))]
    while lines and (_CLOSING.fullmatch(lines[0]) or (thanks and _THANKS.fullmatch(lines[0]))):
        lines = lines[1:]
        if lines and len(lines[0].split()) <= 4:
            lines = lines[1:]  # the name
    return bool(lines)
