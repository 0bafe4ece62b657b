"""Members who offer help, and requests for it, for the stories of help among peers."""

from __future__ import annotations

from datetime import UTC, datetime

from cast import AIDE

from models.base import db, transaction
from models.structure import MemberKind, Membre, Structure

DOMINIQUE, ARIEL, SACHA = "dominique@structure-a.example", "ariel@structure-c.example", "sacha@structure-a.example"
YAEL, CLAUDE = "yael@structure-e.example", "claude@structure-c.example"
#: Communes: Saint-Hippolyte-du-Fort, Bagnols-sur-Cèze, Le Vigan.
AT = {DOMINIQUE: "30263", ARIEL: "30028", SACHA: "30263", YAEL: "30350", CLAUDE: "30028"}


def member(email: str, *, skills: tuple[str, ...] = ("demarches_administratives",), pace: str = "semaine", named: bool = False,
           structure: str = "", kind: MemberKind = MemberKind.PROFESSIONAL, commune: str = "", **more) -> None:
    """Have somebody be a member; ``structure`` is the name of theirs. Outside of a transaction, inside an application context."""
    with transaction():
        theirs = None
        if structure:
            theirs = db.session.scalar(db.select(Structure).where(Structure.name == structure)) or Structure(
                name=structure, commune=AT.get(email, "30189"))
        given, _, family = email.partition("@")[0].partition(".")
        db.session.add(Membre(
            kind=kind.value, given_name=given.capitalize(), family_name=family.capitalize() or "Essai", email=email,
            commune=commune or AT.get(email, "30189"), skills_offered=list(skills), directory=["nom"] if named else [],
            pace=pace, charter_version="2026-11", joined_at=datetime(2026, 12, 1, tzinfo=UTC), structure=theirs, **more))


def question(*visible: str, kind: str = "question", theme: str = "demarches_administratives", **who: str):
    """The pages of a request for help that peers may read, and ``visible`` besides."""
    (first, asked), (second, context), (third, me) = AIDE
    return ((first, asked | {"help_kind": kind, "theme": theme}), (second, context | {"visibility": ["pairs", *visible]}),
            (third, me | who))
