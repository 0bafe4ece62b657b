"""Help among peers: who is asked, who helps, how it ends. Each module adds its actions to the table."""

from models.dossier import Dossier, Entraide
from models.entraide import Solicitation

from . import choosing, ending, fiche, helping, meeting, opinion, orientation  # noqa: F401


def solicitations(dossier: Dossier) -> list[Solicitation]:
    """Who was asked to help, in order; nobody for another kind of request."""
    return dossier.solicitations if isinstance(dossier, Entraide) else []
