"""An HTML reply as text, with the quotes that its page declares turned into the marks that the text rules read.

The classes and ids are those that Gmail, Outlook, Apple Mail, Thunderbird, Yahoo, Proton and Zimbra write
(reference: behaviour 16 of the study on mail). Outlook prefixes those of others with "x_".
"""

from __future__ import annotations

from lxml import html as lxml_html
from lxml.etree import _Comment, _ProcessingInstruction

from inbox.decode import HTML_LIMIT, html_to_text
from inbox.reply_text.headers import CUT_SIGN, HEADER_SIGN
from inbox.reply_text.vocabulary import FORWARD_OPENS

_QUOTES = {"yahoo_quoted", "gmail_quote", "protonmail_quote", "tutanota_quote", "zmail_extra", "moz-forward-container"}
_HEADERS = {"gmail_attr", "moz-cite-prefix", "moz-cite-header", "outlookmessageheader"}
_CUTS = {"divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container", "olk_src_body_section",
         "outlookmessageheader", "zwchr", "reply-intro", "ms-outlook-mobile-reference-message"}
_HOLD = "\ue005"
_MAX_QUOTES = 2000


def page_as_text(markup: str) -> str:
    """Text of the page with "> " before what the page marks as quoted, or "" when it marks nothing."""
    markup = markup[:HTML_LIMIT]
    for sign in (HEADER_SIGN, CUT_SIGN, _HOLD):
        markup = markup.replace(sign, "")
    try:
        root = lxml_html.document_fromstring(markup.encode("utf-8", "replace"),
                                             parser=lxml_html.HTMLParser(encoding="utf-8"))
        held = _hold_quotes(root)
        if not held:
            return ""
        text = html_to_text(lxml_html.tostring(root, encoding="unicode"))
    except Exception:  # noqa: BLE001 - lxml refuses some pages with many kinds of errors: the plain text rules remain
        return ""
    return _with_marks(text, held)


def _names(element) -> set[str]:
    names = [*(element.get("class") or "").split(), element.get("id") or "", element.get("name") or ""]
    return {name.lower().removeprefix("x_") for name in names if name}


def _kind(element) -> str:
    """What an element says of itself: "quote", "header", "cut" or ""."""
    names = _names(element)
    tag = element.tag if isinstance(element.tag, str) else ""
    marker = (element.get("data-marker") or "").upper()
    if names & _CUTS or marker in ("__DIVIDER__", "__QUOTED_TEXT__", "__HEADERS__"):
        return "cut"
    if names & _HEADERS:
        return "header"
    cited = (element.get("type") or "").lower() == "cite" or element.get("cite")
    if tag == "blockquote" and (cited or names & _QUOTES):
        return "quote"
    # Gmail and Proton put the person's own words, too, inside the block that holds header and quotes.
    if names & {"yahoo_quoted", "zmail_extra", "tutanota_quote"} or any(n.startswith("yahoo_quoted") for n in names):
        return "quote"
    return ""


def _hold_quotes(root) -> list[tuple[str, str]]:
    """Takes the outermost quotes out of the tree, leaving a numbered sign, and gives (kind, text) of each."""
    held: list[tuple[str, str]] = []
    inside: set = set()
    for element in list(root.iter()):
        if isinstance(element, (_Comment, _ProcessingInstruction)) or not isinstance(element.tag, str):
            continue
        parent = element.getparent()
        if parent is None:
            continue
        if parent in inside:
            inside.add(element)
            continue
        kind = _kind(element)
        if not kind or len(held) >= _MAX_QUOTES:
            continue
        sign = lxml_html.Element("div")
        sign.text = f"{_HOLD}{len(held)}{_HOLD}"
        if kind == "cut":
            held.append((kind, ""))
            parent.insert(parent.index(element), sign)
            continue
        if kind == "header" and FORWARD_OPENS.match((element.text_content() or "")[:200]):
            continue  # Gmail announces a forwarded mail with the element it announces a quote with
        inside.add(element)
        sign.tail, element.tail = element.tail, None
        parent.replace(element, sign)
        held.append((kind, html_to_text(lxml_html.tostring(element, encoding="unicode")).strip()))
    return held


def _with_marks(text: str, held: list[tuple[str, str]]) -> str:
    lines: list[str] = []
    for line in text.split("\n"):
        before, found, rest = line.partition(_HOLD)
        while found:
            number, _, rest = rest.partition(_HOLD)
            kind, quote = held[int(number)]
            lines += [before] if before.strip() else []
            if kind == "cut":
                lines.append(CUT_SIGN)
            elif kind == "header":
                lines.append(HEADER_SIGN + " ".join(quote.split()))
            else:
                lines += [f"> {quoted}" if quoted else ">" for quoted in quote.split("\n")]
            before, found, rest = rest.partition(_HOLD)
        lines += [before] if before.strip() or not line.strip() else []
    return "\n".join(lines)
