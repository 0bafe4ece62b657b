"""Mail as people write it to the network of their own accord, without answering a letter."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from secrets import token_hex

from models.base import db
from models.inbound import InboundMessage

STRANGER = "inconnu@ailleurs.example"
PDF = ("plan.pdf", "application/pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n")


def mail(to: str, words: str, sender: str = f"Noa Fictif <{STRANGER}>", subject: str = "Bonjour", files=(),
         **headers: str) -> bytes:
    """The bytes of a mail; ``headers`` replace or add (``Auto_Submitted="auto-replied"``)."""
    message = EmailMessage(policy=SMTP)
    fields = {"Subject": subject, "From": sender, "To": to, "Message-ID": f"<{token_hex(12)}@ailleurs.example>"}
    for name, value in (fields | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        message[name] = value
    message.set_content(words)
    for name, media_type, content in files:
        main, _, sub = media_type.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


class Door:
    """Brings mail in, and tells what became of it."""

    def __init__(self, app, clock) -> None:
        self.app, self.clock = app, clock

    def __call__(self, to: str, words: str, *args, **kwargs) -> int:
        return self.bring(mail(to, words, *args, Date=format_datetime(self.clock.now), **kwargs))

    def bring(self, raw: bytes) -> int:
        with self.app.app_context():
            return self.app.extensions["receive"](raw, "test", self.clock.now)

    def row(self, inbound_id: int) -> InboundMessage:
        with self.app.app_context():
            db.session.remove()
            return db.session.get(InboundMessage, inbound_id)
