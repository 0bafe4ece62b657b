"""What the three reports ask after an immersion: data for the page (forms/evaluation.py) and for answers in a mail.

Two minutes each. The employer's is about the scheme and not about the person; nobody gives a mark to anybody.
"""

from __future__ import annotations

from dataclasses import dataclass

from .evaluation import Publication, Voice

#: The first line of a report given by mail.
SAY = "mon retour"
LONGEST = 4000

YES, PARTLY, NO, MAYBE = "oui", "en partie", "non", "peut-être"
AS_PLANNED = ((YES, "Oui, comme prévu"), (PARTLY, "En partie"), (NO, "Non, elle n’a pas eu lieu"))
USEFUL = ((YES, "Oui"), (PARTLY, "En partie"), (NO, "Non"))
AGAIN = ((YES, "Oui"), (MAYBE, "Peut-être"), (NO, "Non"))
PUBLISH = ((Publication.NAMED.value, "Oui, avec mon nom"), (Publication.NAMELESS.value, "Oui, sans mon nom"),
           ("no", "Non"))


@dataclass(frozen=True)
class Question:
    """``label``: how its line begins in a mail; ``ask``: the whole question; ``also``: other beginnings people write.

    ``choices``: value -> words, for a question that has a few answers; ``can``: what to write in a mail; ``says``: other words
    people write -> value.
    """

    name: str
    label: str
    ask: str
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    optional: bool = False
    also: tuple[str, ...] = ()
    says: tuple[tuple[str, str], ...] = ()
    can: str = ""


HELD = Question("held", "Comme prévu", "L’immersion s’est-elle passée comme prévu ?", AS_PLANNED,
                can="oui, en partie ou non", also=("passée comme prévu", "prévu"))

QUESTIONS: dict[Voice, tuple[Question, ...]] = {
    Voice.COMPANION: (
        HELD,
        Question("seen", "Vu et fait", "Qu’avez-vous vu et fait ?", hint="Quelques lignes, sans nommer d’usagers",
                 also=("ce que j’ai vu et fait", "j’ai vu et fait")),
        Question("kept", "Retenu", "Qu’en gardez-vous pour votre travail ?", also=("ce que j’en garde", "ce que j’en retiens")),
        Question("better", "À améliorer", "Qu’est-ce qui aurait pu se passer autrement ?", optional=True,
                 also=("améliorer", "autrement")),
        Question("publish", "Publier", "Ce récit peut-il être publié, pour aider d’autres personnes ?", PUBLISH,
                 hint="Seuls les deux premiers textes seraient publiés, une fois d’accord votre accueil, et votre employeur ou "
                      "association",
                 also=("publication",), can="avec mon nom, sans mon nom ou non",
                 says=(("oui avec mon nom", "named"), ("avec mon nom", "named"), ("oui", "named"),
                       ("oui sans mon nom", "nameless"), ("sans mon nom", "nameless"), ("non", "no"))),
    ),
    Voice.HOST: (
        HELD,
        Question("shown", "Montré et partagé", "Qu’avez-vous montré et partagé ?",
                 hint="Une ligne par activité\u00a0: elles figurent sur l’attestation", also=("partagé", "montré")),
        Question("brought", "Ce que cela vous a apporté", "Qu’est-ce que cet accueil vous a apporté, ou demandé ?", optional=True,
                 also=("apporté",)),
        Question("again", "Accueillir de nouveau", "Accueilleriez-vous de nouveau quelqu’un ?", AGAIN, also=("de nouveau",),
                 can="oui, peut-être ou non"),
        Question("word", "Un mot", "Un mot à la personne accueillie ?", optional=True),
    ),
    Voice.EMPLOYER: (
        Question("useful", "Utile", "Cette immersion est-elle utile à votre structure ?", USEFUL,
                 can="oui, en partie ou non"),
        Question("changed", "Ce que cela change", "Qu’est-ce que cela change, ou devrait changer, dans votre organisation ?",
                 optional=True, hint="Parlez du dispositif, pas de la personne", also=("change", "changements")),
        Question("helped", "Aidé ou gêné", "Qu’est-ce qui vous a aidé ou gêné\u00a0: démarches, convention, dates, coûts ?",
                 optional=True, also=("aidé", "gêné")),
        Question("again", "Recommencer", "Recommenceriez-vous avec une autre personne, ou comme accueil ?", AGAIN,
                 can="oui, peut-être ou non"),
    ),
}
