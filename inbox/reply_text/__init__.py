"""New words of a reply: what the person wrote, and apart from it all that was cut (issue 3, part 2).

Losing a person's words is worse than leaving a quote: in doubt everything stays, and what is cut can be unfolded.
"""

from __future__ import annotations

from dataclasses import dataclass

from inbox.decode import clean_text, html_to_text
from inbox.reply_text.headers import CUT_SIGN, HEADER_SIGN, is_quoted
from inbox.reply_text.layout import Layout
from inbox.reply_text.pages import page_as_text
from inbox.reply_text.sent import SentText

DEFAULT_MARKER = "--- Répondez au-dessus de cette ligne ---"
TEXT_LIMIT = 2_000_000


@dataclass(frozen=True, slots=True)
class ReplyText:
    """`kept`: the person's words. `elided`: every line left out (quotes, signature), in order, "" when none."""

    kept: str
    elided: str


def reply_text(text: str, html: str = "", sent_text: str = "", marker: str = DEFAULT_MARKER) -> ReplyText:
    """Cuts a reply to its new words.

    `text` is the plain text, `html` the page if any, `sent_text` the mail that is answered. `kept` is "" only when
    each line left out is proven not to be the person's (quote marks, the mail sent, "Envoyé de mon iPhone"): such a
    mail holds a file or nothing. Otherwise, when everything would vanish, the whole text is kept. A mail that the
    caller knows to be forwarded needs no call: everything in it is meant.
    """
    text = clean_text(text)[:TEXT_LIMIT].replace(HEADER_SIGN, "").replace(CUT_SIGN, "")
    sent = SentText(sent_text) if sent_text.strip() else None
    layout = Layout(text, marker, sent)
    # A text with quote marks says all that the page says; without them the page knows better where its quotes are.
    if html and (not layout.quote_found or not any(map(is_quoted, layout.lines))):
        page = page_as_text(html)
        if page or not text.strip():
            from_page = Layout(page or html_to_text(html), marker, sent)
            if not text.strip() or (from_page.quote_found and from_page.words(0, len(from_page.lines))):
                layout, text = from_page, "\n".join(from_page.lines)
    return _split(layout, text)


def _split(layout: Layout, text: str) -> ReplyText:
    pairs = list(zip(layout.lines, layout.dropped, strict=True))
    kept = _trimmed("\n".join(line for line, dropped in pairs if not dropped))
    if not kept and not (layout.proven and any(layout.dropped)):
        return ReplyText(_trimmed(text), "")
    return ReplyText(kept, _trimmed("\n".join(line for line, dropped in pairs if dropped)))


def _trimmed(text: str) -> str:
    """Without the blank lines around; the indentation of the first line is the person's."""
    lines = text.replace(HEADER_SIGN, "").replace(CUT_SIGN, "").rstrip().split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    return "\n".join(lines)
