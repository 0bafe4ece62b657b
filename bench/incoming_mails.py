"""The mails both programs take in: replies as French clients write them, some with a file; only the addressing differs."""

from __future__ import annotations

import random
from email.message import EmailMessage
from email.policy import SMTP

REQUESTS = 50
QUOTED = ["Bonjour Camille,", "", "Voici des nouvelles de votre demande : une personne de la coordination la lit.",
          "Vous pouvez répondre simplement à ce courriel.", "", "À bientôt,", "Le réseau"]
WORDS = ("Bonjour,\n\nMerci pour votre réponse n° {index}. La personne viendra mardi à 14 h avec son téléphone et ses papiers ;\n"
         "elle n’a plus l’accès à son ancienne adresse.\n\nBien cordialement,\nCamille Exemple\n02 61 91 00 00")


def mails(threads: list[dict], count: int, first: int = 0) -> list[bytes]:
    """``count`` replies, each to one of ``threads``; one in ten carries a file of 100 kB, one in four is text alone."""
    return [_reply(threads[index % len(threads)], index) for index in range(first, first + count)]


def heavy_mail(thread: dict) -> bytes:
    """A reply of about 25 MB: one file of 18 MB, as the largest servers let through."""
    return _reply(thread, 10, b"%PDF-1.7\n" + random.Random(1).randbytes(18_300_000))


def _reply(thread: dict, index: int, file: bytes = b"") -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"Camille Exemple <{thread['sender']}>"
    mail["To"] = f"Le réseau <{thread['to']}>"
    mail["Subject"] = f"Re: {thread['subject']}"
    mail["Date"] = "Tue, 12 Jan 2027 10:06:12 +0100"
    mail["Message-ID"] = f"<{index}.bench@structure.example>"
    mail["In-Reply-To"] = thread["message_id"]
    mail["References"] = thread["message_id"]
    words = WORDS.format(index=index)
    header = "Le mar. 12 janv. 2027 à 10:06, Le réseau <reponse@ring.example> a écrit :"
    mail.set_content(f"{words}\n\n{header}\n\n" + "\n".join(f"> {line}".rstrip() for line in QUOTED) + "\n")
    if index % 4:
        page = "".join(f"<div>{line or '<br>'}</div>" for line in words.split("\n"))
        quote = "".join(f"<p>{line}</p>" for line in QUOTED)
        mail.add_alternative(f'<div dir="ltr">{page}</div><br><div class="gmail_quote"><div class="gmail_attr">{header}<br></div>'
                             f'<blockquote class="gmail_quote">{quote}</blockquote></div>', subtype="html")
    if file or index % 10 == 0:
        content = file or b"%PDF-1.7\n" + random.Random(index).randbytes(100_000)
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=f"convention signée {index}.pdf")
    return bytes(mail)
