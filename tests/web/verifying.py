"""What /verifier answers, read as a person reads it, for the tests of codes and those of files."""

from __future__ import annotations

import io
from datetime import datetime

from cast import ANDREA, CLAUDE, NOA
from pages import soup
from roads.signed import again, signed

from models.convention import Convention
from services import convention
from services.files import read_content

PEOPLE = ("Noa", "Claude", "Andréa", "Ariel", "Alix", NOA, CLAUDE, ANDREA, "06 39", "Lilas", "Voir un atelier")


def sealed_by_all(now: datetime) -> Convention:
    """A convention all signed, and sealed."""
    row = signed(now)
    convention.seal_due(now)
    return again(row)


def content(row: Convention) -> bytes:
    return read_content(row.sealing.file)


def told(client, pdf: bytes, name: str = "convention.pdf"):
    # By hand: Werkzeug's own way leaves a temporary file open when it is large.
    body = (f'--bound\r\nContent-Disposition: form-data; name="fichier"; filename="{name}"\r\n'
            "Content-Type: application/pdf\r\n\r\n").encode() + pdf + b"\r\n--bound--\r\n"
    return client.post("/verifier", data=body, content_type="multipart/form-data; boundary=bound")


def words(response) -> str:
    return " ".join(soup(response).main.get_text(" ").split())


def heading(response) -> str:
    return " ".join(soup(response).h1.get_text(" ").split())


def by_code(client, row: Convention):
    return client.get(f"/verifier/{row.verification_code}")


def resaved(pdf: bytes) -> bytes:
    import pikepdf
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as read:
        read.save(out)
    return out.getvalue()


def flipped(pdf: bytes) -> bytes:
    start = pdf.index(b"stream", len(pdf) // 3) + 60
    return pdf[:start] + bytes([pdf[start] ^ 1]) + pdf[start + 1:]
