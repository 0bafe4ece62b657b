"""A mail as a person reads it: its words, who wrote them, its files judged; for mail that no conversation expects."""

from __future__ import annotations

import re

from models.typography import french
from services.attachments import judge
from services.inbound.reading import MailContent

from .apart import apart
from .decode import clean_text, decode_bytes
from .parse import ParsedMail, parse
from .reply_text import reply_text
from .signature_block import under_dashes

#: Files of one mail together.
FILES_BYTES = 20 * 1024 * 1024
FILES_COUNT = 20

_PHONE = re.compile(r"(?<![\d+])(?:\+33[ .]?(?:\(0\))?|0033[ .]?|0)[ .]?[1-9](?:[ .\-]?\d{2}){4}(?!\d)")
_FAX = re.compile(r"\b(?:fax|télécopie)\b|^\s*f\s?:", re.IGNORECASE)
#: « De : Noa Fictif <noa@…> », « From: noa@… », « *De :* … » at the head of a forwarded mail.
_ORIGINAL = re.compile(r"^[>*\s]*(?:de|from|expéditeur)\s*\*?\s?:\s*\*?\s*(?P<name>[^<\n\[]{0,120}?)\s*[<\[(]?(?:mailto:)?"
                       r"(?P<address>[^\s<>\[\]()\"';:,]+@[^\s<>\[\]()\"';:,]+\.[a-z]{2,})", re.IGNORECASE | re.MULTILINE)
_HEADERS_SHOWN, _HEADER_LENGTH = 80, 1000
#: A signature stands at the end: so many lines of a mail may hold the writer's telephone.
_LAST_LINES = 12


def read_mail(raw: bytes) -> MailContent:
    """What a mail says, from its raw bytes. Never raises: what cannot be read is shown as it came."""
    try:
        return content_of(apart(parse, raw))
    except Exception:  # noqa: BLE001 - whatever it is, a person must be able to see it
        return MailContent("", words=clean_text(decode_bytes(raw[:20_000])), readable=False)


def content_of(mail: ParsedMail) -> MailContent:
    """What a parsed mail says."""
    if mail.forwarded:
        words, elided = mail.text.strip(), ""
    else:
        cut = apart(reply_text, mail.text, mail.html)
        words, signature = under_dashes(cut.kept)
        words, elided = words.strip(), "\n\n".join(filter(None, [signature, cut.elided]))
    original = _ORIGINAL.search(mail.text) if mail.forwarded else None
    files, refused = kept_files(mail)
    headers = [(name, value[:_HEADER_LENGTH]) for name, values in mail.headers.items() for value in values]
    return MailContent(
        mail_id=mail.message_id, sender=mail.sender_address, sender_name=mail.sender_name, subject=mail.subject,
        recipients=mail.recipients, answers=mail.answered, sent_at=mail.date,
        words=words, elided=elided, phone=phone_in(words, elided), forwarded=mail.forwarded,
        original_name=original["name"].strip(" \"'*") if original else "",
        original_address=original["address"].lower().rstrip(".") if original else "", files=files, refused_files=refused,
        headers=tuple(headers[:_HEADERS_SHOWN]), readable=not any(note.startswith("unreadable") for note in mail.broken))


def phone_in(words: str, elided: str) -> str:
    """The French telephone number a writer signs with, as written, or "" (never that of a quoted letter, nor a fax)."""
    signature = [line for line in elided.splitlines()[:_LAST_LINES] if not line.lstrip().startswith(">")]
    for line in (*signature, *reversed(words.splitlines()[-_LAST_LINES:])):
        if (found := _PHONE.search(line)) and not _FAX.search(line[:found.start()]):
            return found[0].strip()
    return ""


def kept_files(mail: ParsedMail) -> tuple[tuple[tuple[str, str, bytes], ...], tuple[str, ...]]:
    """``(files, refusals)`` of a mail: ``(name, media type, content)`` of what may be kept, a sentence for what may not."""
    kept, refused, total = [], [], 0
    for file in mail.attachments:
        if file.inline:
            continue
        # What an attached message says is kept as a text a person can read; its files follow it.
        name, content = (f"{file.filename}.txt", file.words.encode()) if file.words else (file.filename, file.content)
        verdict = judge(name, content)
        total += len(content)
        if not verdict.ok:
            refused.append(verdict.reason)
        elif total > FILES_BYTES or len(kept) >= FILES_COUNT:
            refused.append(french(f"« {verdict.clean_name} » n'a pas été gardé : l'ensemble des fichiers dépasse 20\u00a0Mo. "
                                  "Envoyez-le dans un autre courriel."))
        else:
            kept.append((verdict.clean_name, verdict.media_type, content))
    return tuple(kept), tuple(refused)
