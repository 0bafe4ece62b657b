"""Which addresses a non-delivery report speaks of: RFC 3464 fields first, then the words of servers that have none."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, replace
from email import message_from_bytes

from inbox.decode import addresses_in
from inbox.parse import ParsedMail, parse
from inbox.parts import POLICY

MAX_LINES = 400
#: No server writes longer lines (RFC 5322, 2.1.1); the patterns of others are not linear.
LINE_LIMIT = 1_000
#: It writes the trace of what it raises, which we foresee, to a log that is read by people.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
#: Of a report, what flufl.bounce is shown: the returned mail behind it says nothing of the address.
FORMS_BYTES = 60_000

_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"\b([45]\d\d)\b[ \-#]")
# What follows is the mail that was returned: the addresses in it are those of its author and readers.
_RETURNED = re.compile(
    r"^[\s>*=\-_|]{0,40}(?:-{1,40} ?(?:this is a copy|below this line|(?:the )?(?:original|returned|unsent|failed) message"
    r"|message header|"
    r"(?:a )?copy of|header|enclosed)|original (?:message|mail)(?: text| header)?s?(?: follows?|:| was|$)"
    r"|the original message was received from"
    r"|(?:the )?(?:full |first |complete )?(?:headers?|text|body|content|contents)[^\n]{0,30} of (?:the"
    r"|your) (?:original )?"
    r"(?:message|mail)|returned message follows|unsent message (?:below|follows)|message header follows"
    r"|(?:your|the) (?:original )?message (?:follows|reads|was as follows|is (?:attached|included) below)"
    r"|received: ?(?:from|by)|return-path: ?<|message-id: ?<|mime-version: ?1|x-mailer: ?)",
    re.IGNORECASE,
)
_FAILURE = re.compile(
    r"unknown|not (?:found|exist|available|deliver|listed|be deliver|accept|valid|known|permitted|allowed|active)"
    r"|no such|invalid"
    r"|undeliverable|unable to|could ?n[o']t|cannot|failed|failure|fatal|reject|refused|denied|disabled|full|quota"
    r"|exceed"
    r"|does ?n[o']t|doesn|bounced|unreachable|permanent|unrouteable|unavailable|inactive|suspended|expired|no mailbox"
    r"|not a (?:valid|known)|didn't|returned|error|no longer|inconnu|impossible|introuvable|n'existe|non (?:remis"
    r"|distribu)|refusé"
    r"|rejeté|échec|pleine|saturée|mailbox|recipient|destinat|delivery|delivered|deliver|intended|addressee|sent to"
    r"|blocked"
    r"|following address|no matches|host",
    re.IGNORECASE,
)
_ALONE = re.compile(r"^[\s<\"'(\[*\-]*[^\s<>@]+@[^\s<>@]+[\s>\"')\]:;,.*]*$")
_LEADING = re.compile(r"^[\s*\-]*<?[^\s<>@]+@[^\s<>@:]+>?[\s.]*(?:[:;,(]|\.\.\.|\s{2,}|$)")
_LABELLED = re.compile(
    r"\b(?:(?:recipients?|to|addressee|address|destinataires?|user|mailbox|for)\s*(?:address)?\s*[:=]"
    r"|addressed(?: to)?[:,]?)\s*"
    r"(?:rfc822;)?\s*[<\"']?[^\s<>@]{1,100}@", re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"(?:following|these|failed|failing|suivante?s?|ces) (?:e-?mail )?(?:recipients?|address(?:es|\(es\))?|users?"
    r"|mailbox|destinataires?|adresses?)"
    r"[^@]*$|(?:not (?:be )?delivered to|not reach|failed for|pas (?:pu )?être (?:remis|distribué"
    r"|délivré) à)[^@]*:\s*$",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"\bdelay|will (?:be |keep )?(?:re)?try|still being retried|retardé|différé|warning", re.IGNORECASE)
_X400 = re.compile(r"\bSMTP[=:]", re.IGNORECASE)
_NOT_PEOPLE = ("postmaster@", "mailer-daemon@", "abuse@", "hostmaster@", "mailerdaemon@", "support@", "helpdesk@")


@dataclass(frozen=True, slots=True)
class Bounce:
    """One failed address. `status` is the RFC 3463 code or "", `action` failed, delayed... or "" (RFC 3464, 2.3)."""

    address: str
    status: str
    action: str
    diagnostic: str


def bounced_addresses(mail: ParsedMail, raw: bytes = b"") -> tuple[Bounce, ...]:
    """Addresses that a report says are not, or not yet, reached; those already delivered or relayed are left out.

    `raw` lets the forms of reports of many old servers be read too (flufl.bounce), where no field says the address.
    Only for mail already known for a bounce: a person's words may look like one of these forms.
    """
    return tuple(_from_report(mail) or _from_header(mail) or _from_known_forms(mail, raw) or _from_words(mail))


def _from_known_forms(mail: ParsedMail, raw: bytes) -> list[Bounce]:
    """What flufl.bounce recognises. It raises on a message without From, and is shown no more than it needs."""
    if not raw or not mail.sender_address or mail.delivery_status:
        return []
    from flufl.bounce import all_failures

    try:
        lines = raw.lstrip(b"\r\n")[:FORMS_BYTES].split(b"\n")
        message = message_from_bytes(b"\n".join(line[:LINE_LIMIT] for line in lines), policy=POLICY)
        temporary, permanent = all_failures(message)
    except Exception:  # noqa: BLE001 - a reader of forms may not stop the mail it reads
        return []
    addresses = {_as_text(address): address in permanent for address in (*temporary, *permanent)}
    found = [_described(mail, address) for address in sorted(addresses) if "@" in address]
    return [replace(bounce, action="failed") if addresses[bounce.address] else replace(bounce, action="delayed")
            for bounce in found if not bounce.address.startswith(_NOT_PEOPLE)]


def _as_text(address: bytes | str) -> str:
    return (address.decode("utf-8", "replace") if isinstance(address, bytes) else address).strip("<> ").lower()


def _from_report(mail: ParsedMail) -> list[Bounce]:
    found: dict[str, Bounce] = {}
    groups = mail.delivery_status
    if not groups and "delivery-status" in mail.headers.get("content-type", ("",))[0]:
        # Some filters put the whole report into an attached message.
        groups = tuple(group for item in mail.attachments if item.declared_type == "message/rfc822"
                       for group in parse(item.content).delivery_status)
    for group in groups:
        fields = [group.get(name, "") for name in ("original-recipient", "final-recipient")]
        action = group.get("action", "").strip().lower().split(" ")[0].split(";")[0]
        addresses = [a for field in fields for a in addresses_in(field.rpartition(";")[2] or field)]
        if not addresses or action in ("delivered", "relayed", "expanded"):
            continue
        status = _STATUS.search(group.get("status", "")) or _STATUS.search(group.get("diagnostic-code", ""))
        diagnostic = group.get("diagnostic-code", "").partition(";")[2].strip() or group.get("diagnostic-code", "")
        found[addresses[0]] = Bounce(addresses[0], status[1] if status else "", action, diagnostic[:500])
    return list(found.values())


def _from_header(mail: ParsedMail) -> list[Bounce]:
    """X-Failed-Recipients, which Exim writes."""
    addresses = [a for value in mail.headers.get("x-failed-recipients", ()) for a in addresses_in(value)]
    return [_described(mail, address) for address in dict.fromkeys(addresses)]


def _described(mail: ParsedMail, address: str) -> Bounce:
    """A failed address with what the words around it say: code, and whether the server still tries."""
    lines = mail.text[:40_000].split("\n")[:MAX_LINES]
    at = next((i for i, line in enumerate(lines) if address in line.lower()), None)
    around = " ".join(" ".join(lines[at:at + 5]).split()) if at is not None else ""
    status, code = _STATUS.search(around), _CODE.search(around)
    delayed = _DELAYED.search(mail.subject + " " + mail.text[:600])
    given = status[1] if status else (f"{code[1][0]}.0.0" if code else "")
    action = "delayed" if delayed or given.startswith("4") else "failed"
    return Bounce(address, given, action, around[:500])


def _from_words(mail: ParsedMail) -> list[Bounce]:
    ours = set(mail.recipients) | set(mail.from_addresses) | {mail.sender_address}
    lines = _report_lines(mail)
    domain = mail.sender_address.rpartition("@")[2]
    rules = (_after_announcement, _standing_alone, lambda lines: _bare_name(lines, domain), _near_failure)
    for rule in rules:
        found = [a for a in dict.fromkeys(rule(lines)) if a not in ours and not a.startswith(_NOT_PEOPLE)]
        if found:
            return [_described(mail, address) for address in found]
    # A server may return the mail of a person to that same person's other address: ours is then all there is.
    named = dict.fromkeys(_after_announcement(lines) or _standing_alone(lines))
    found = [address for address in named if not address.startswith(_NOT_PEOPLE)]
    return [_described(mail, address) for address in found]


def _report_lines(mail: ParsedMail) -> list[str]:
    """The server's own lines: those before the returned mail."""
    lines: list[str] = []
    for line in mail.text[:60_000].split("\n")[:MAX_LINES]:
        line = line[:LINE_LIMIT]
        if _RETURNED.match(line) and any(addresses_in(kept) for kept in lines):
            break
        lines.append(_X400.sub(" ", line))
    return lines


def _after_announcement(lines: list[str]) -> list[str]:
    """Addresses of the paragraph after "the following recipients could not be reached"."""
    for index, line in enumerate(lines):
        if not _ANNOUNCED.search(line[:300]):
            continue
        found: list[str] = []
        paragraph = True
        for following in lines[index + 1:]:
            paragraph = paragraph and not (found and not following.strip())
            if paragraph or _ALONE.match(following):
                found += addresses_in(following)[:1]
        if found:
            return found
    return []


def _bare_name(lines: list[str], domain: str) -> list[str]:
    """A name alone under the announcement: the part before "@", in the domain of the server that writes."""
    for index, line in enumerate(lines):
        words = " ".join(lines[index + 1:index + 3]).split()
        above = " ".join(lines[max(0, index - 2):index + 1])
        announced = line.rstrip().endswith(":") and re.search(r"recipient|address|destinataire", above, re.IGNORECASE)
        if announced and domain and len(words) == 1 and re.fullmatch(r"[\w.\-]{3,64}", words[0]):
            return [f"{words[0]}@{domain}".lower()]
    return []


def _standing_alone(lines: list[str]) -> list[str]:
    """Addresses that stand alone, that open a line followed by the reason, or that a label announces."""
    return [
        address for line in lines
        if len(line) < 600 and (_ALONE.match(line) or _LEADING.match(line) or _LABELLED.search(line))
        for address in addresses_in(line)[:1]
    ]


def _near_failure(lines: list[str]) -> list[str]:
    found: list[str] = []
    for index, line in enumerate(lines):
        near = " ".join(lines[max(0, index - 1):index + 2])[:1500]
        if "@" in line and _FAILURE.search(near):
            found += addresses_in(line)
    return found
