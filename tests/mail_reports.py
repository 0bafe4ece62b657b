"""Non-delivery reports as mail servers write them (RFC 3464)."""

from __future__ import annotations


def report(to: str, failed: str, status: str = "5.1.1", action: str = "failed", said: str = "550 5.1.1 User unknown",
           letter: str = "", number: int = 1) -> bytes:
    """A report to ``to`` about ``failed``; with ``letter``, the Message-ID of the letter that comes back."""
    returned = f"""
--b
Content-Type: text/rfc822-headers

From: reseau@ring.example
Subject: Une lettre
References: <20270101080000.00000000000000000000@ring.example>
Message-ID:
 {letter}
""" if letter else ""
    return f"""From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Date: Mon, 11 Jan 2027 09:05:00 +0100
Message-ID: <report-{number}@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {failed}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}
{returned}
--b--
""".replace("\n", "\r\n").encode()
