"""A network that has lived for a while, written straight into its tables: figures need many people and requests."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.base import db, transaction
from models.dossier import Entraide, Immersion, Participant
from models.journal import JournalEntry
from models.structure import MemberKind, Membre

#: Communes of the Gard with how many members of each kind live there: structures, professionals, learners.
MEMBERS = {"30189": (12, 31, 6), "30007": (7, 14, 1), "30028": (5, 9, 0), "30350": (1, 2, 0), "30263": (0, 6, 0),
           "30321": (6, 5, 7)}
#: Theme -> how many requests in each of the months that follow the first.
REQUESTS = {"demarches_administratives": (9, 12, 14), "posture": (6, 2, 7), "diagnostic": (5, 0, 0), "autre": (0, 1, 0)}


def populate(first: datetime, *, over: bool = False) -> None:
    """Members who all joined on ``first``, and requests on the tenth of its month and of the two that follow.

    Nine in ten requests are answered after a day and resolved; ``over``: nothing waits for anybody any more.
    """
    with transaction():
        members = 0
        for commune, numbers in MEMBERS.items():
            for kind, number in zip(MemberKind, numbers, strict=True):
                for _ in range(number):
                    email = f"m{members}@courriel.example"
                    members += 1
                    db.session.add(Membre(kind=kind.value, given_name="Ama", family_name="Exemple", commune=commune, email=email,
                                          joined_at=first, charter_version="2026-11"))
        number = 0
        for theme, counts in REQUESTS.items():
            for month, count in enumerate(counts):
                at = _tenth(first, month)
                for _ in range(count):
                    number += 1
                    _request(number, theme, at, over)
        for rank in range(6):
            db.session.add(Immersion(**dossier_row("immersion", rank, first), answers={},
                                     state="refused" if over else "submitted"))


def _request(number: int, theme: str, at: datetime, over: bool) -> None:
    answered = number % 10 != 0
    one = Entraide(**dossier_row("entraide", number, at), answers={"theme": theme},
                   state="resolved" if answered else "closed" if over else "in_progress")
    if answered:
        one.journal.append(JournalEntry(kind="answered", at=at + timedelta(days=1), facts={}))
    db.session.add(one)


def dossier_row(kind: str, number: int, at: datetime) -> dict:
    return {"year": at.year, "number": number, "reference": f"{kind[:4].upper()}-{at.year}-{number:04d}", "title": "Une question",
            "submission_key": f"{kind}-{number}", "commune": "30189", "created_at": at, "confirmed_at": at, "moved_at": at,
            "summary": [], "participants": [Participant(role="author", name="Ama Exemple", email="ama@courriel.example")]}


def _tenth(first: datetime, months: int) -> datetime:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return first.replace(year=year, month=month + 1, day=10, hour=9)
