"""What a mail is: a person's words, our own mail coming back, a bounce, an automatic answer, a list, spam.

Order and rules: study on mail, 1.3 and 1.5 (RFC 3834, RFC 3464, and what servers and French programs really write).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from inbox.bounces import Bounce, bounced_addresses
from inbox.parse import ParsedMail

__all__ = ["Bounce", "Classification", "Kind", "bounced_addresses", "classify"]


class Kind(StrEnum):
    """What a mail is; only HUMAN (and CALENDAR, an answer to an invitation) carries a person's act."""

    HUMAN = "human"
    OWN = "own"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    SPAM = "spam"
    LIST = "list"
    RECEIPT = "receipt"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Classification:
    """The kind of a mail and the names of the rules that said so, for the person who reads the log."""

    kind: Kind
    reasons: tuple[str, ...]


_DAEMON = re.compile(
    r"^(?:mailer-?daemon|postmaster|mdaemon|mail-?daemon|bounces?|mailadm)(?:[+\-=_].*)?@", re.IGNORECASE)
_DAEMON_NAME = re.compile(
    r"mail(?:er)?[ -]?(?:delivery|daemon|system|administrator)|delivery (?:sub)?system|postmaster|system administrator"
    r"|internet mail"
    r"|mail ?server|service de messagerie|virus ?wall|jetmail",
    re.IGNORECASE,
)
_NO_REPLY = re.compile(
    r"^(?:no-?reply|do-?not-?reply|ne-?pas-?repondre|nepasrepondre|noreponse)(?:[+\-_.].*)?@", re.IGNORECASE)
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|delivery (?:has )?(?:status|failure|failed|notification|report|problem|incomplete|error|delayed"
    r"|unsuccessful)|deliver(?:y|ed) fail"
    r"|fail(?:ure|ed)[ :]+(?:delivery|mail|notice)|failure notice|failed mail|mail failed|returned (?:mail|message"
    r"|to sender)|mail (?:delivery|system) (?:fail|error|problem|warning)"
    r"|could ?n[o']t be delivered|could not be delivered|not (?:be )?delivered|unable to deliver|non[- ]?deliver"
    r"|nondeliverable|mail error|processing error"
    r"|(?:message|mail|courriel|e-?mail) (?:non |pas )?(?:remis|distribu|délivr|transmis)(?:é|able)?|non[- ]remis"
    r"|non distribu|échec (?:de|d['’]) ?(?:la )?(?:remise|envoi|distribution|livraison)"
    r"|message (?:delayed|status|rejected|bounced|not delivered|you sent blocked)|warning: (?:could not|message)"
    r"|permanent delivery|returned by|rejected mail"
    r"|mail delivery|delivery reports?|user unknown|unknown (?:user|recipient|address)|rejected:|address (?:error"
    r"|unknown)|не доставлен"
    r"|inexistant address|invalid (?:address|recipient)|\bbounce\b|bounced mail|undelivr"
    r"|retourn(?:é|e) à l['’]expéditeur",
    re.IGNORECASE,
)
_BOUNCE_WORDS = re.compile(
    r"could ?n[o']t be delivered|could not be (?:delivered|sent)|cannot be delivered|was (?:not"
    r"|un)(?: able to be)? ?deliver|undeliverable"
    r"|unable to deliver|delivery (?:to the following|failed|attempts? fail|has fail)|did not reach the following"
    r"|delivery error"
    r"|permanent (?:fatal )?(?:delivery )?error|following (?:recipients?|address(?:es)?) (?:did not|failed|had|could"
    r"|were)|user unknown|unknown user|no such user"
    r"|mailbox (?:is )?(?:full|unavailable|not found|disabled)|message (?:was )?(?:rejected|bounced|returned)"
    r"|n['’]a pas pu être (?:remis|distribué|délivré|envoyé)"
    r"|returned to (?:the )?sender|not been delivered|not delivered|has been rejected|address (?:rejected|not found"
    r"|unknown)|account (?:is )?(?:disabled|inactive)"
    r"|recipient (?:rejected|unknown|not found|address)|over ?quota|no longer (?:valid|active|in use|available)"
    r"|delivery failure",
    re.IGNORECASE,
)
_ABSENCE = re.compile(
    r"^\W*(?:réponse automatique|réponse auto\b|réponse d['’]absence|(?:message|avis"
    r"|notification) d['’]absence|absence du bureau"
    r"|absent(?:e|\(e\)|·e)?(?: du bureau| jusqu|\s?[:(]|$)|en congés?(?: jusqu|\s?:|$| maternité)"
    r"|(?:je suis|actuellement) (?:absent|en congé)"
    r"|(?:courriel|e-?mail|mail) d['’]absence|réponse (?:en cas )?d['’]absence|notification automatique"
    r"|(?:\S+ ){1,4}est (?:actuellement )?absente?(?:\(e\)|·e)? du bureau\s*(?:$|\.|\()"
    r"|auto: |auto-re:|auto\s?:.{0,80}\b(?:absente?|retour|returning)\b|auto-?répond|autorépon"
    r"|votre (?:message|demande|courriel|mail|e-?mail) a (?:bien )?été (?:reçue?|enregistrée?|pris en compte)"
    r"|accusé de réception de votre (?:message|demande|courriel|mail|e-?mail)|en vacances(?: jusqu|\s?:|$)"
    r"|hors (?:du |de mon )?bureau|courriel automatique|message automatique|accusé de réception automatique|répondeur"
    r"|automatic reply|auto(?:matic)?[- ]?(?:reply|response|réponse)\b|autoreply|out[- ]of[- ](?:the[- ])?office"
    r"|vacation (?:reply|message|notice)|on vacation|away from (?:the office|my mail)"
    r"|i am (?:away|out of)|abwesenheits(?:notiz|nachricht|assistent)|automatische antwort|respuesta automática"
    r"|fuera de (?:la )?oficina|risposta automatica|fuori ufficio"
    r"|resposta automática|automatisch antwoord|afwezig|autosvar|automatiskt svar|frånvaro|odpowiedź automatyczna"
    r"|автоответ|自动回复|自動返信|自動回覆)",
    re.IGNORECASE,
)
# What people write to each other and servers do not: such a mail only speaks of an address that fails.
_PERSONAL = re.compile(
    r"\b(?:bonjour|bonsoir|salut|cordialement|bien à (?:vous|toi)|merci|bonne (?:journée|soirée)|à bientôt|je |j['’]"
    r"|mon |ma "
    r"|mes |hello|hi,|dear |best regards|kind regards|cheers|thanks|thank you|i have|i am |i tried|my )",
    re.IGNORECASE,
)
# What a vacation program says, read only in what came to the address of bounces: people say the same of themselves.
_AWAY = re.compile(
    r"\b(?:absent(?:e|\(e\)|·e)?\b|en congés?\b|en vacances\b|de retour le\b|mon retour\b|indisponible\b"
    r"|out of (?:the )?office|on (?:vacation|leave|holiday)|réponse automatique|répondrai (?:à|dès))", re.IGNORECASE)
_RETURN = re.compile(r"^retour[+=][a-z2-7]{26}@", re.IGNORECASE)
_OUR_MESSAGE_ID = re.compile(r"^<\d{14}\.[0-9a-f]{20}@")
_CALENDAR_SUBJECT = re.compile(
    r"\s*(?:accept|declin|tentative|invitation|refus|provisoire|annul|cancel|nouvelle heure"
    r"|updated invitation)", re.IGNORECASE)
# Header that a filter writes -> what it says of spam: SpamAssassin, Rspamd, Exchange, Vade (OVH), Free, Barracuda, SES.
_SPAM_SIGNS = {name: re.compile(sign, re.IGNORECASE) for name, sign in {
    "x-spam-flag": "yes", "x-spam-status": "yes", "x-spam": "yes|spam", "x-spam-action": "(?:reject|quarantine)",
    "x-ms-exchange-organization-scl": "[5-9]$", "x-vr-spamstate": "spam", "x-proxad-sc": ".*state=spam",
    "x-barracuda-spam-flag": "yes", "x-ses-spam-verdict": "fail", "x-me-spamlevel": "high", "x-ovh-spam-status": "spam",
}.items()}
_INVITING = ("invitation", "updated invitation", "annul", "cancel", "nouvelle heure")
_AGENDA_WORDS = re.compile(
    r"\b(?:invitation|invité|agenda|calendar|calendrier|quand\s?:|when\s?:|événement|event|a accepté|a refusé|has accepted"
    r"|has declined)\b", re.IGNORECASE)
_AUTO_HEADERS = ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-mail-autoreply", "x-autogenerated",
                 "x-post-messageclass", "x-ms-exchange-inbox-rules-loop", "x-auto-reply", "x-autoresponder",
                 "x-vacation")


def classify(mail: ParsedMail, own_domain: str) -> Classification:
    """Kind of a mail and the rules that fired. `own_domain` is the domain of our addresses and of our Message-IDs."""
    domain = own_domain.lower().strip("@ ")
    returned = _came_back(mail, domain)
    for kind, rules in (
        (Kind.OWN, _own(mail, domain)),
        (Kind.BOUNCE, _bounce(mail, returned)),
        (Kind.RECEIPT, ["receipt"] if mail.has_receipt else []),
        (Kind.AUTOMATIC, _automatic(mail, returned)),
        (Kind.SPAM, _spam(mail)),
        (Kind.LIST, _list(mail)),
        (Kind.CALENDAR, ["calendar"] if mail.has_calendar and _is_calendar_only(mail) else []),
    ):
        if rules:
            return Classification(kind, tuple(rules))
    return Classification(Kind.HUMAN, ())


def _first(mail: ParsedMail, name: str) -> str:
    return mail.headers.get(name, ("",))[0]


def _came_back(mail: ParsedMail, domain: str) -> bool:
    """Whether the mail came to the address bounces go to (VERP): servers write there, and people's vacation programs."""
    return bool(domain) and any(
        _RETURN.match(address) and address.endswith(f"@{domain}") for address in mail.recipients)


def _own(mail: ParsedMail, domain: str) -> list[str]:
    if not domain:
        return []
    reasons = []
    if _OUR_MESSAGE_ID.match(mail.message_id) and mail.message_id.lower().endswith(f"@{domain}>"):
        return ["own-message-id"]  # mail/outbox.py made it: a redirection brings our own letter back
    from_us = mail.sender_address.endswith(f"@{domain}")
    if from_us and "+" in mail.sender_address:
        reasons.append("from-reply-address")
    # A coordinator may have a mailbox on the same domain: the Message-ID alone says nothing.
    answers_to = " ".join(mail.headers.get("reply-to", ())).lower()
    relayed = "+" in answers_to and domain in answers_to
    marked = _first(mail, "auto-submitted") or _first(mail, "precedence") or relayed
    if from_us and marked and mail.message_id.lower().endswith(f"@{domain}>"):
        reasons.append("own-message-id")
    return reasons


def _null_sender(mail: ParsedMail) -> bool:
    return any(value.replace(" ", "") in ("<>", "") for value in mail.headers.get("return-path", ()))


def _bounce(mail: ParsedMail, returned: bool) -> list[str]:
    """A report by its structure; otherwise two signs at least, one of which is not the subject alone."""
    recipients = [group for group in mail.delivery_status if "final-recipient" in group or "action" in group]
    actions = {group.get("action", "").strip().lower() for group in recipients if group.get("action")}
    if recipients and not actions <= {"delivered", "relayed", "expanded"}:
        return ["delivery-status"]
    reasons = []
    content_type = _first(mail, "content-type").lower()
    if "report-type=delivery-status" in content_type.replace(" ", "").replace('"', ""):
        reasons.append("report-type")
    if mail.headers.get("x-failed-recipients"):
        reasons.append("x-failed-recipients")
    if reasons:
        return reasons
    replied = _first(mail, "auto-submitted").lower().startswith("auto-replied")
    daemon = bool(_DAEMON.match(mail.sender_address) or _DAEMON.match(_first(mail, "from")))
    subject, words = bool(_BOUNCE_SUBJECT.search(mail.subject)), bool(_BOUNCE_WORDS.search(mail.text[:6000]))
    named = bool(_DAEMON_NAME.search(mail.sender_name) or _DAEMON_NAME.search(_first(mail, "from")))
    null = _null_sender(mail)
    if (_ABSENCE.match(mail.subject) and not daemon) or (mail.has_receipt and not (daemon or named)):
        return []
    signs = {"return-address": returned, "daemon-sender": daemon, "null-sender": null and not replied, "daemon-name": named,
             "subject": subject, "words": words}
    fired = [name for name, sign in signs.items() if sign]
    if (subject or words) and (daemon or named or returned or (null and not replied)):
        return fired
    if returned and not replied and (daemon or null):
        return fired
    if daemon and not mail.sender_address.startswith("postmaster") and bounced_addresses(mail):
        return [*fired, "failed-address"]
    # Some gateways sign with a person's address and no header: a subject of theirs, no thread, and their words.
    if subject and words and not mail.in_reply_to and not mail.references and not _PERSONAL.search(mail.text[:4000]):
        return fired
    return []


def _automatic(mail: ParsedMail, returned: bool) -> list[str]:
    reasons = []
    # A vacation program answers the envelope sender, which no person ever sees (RFC 3834, 4; reference email.md 1.4, 2).
    if returned and (_AWAY.search(mail.text[:1500]) or not (mail.in_reply_to or mail.references)):
        reasons.append("return-address")
    if _first(mail, "auto-submitted").strip().lower().split(";")[0].split("(")[0].strip() not in ("", "no"):
        reasons.append("auto-submitted")
    for name in ("precedence", "x-precedence"):
        if _first(mail, name).strip().lower() in ("auto_reply", "auto-reply", "junk"):
            reasons.append(name)
    bulk = _first(mail, "precedence").strip().lower() == "bulk" and not _is_list(mail)
    reasons += ["precedence"] if bulk else []
    reasons += [name for name in _AUTO_HEADERS if _first(mail, name).strip().lower() not in ("", "no", "false")]
    if _ABSENCE.match(mail.subject):
        reasons.append("subject")
    # In a small office the person who looks after the mail writes from postmaster@, and answers our letters.
    answers = mail.sender_address.startswith("postmaster@") and bool(mail.in_reply_to) and not _null_sender(mail)
    if _DAEMON.match(mail.sender_address) and not answers:
        reasons.append("daemon-sender")
    if _NO_REPLY.match(mail.sender_address):
        reasons.append("no-reply-sender")
    if _null_sender(mail):
        reasons.append("null-sender")
    # Exchange puts X-Auto-Response-Suppress on what people write, too: it only confirms another sign.
    suppressed = _first(mail, "x-auto-response-suppress").lower()
    if reasons and any(word in suppressed for word in ("oof", "autoreply", "all")):
        reasons.append("x-auto-response-suppress")
    return reasons


def _spam(mail: ParsedMail) -> list[str]:
    reasons = [name for name, sign in _SPAM_SIGNS.items() if sign.match(_first(mail, name).strip())]
    scl = re.search(r"\bSCL:([5-9])\b", _first(mail, "x-forefront-antispam-report"))
    return [*reasons, "scl"] if scl else reasons


def _is_list(mail: ParsedMail) -> bool:
    return any(mail.headers.get(name) for name in ("list-id", "list-post", "x-mailing-list", "x-beenthere"))


def _list(mail: ParsedMail) -> list[str]:
    reasons = ["list-headers"] if _is_list(mail) else []
    if _first(mail, "precedence").strip().lower() == "list":
        reasons.append("precedence")
    return reasons


def _is_calendar_only(mail: ParsedMail) -> bool:
    """An invitation or the answer to one, made by an agenda: a person who joins an .ics to a letter writes a letter, and
    so does one who refuses with a word of explanation."""
    words = mail.text.strip()
    said = len(words.split()) >= 3 and not _AGENDA_WORDS.search(words)
    if said and _CALENDAR_SUBJECT.match(mail.subject) and not mail.subject.lower().lstrip().startswith(_INVITING):
        return False
    return ("method=" in _first(mail, "content-type").lower() or len(mail.text.strip()) < 40
            or _CALENDAR_SUBJECT.match(mail.subject) is not None)
