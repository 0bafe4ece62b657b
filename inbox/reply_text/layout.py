"""Which lines of a reply are new words: answers above, below or between the quoted lines."""

from __future__ import annotations

import re

from inbox.reply_text.headers import CUT_SIGN, HEADER_SIGN, QUOTE_MARKS, Header, find_headers, is_quoted, label_of, normalised
from inbox.reply_text.sent import SentText, drop_sent
from inbox.reply_text.signatures import drop_additions
from inbox.reply_text.vocabulary import ANSWERS_BELOW, DATE, FORWARD_LINE, TIME

_INITIALS = re.compile(r"^[A-Z]{1,3}>(?:\s|$)")
_CLOSES_ADDRESS = re.compile(r"^>[^>]{0,40}:\s*$")
_BROKEN_LINK = re.compile(r"^\S*[/=_&?%.@)>]\S*$")
_OPEN_LINK = re.compile(r"(?:https?:|www\.|mailto:|<)\S*$", re.IGNORECASE)

# Nobody writes so many lines: what follows them is one block, kept or cut as a whole.
MAX_LINES = 20_000


class Layout:
    """The lines of a reply and, for each, whether it is left out of the person's words."""

    def __init__(self, text: str, marker: str, sent: SentText | None) -> None:
        self.lines = text.split("\n", MAX_LINES)
        self._mark_initials()
        self._unmark_wrapped_addresses()
        self.plain = [normalised(line) for line in self.lines]
        self.dropped = [False] * len(self.lines)
        self.headers = find_headers(self.lines, self.plain, marker)
        self.quote_found = False
        self.sent_found = False
        self._client: set[int] = set()
        if self._is_forward():
            return
        stops = {header.start for header in self.headers}
        self._client = drop_additions(self.lines, self.plain, self.dropped, stops)
        self._apply_headers()
        self._apply_blocks()
        if sent is not None:
            before = sum(self.dropped)
            drop_sent(self.plain, self.dropped, sent)
            self.sent_found = sum(self.dropped) > before
            self._drop_orphans()
            self.quote_found = self.quote_found or self.sent_found

    def words(self, start: int, end: int) -> list[int]:
        """Lines of the person between two positions: not blank, not quoted, not left out."""
        return [i for i in range(start, end) if self.plain[i] and not self.dropped[i] and not is_quoted(self.lines[i])]

    @property
    def proven(self) -> bool:
        """Whether what was left out needs no guess: quote marks, the mail sent, or a mail program's own words."""
        announcing = {index for header in self.headers for index in range(header.start, header.end)}
        return all(
            is_quoted(line) or not plain or index in self._client or self.sent_found or index in announcing
            for index, (line, plain) in enumerate(zip(self.lines, self.plain, strict=True))
        )

    def _mark_initials(self) -> None:
        """Old programs quote with initials ("AB> "): two such lines in a row are read as quoted."""
        found = [bool(_INITIALS.match(line)) for line in self.lines]
        for index, line in enumerate(self.lines):
            near = (index and found[index - 1]) or (index + 1 < len(found) and found[index + 1])
            if found[index] and near:
                self.lines[index] = "> " + line

    def _unmark_wrapped_addresses(self) -> None:
        """A ">" that closes an address cut over two lines, as in "> wrote:", is no quote mark."""
        above = ""
        for index, line in enumerate(self.lines):
            opened = above.count("<") > above.count(">")
            if line.startswith(">") and opened and _CLOSES_ADDRESS.match(line):
                self.lines[index] = " " * 5 + line
                above = ""
            elif line.strip():
                above = (above + line if opened else line)[-300:]

    def _is_forward(self) -> bool:
        """A forwarded mail is what the person wants to show: nothing of it is cut."""
        first = self.headers[0] if self.headers else None
        end = len(self.lines) if first is None else first.start + 1
        if first is not None and self.plain[first.start].startswith(CUT_SIGN):
            end = first.end + 3
        return any(FORWARD_LINE.match(self.plain[i]) for i in range(min(end, len(self.lines)))
                   if not is_quoted(self.lines[i]) and self.plain[i])

    def _drop(self, start: int, end: int) -> None:
        self.dropped[start:end] = [True] * (end - start)
        self.quote_found = True

    def _apply_headers(self) -> None:
        has_words = False
        position = 0
        for header in self.headers:
            above = self.words(position, header.start)
            has_words = has_words or bool(above)
            position = header.end
            following = next((i for i in range(header.end, len(self.lines))
                              if self.plain[i] and not self.dropped[i]), None)
            if following is None or is_quoted(self.lines[following]):
                self._drop(header.start, header.end)
            elif has_words:
                if above and self.plain[above[-1]].endswith(":") and self._shown(header, above[-1]):
                    continue
                if not any(ANSWERS_BELOW.search(self.plain[i]) for i in above):
                    self._drop(header.start, len(self.lines))
                return
            elif not header.certain and self._is_written_by_a_program(header):
                self._drop(header.start, header.end)
            # A block such as "De : / À :" with nothing above it: the quote has no mark, so all of it stays.

    def _is_written_by_a_program(self, header: Header) -> bool:
        """Whether a header that stands first, with words without marks under it, has the date and hour a program puts."""
        text = " ".join(self.plain[header.start:header.end])
        return text.startswith(HEADER_SIGN) or bool(TIME.search(text) and DATE.search(text))

    def _shown(self, header: Header, announced: int) -> bool:
        """A mail that the person pastes and announces ("Un usager a reçu ceci :"): shown, not quoted by a program."""
        return bool(label_of(self.plain[header.start])[0]) and len(self.plain[announced].split()) > 1

    def _drop_orphans(self) -> None:
        """Headers whose quote was recognised as the mail sent go with it."""
        for header in self.headers:
            after = header.end
            while after < len(self.lines) and not self.plain[after]:
                after += 1
            if after >= len(self.lines) or self.dropped[after]:
                self._drop(header.start, header.end)

    def _blocks(self) -> list[tuple[int, int]]:
        """Runs of quoted lines, with the blank lines and the pieces of broken links between them."""
        blocks: list[tuple[int, int]] = []
        index = 0
        while index < len(self.lines):
            if self.dropped[index] or not is_quoted(self.lines[index]):
                index += 1
                continue
            end = last = index
            while end < len(self.lines) and not self.dropped[end] and (
                is_quoted(self.lines[end]) or not self.plain[end] or self._is_broken_link(end)
            ):
                if is_quoted(self.lines[end]):
                    last = end
                end += 1
            blocks.append((index, last + 1))
            index = last + 1
        return blocks

    def _is_broken_link(self, index: int) -> bool:
        return (0 < index < len(self.lines) - 1 and is_quoted(self.lines[index - 1])
                and is_quoted(self.lines[index + 1]) and bool(_BROKEN_LINK.match(self.plain[index]))
                # "Oui." between two questions is an answer: a link must be left open at the end of the line above.
                and bool(_OPEN_LINK.search(self.plain[index - 1])))

    def _apply_blocks(self) -> None:
        blocks = self._blocks()
        if not blocks:
            return
        words = self.words(0, len(self.lines))
        last_word = words[-1] if words else -1
        announcements = sum(1 for header in self.headers if self.dropped[header.start])
        alone = len(blocks) == 1 and announcements <= 1 and self._is_announced(blocks[0])
        for block in blocks:
            trailing = block[0] > last_word
            # One announced quote and one answer: the quote goes wherever the answer is. Several: they are the
            # questions between which the person answers, and the answers mean nothing without them.
            if trailing or alone:
                self._drop_block(block)

    def _is_announced(self, block: tuple[int, int]) -> bool:
        start, end = block
        above = start - 1
        while above >= 0 and not self.plain[above]:
            above -= 1
        if any(header.end == above + 1 for header in self.headers):
            return True
        quoted = [QUOTE_MARKS.sub("", self.lines[i]) for i in range(start, min(end, start + 12))]
        inside = find_headers(quoted, [normalised(line) for line in quoted], "")
        return bool(inside) and not any(line.strip() for line in quoted[:inside[0].start])

    def _drop_block(self, block: tuple[int, int]) -> None:
        start, end = block
        while start > 0 and not self.plain[start - 1]:
            start -= 1
        if not (start > 0 and self.dropped[start - 1]):
            start = block[0]
        while end < len(self.lines) and not self.plain[end]:
            end += 1
        self._drop(start, end)
