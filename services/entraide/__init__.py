"""Help among peers: who is asked, who helps, how it ends. Each module adds its actions to the table."""

from models.dossier import Dossier
from models.entraide import Solicitation

from . import choosing, ending, fiche, helping, meeting, opinion, orientation  # noqa: F401


def solicitations(dossier: Dossier) -> list[Solicitation]:
    """Who was asked to help, or to be a mentor, in order."""
    return dossier.solicitations
