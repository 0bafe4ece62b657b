"""The words one may write on the first line of a reply, and what each means for each role and kind: data.

``inbox/commands.py`` reads them, the letters offer them, and the guide lists them (``tests/house/test_guide.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from models.states import Kind, Role
from territory.spelling import fold


class Takes(StrEnum):
    """What may follow a word."""

    WORDS = "words"
    """A reason, a text, a word for somebody."""
    COLLEAGUE = "colleague"
    """The name or the address of a coordinator, on the same line."""
    DAYS = "days"
    """A day, or a first and a last one, on the same line."""
    LINE = "line"
    """A number, or answers, on the same line."""
    STRUCTURE = "structure"
    """The name of a structure, on the same line."""
    MOVE = "move"
    """A day, « au », then another one with its hours, on the same line."""


@dataclass(frozen=True)
class Word:
    """``say`` is how letters write it; ``also`` are other ways people write it.

    ``slugs``: kind of dossier -> the action it stands for; a word of ``roles`` that has none for a kind means nothing
    there, and is told so. ``natural``: ordinary French too, so that it is an order only when nothing is written after it.
    ``common``: begins a sentence so often that, where it means nothing, what begins with it is a letter.
    ``undo``: the word that undoes it. ``hint``: what follows it, in the guide and in letters.
    """

    say: str
    roles: frozenset[Role]
    slugs: Mapping[Kind, str]
    does: str
    also: tuple[str, ...] = ()
    takes: Takes = Takes.WORDS
    hint: str = ""
    natural: bool = False
    common: bool = False
    undo: str = ""
    phrases: tuple[str, ...] = field(init=False)

    @property
    def shown(self) -> str:
        """As letters write it: a slash marks what nobody would write by chance."""
        return self.say if self.natural or " " in self.say else f"/{self.say}"

    def __post_init__(self) -> None:
        object.__setattr__(self, "phrases", tuple(dict.fromkeys(fold(text) for text in (self.say, *self.also))))


def _everywhere(slug: str) -> dict[Kind, str]:
    return dict.fromkeys(Kind, slug)


_A, _E, _I, _M = Kind.ADHESION, Kind.ENTRAIDE, Kind.IMMERSION, Kind.MENTORAT
_COORDINATION = frozenset({Role.COORDINATOR})
_AUTHOR, _EMPLOYER, _HOST = frozenset({Role.AUTHOR}), frozenset({Role.EMPLOYER}), frozenset({Role.HOST})
_MENTOR, _PAIR = frozenset({Role.MENTOR}), frozenset({Role.AUTHOR, Role.MENTOR})
_HELPER, _PARTIES = frozenset({Role.HELPER}), _AUTHOR | _EMPLOYER | _HOST
_OTHERS = frozenset(Role) - {Role.CLOCK, Role.COORDINATOR}

#: What « oui » means from a member who is asked, once a year, whether what is known of them is right.
STILL_RIGHT = "toujours-juste"
#: What « j’accepte » means from a member to whom new commitments are put.
AGREES_TO_COMMITMENTS = "engagements"

WORDS: tuple[Word, ...] = (
    Word("accepter", _COORDINATION, {_A: "accepter", _I: "accepter"},
         "accepte l’adhésion ; ou prend l’immersion en charge et demande l’accord de l’employeur, s’il y en a un"),
    Word("refuser", _COORDINATION, _everywhere("refuser"), "ne donne pas suite ; le motif est transmis", hint="le motif",
         undo="rouvrir"),
    Word("résolu", _COORDINATION, {_E: "resolu"}, "dit que la question a trouvé sa réponse", undo="rouvrir"),
    Word("clore", _COORDINATION, {_E: "clore", _I: "clore"},
         "met fin à l’échange, ou au dossier une fois la convention envoyée", also=("clôturer", "fermer"), undo="rouvrir"),
    Word("rouvrir", _COORDINATION, {_A: "reprendre", _E: "rouvrir", _I: "rouvrir", _M: "rouvrir"},
         "reprend une demande close, résolue ou refusée", also=("réouvrir", "reprendre la demande")),
    Word("note", _COORDINATION, _everywhere("note"), "garde une note, que seule la coordination lit", hint="le texte",
         also=("note interne",), undo="retirer la note"),
    Word("retirer la note", _COORDINATION, _everywhere("retirer-note"), "efface la dernière note que vous avez écrite"),
    Word("je prends", _COORDINATION, _everywhere("prendre"), "dit à vos collègues que vous vous occupez de la demande",
         also=("prendre", "je m’en occupe", "je prends la demande",
               "je prends cette demande", "je prends le dossier", "je prends ce dossier"),
         natural=True, undo="je rends"),
    Word("je prends quand même", _COORDINATION, _everywhere("prendre-quand-meme"),
         "prend la demande qu’une ou un collègue avait prise ; elle ou il est prévenu", also=("prendre quand même",),
         natural=True, undo="je rends"),
    Word("je rends", _COORDINATION, _everywhere("rendre"), "dit que vous ne vous en occupez plus",
         also=("rendre", "je rends la demande", "je rends cette demande", "je rends le dossier", "je rends ce dossier"),
         natural=True, undo="je prends"),
    Word("transmettre à", _COORDINATION, _everywhere("transmettre"),
         "confie la demande à une ou un collègue, qui la reçoit avec l’échange", takes=Takes.COLLEAGUE,
         also=("transmettre", "confier à", "je transmets à"), hint="son nom ou son adresse", undo="je prends quand même"),
    Word("je m’absente jusqu’au", _COORDINATION, _everywhere("absence"),
         "envoie les nouvelles demandes à votre suppléance, jusqu’à ce jour compris", takes=Takes.DAYS,
         also=("je m’absente", "absence jusqu’au", "absence"), hint="le jour", natural=True, undo="je suis de retour"),
    Word("je suis de retour", _COORDINATION, _everywhere("retour"), "met fin à l’absence", also=("retour", "je suis revenue",
                                                                                              "je suis revenu"),
         natural=True),
    Word("proposer", _COORDINATION, {_I: "proposer", _M: "proposer"},
         "demande à cette structure si elle peut accueillir, ou à ce membre s’il veut bien être mentor ou mentore",
         takes=Takes.STRUCTURE, hint="le nom de la structure, ou de la personne", common=True, undo="changer d’accueil :"),
    Word("changer de mentor :", _COORDINATION, {_M: "changer-mentor"}, "cherche quelqu’un d’autre ; la personne lit vos mots",
         hint="un mot pour elle", also=("changer de mentore", "changer de mentor")),
    Word("d’accord version", _COORDINATION, {_M: "accorder"}, "accepte cette version du protocole de mentorat", takes=Takes.LINE,
         hint="son numéro", also=("d’accord avec la version",)),
    Word("terminer", _COORDINATION, {_M: "terminer"}, "met fin au mentorat ; les deux personnes sont remerciées", common=True,
         undo="rouvrir"),
    Word("changer d’accueil :", _COORDINATION, {_I: "changer-accueil"},
         "cherche une autre structure ; celle qui était sollicitée lit vos mots", hint="un mot pour elle"),
    Word("relecture", _COORDINATION, {_I: "relecture"}, "envoie le projet de convention aux parties, et à vous en PDF",
         also=("envoyer en relecture",), common=True),
    Word("signature", _COORDINATION, {_I: "signature"}, "envoie aux parties la convention à signer",
         also=("envoyer à signer", "envoyer à la signature"), common=True, undo="reprendre la convention :"),
    Word("reprendre la convention :", _COORDINATION, {_I: "reprendre"},
         "dit aux parties de ne pas signer la version envoyée", hint="ce qui doit changer"),
    Word("relancer", _COORDINATION, {_I: "relancer"}, "rappelle sa signature à une personne, une fois par jour au plus",
         takes=Takes.LINE, hint="son nom", also=("relance", "rappeler")),
    Word("publier le récit", _COORDINATION, {_I: "publier"}, "publie le récit, une fois tous d’accord"),
    Word("déplacer", _COORDINATION, {_I: "deplacer"}, "propose une autre date aux parties", takes=Takes.MOVE,
         hint="la date, « au », la nouvelle date et ses heures", common=True),
    Word("arrêter l’immersion :", _COORDINATION, {_I: "arreter"},
         "dit que l’immersion s’arrête, ou n’a pas lieu ; toutes les parties sont prévenues",
         hint="ce que les autres doivent savoir", undo="c’était une erreur"),
    Word("c’était une erreur", _COORDINATION | _PARTIES, {_I: "reprendre-immersion"},
         "reprend, dans la semaine, une immersion arrêtée par erreur", hint="un mot pour les autres"),
    Word("nouvelle étape :", _COORDINATION, {_I: "etape"}, "demande une autre immersion, qui continue ce parcours",
         hint="ce qui est cherché"),
    Word("je ne sais pas", _COORDINATION, {_E: "orienter"}, "donne à la personne les contacts du territoire", natural=True),
    Word("créneau", _COORDINATION, {_E: "choisir"}, "choisit un des créneaux proposés pour se parler", takes=Takes.LINE,
         hint="son numéro", common=True, undo="annuler le rendez-vous"),
    Word("annuler le rendez-vous", _COORDINATION, {_E: "annuler"}, "annule le rendez-vous ; les autres sont prévenus"),
    Word("d’accord pour une fiche", _COORDINATION, {_E: "fiche"},
         "permet de publier l’échange, sans nom, si la personne l’accepte", undo="retirer la fiche"),
    Word("retirer la fiche", _COORDINATION, {_E: "retirer-fiche"}, "retire la fiche publiée"),
    Word("stop", _COORDINATION, {}, "rien\u00a0: Ring vous explique comment transmettre la demande, ou vous absenter"),

    Word("oui", _AUTHOR, _everywhere("confirmer") | {_M: "accepter"},
         "confirme l’adresse d’une demande qui vient d’être envoyée ; ou accepte le mentor, la mentore",
         also=("je confirme", "confirmer", "je confirme mon adresse", "confirmer mon adresse", "oui je confirme")),
    Word("oui", _EMPLOYER, {_I: "accepter"}, "donne l’accord de principe",
         also=("accepter", "j’accepte", "d’accord", "accord", "je suis d’accord", "ok", "favorable", "avis favorable")),
    Word("non", _EMPLOYER, {_I: "refuser"}, "ne donne pas l’accord", hint="la raison",
         also=("refuser", "je refuse", "pas d’accord", "défavorable", "avis défavorable")),
    Word("accueillir", _HOST, {_I: "accueillir"}, "accepte d’accueillir, avec les dates et les noms demandés",
         also=("nous accueillons", "nous pouvons accueillir", "j’accueille"), hint="les lignes préparées par notre courriel"),
    Word("non", _HOST, {_I: "refuser"}, "ne peut pas accueillir cette fois", also=("refuser",)),
    Word("oui", _HOST, {_I: "accepter"}, "accepte ce qui vient de lui être demandé", also=("j’accepte", "d’accord", "ok")),
    Word("oui", _MENTOR, {_M: "accepter"}, "accepte d’être mentor ou mentore",
         also=("j’accepte", "d’accord", "ok", "oui je veux bien", "je veux bien", "oui avec plaisir", "avec plaisir",
               "oui volontiers", "volontiers", "oui bien sûr")),
    Word("non merci", _PAIR, {_M: "refuser"}, "préfère ne pas ; seule la coordination le sait",
         also=("plutôt quelqu’un d’autre", "pas cette fois", "je préfère pas", "je ne préfère pas")),
    Word("d’accord version", _PAIR, {_M: "accorder"}, "accepte cette version du protocole", takes=Takes.LINE, hint="son numéro",
         also=("d’accord avec la version", "ok version", "d’accord pour la version")),
    Word("ça va", _PAIR, {_M: "ca-va"}, "dit que le mentorat se passe bien", also=(
        "tout va bien", "ça se passe bien", "ça va bien", "très bien", "ça se passe très bien", "tout se passe bien")),
    Word("j’aimerais en parler", _PAIR, {_M: "en-parler"}, "demande à la coordination, et à elle seule, d’en parler",
         also=("en parler", "je voudrais en parler", "ça ne va pas", "ça ne se passe pas bien", "ça va pas")),
    Word("continuer", _PAIR, {_M: "continuer"}, "souhaite continuer trois mois de plus",
         also=("je souhaite continuer", "je veux continuer", "on continue", "oui je souhaite continuer")),
    Word("terminer", _PAIR, {_M: "terminer"}, "met fin au mentorat", also=("je souhaite terminer", "arrêter", "m’arrêter là",
                                                                         "on s’arrête là")),
    Word("mon mot", _PAIR, {_M: "mot"}, "laisse un mot à l’autre personne", hint="votre mot"),
    Word("d’accord", _AUTHOR, {_I: "accepter", _A: AGREES_TO_COMMITMENTS, _M: "accepter"},
         "accepte ce qui vient de lui être demandé", also=("j’accepte", "je suis d’accord", "ok")),
    Word("non", _AUTHOR, {_I: "refuser", _M: "refuser"}, "garde la date prévue ; ou préfère un autre mentor, une autre mentore",
         also=("pas d’accord",)),
    Word("non", _MENTOR, {_M: "refuser"}, "ne peut pas être mentor ou mentore cette fois"),
    Word("déplacer", _PARTIES, {_I: "deplacer"}, "propose une autre date aux autres parties", takes=Takes.MOVE,
         hint="la date, « au », la nouvelle date et ses heures"),
    Word("arrêter l’immersion :", _PARTIES, {_I: "arreter"}, "dit que l’immersion s’arrête, ou n’a pas lieu",
         hint="ce que les autres doivent savoir", undo="c’était une erreur"),
    Word("mon retour", _PARTIES, {_I: "bilan"}, "donne son retour sur l’immersion", also=("mon bilan", "mon récit"),
         hint="les lignes préparées par notre courriel"),
    Word("nouvelle étape :", _AUTHOR, {_I: "etape"}, "demande une autre immersion", hint="ce qui est cherché"),
    Word("c’est résolu", _AUTHOR, {_E: "resolu"}, "la question a trouvé sa réponse", also=("résolu",), undo="rouvrir"),
    Word("rouvrir", _AUTHOR, {_E: "rouvrir"}, "reprend l’échange", also=("réouvrir",)),
    Word("retirer ma demande", _AUTHOR, _everywhere("retirer"), "retire la demande", also=("retirer",)),
    Word("je prends", _HELPER, {_E: "prendre"}, "aide la personne ; vos mots lui sont transmis", also=(
        "je prends la demande", "je prends cette demande", "je peux aider", "je m’en occupe", "je réponds"), undo="je rends"),
    Word("pas cette fois", _HELPER, {_E: "pas-cette-fois"}, "demande à quelqu’un d’autre", also=(
        "non", "non merci", "pas disponible", "pas possible cette fois")),
    Word("à un·e collègue", _HELPER, {_E: "collegue"}, "propose la demande à un·e collègue", takes=Takes.COLLEAGUE,
         hint="son nom ou son adresse", also=("à un collègue", "à une collègue", "à ma collègue", "à mon collègue",
                                                  "voir avec", "demandez à")),
    Word("en pause jusqu’au", _HELPER, {_E: "pause"}, "arrête les demandes d’aide jusqu’à ce jour", takes=Takes.DAYS,
         hint="le jour", also=("en pause", "pause jusqu’au", "je suis en pause jusqu’au", "je me mets en pause jusqu’au")),
    Word("je ne sais pas", _HELPER, {_E: "orienter"}, "donne à la personne les contacts du territoire", natural=True),
    Word("créneau", _AUTHOR | _HELPER, {_E: "choisir"}, "choisit ce créneau", takes=Takes.LINE, hint="son numéro",
         also=("je choisis le créneau", "le créneau", "creneau numéro")),
    Word("annuler le rendez-vous", _AUTHOR | _HELPER, {_E: "annuler"}, "annule le rendez-vous"),
    Word("avis", _AUTHOR, {_E: "avis"}, "répond aux deux questions de la fin", takes=Takes.LINE, hint="oui, oui"),
    Word("d’accord pour une fiche", _AUTHOR | _HELPER, {_E: "fiche"}, "permet d’en faire une fiche sans nom",
         also=("d’accord pour la fiche", "ok pour une fiche", "oui pour la fiche"), undo="retirer la fiche"),
    Word("retirer la fiche", _AUTHOR | _HELPER, {_E: "retirer-fiche"}, "retire la fiche"),
    Word("je rends", _HELPER, {_E: "rendre"}, "rend la demande ; quelqu’un d’autre est cherché",
         also=("je ne peux plus aider", "je rends la demande"), undo="je prends"),
    Word("stop", _OTHERS, _everywhere("stop"), "n’envoie plus de courriels sur cette demande", undo="reprendre les courriels",
         also=("stop courriels", "désinscription", "me désinscrire", "désabonnement", "ne plus m’écrire")),
    Word("reprendre les courriels", _OTHERS, _everywhere("reprendre-courriels"), "envoie de nouveau les courriels",
         also=("reprendre courriels",), natural=True, undo="stop"),
)


@cache
def words_of(role: str, kind: str | None = None) -> tuple[Word, ...]:
    """The words of that role, in order; with ``kind``, those that mean something there."""
    return tuple(word for word in WORDS if role in word.roles and (kind is None or kind in word.slugs))


def word_for(slug: str, role: str, kind: str) -> Word | None:
    """The word that stands for that action, if one does."""
    return next((word for word in words_of(role, kind) if word.slugs[Kind(kind)] == slug), None)


def undoing(word: Word, role: str, kind: str) -> Word | None:
    """The word that undoes it for that role and kind, if one does."""
    return next((other for other in words_of(role, kind) if word.undo and other.say == word.undo), None)

