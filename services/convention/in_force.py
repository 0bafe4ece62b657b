"""What a signed convention says today, its signed amendments included."""

from __future__ import annotations

from models.convention import Convention, ConventionKind, ConventionState
from models.dossier import Dossier, Immersion
from pdf import avenant
from pdf.convention import ConventionData, from_json

from ..errors import NotFound


def said_by(row: Convention) -> ConventionData:
    """The convention as a version reads, or as it reads once that amendment holds."""
    return avenant.from_json(row.data).consolidated if row.kind == ConventionKind.AVENANT else from_json(row.data)


def in_force(dossier: Immersion, but: Convention | None = None) -> ConventionData:
    """The convention as it reads today; ``but``: as it read before that amendment. :raises NotFound: it is not signed."""
    signed = [row for row in dossier.conventions if row.state == ConventionState.SIGNED and row is not but]
    if not signed:
        raise NotFound("La convention n’est pas encore signée.")
    return said_by(signed[-1])


def open_amendment(dossier: Dossier) -> Convention | None:
    """The amendment that waits for signatures, if any: one at a time."""
    return next((row for row in dossier.conventions if row.number and row.state == ConventionState.ISSUED), None)
