"""Who moves now, as the page of a request says it to whoever of its people reads it."""

from __future__ import annotations

from models.dossier import Dossier
from models.states import AdhesionState, EntraideState, ImmersionState, Kind, Labelled, MentoratState

#: In words that suit each of them; what is over, or signed and shown, needs none.
WAITED_FOR: dict[Kind, dict[Labelled, str]] = {
    Kind.ADHESION: {AdhesionState.SUBMITTED: "La coordination lit la demande, puis répond par courriel."},
    Kind.ENTRAIDE: {
        EntraideState.SUBMITTED: "La coordination répond, ou cherche la bonne personne.",
        EntraideState.IN_PROGRESS: "L’échange est ouvert. Pour continuer, écrivez ici, ou répondez au dernier courriel.",
    },
    Kind.IMMERSION: {
        ImmersionState.SUBMITTED: "La coordination lit la demande, puis répond par courriel.",
        ImmersionState.EMPLOYER_ASKED: "Un accord de principe a été demandé. La réponse est attendue.",
        ImmersionState.EMPLOYER_AGREED: "La coordination cherche une structure d’accueil.",
        ImmersionState.HOST_ASKED: "Une structure d’accueil a été sollicitée. Sa réponse est attendue.",
        ImmersionState.HOST_AGREED: "Les dates sont connues. Chaque partie complète sa part de la convention.",
        ImmersionState.IN_REVIEW: "La convention est à relire. Une fois complète, elle part à signer.",
        ImmersionState.TO_SIGN: "La convention est à signer par toutes les parties.",
        ImmersionState.CHANGE_ASKED: "Une modification de la convention est demandée. La coordination s’en occupe.",
        ImmersionState.DECLINED: "Une partie ne signe pas cette convention. La coordination reprend contact avec chacune.",
        ImmersionState.EXPIRED: "Il manquait une signature à la date prévue. La coordination reprend contact avec chacune.",
        ImmersionState.LIVED: "L’immersion a eu lieu. Les retours sont attendus.",
    },
    Kind.MENTORAT: {
        MentoratState.SUBMITTED: "La coordination cherche près de là une personne du réseau qui peut accompagner.",
        MentoratState.MENTOR_ASKED: "Une personne du réseau a été sollicitée. Sa réponse est attendue.",
        MentoratState.AUTHOR_ASKED: "Une personne du réseau veut bien. La réponse de la personne à accompagner est attendue.",
        MentoratState.AGREED: "La paire est faite. Il reste à écrire le protocole : objectifs, rythme, durée.",
        MentoratState.TO_AGREE: "Le protocole est à accepter par les trois parties.",
        MentoratState.UNDER_WAY: "Le mentorat est en cours. Ce qui s’écrit ici n’est lu que par la coordination.",
    },
}


def waited_for(dossier: Dossier) -> str:
    """What is waited for now, and from whom; "" when nothing is."""
    return next((said for state, said in WAITED_FOR[dossier.kind_].items() if state == dossier.state), "")
