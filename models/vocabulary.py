"""The closed lists people choose from, as ``(code, French words)``.

Codes of places, publics and services follow the field's own standards (schéma des lieux de médiation numérique v1.0.2,
thèmes de La Coop de la médiation numérique), so that an export needs no translation.
"""

from __future__ import annotations

from dataclasses import dataclass

Choices = tuple[tuple[str, str], ...]

#: Kinds of structure: the codes of the national schema that a digital mediation network meets.
TYPOLOGIES: Choices = (
    ("ASSO", "Association"),
    ("MUNI", "Commune (mairie)"),
    ("EPCI", "Intercommunalité"),
    ("DEPT", "Département"),
    ("CCAS", "Centre communal d’action sociale (CCAS)"),
    ("CIAS", "Centre intercommunal d’action sociale (CIAS)"),
    ("CS", "Centre social"),
    ("EVS", "Espace de vie sociale"),
    ("BIB", "Bibliothèque, médiathèque"),
    ("RFS", "France Services"),
    ("EPN", "Espace public numérique"),
    ("TIERS_LIEUX", "Tiers-lieu, coworking"),
    ("FABLAB", "Fablab"),
    ("MJC", "Maison des jeunes et de la culture"),
    ("ML", "Mission locale"),
    ("MDS", "Maison départementale des solidarités"),
    ("OF", "Organisme de formation"),
    ("ESS", "Entreprise de l’économie sociale et solidaire"),
    ("INDEPENDANT", "Travail indépendant"),
    ("Autre", "Autre"),
)

POSTS: Choices = (
    ("conseiller_numerique", "Conseiller·ère numérique"),
    ("mediateur", "Médiateur·rice numérique"),
    ("aidant", "Aidant·e numérique"),
    ("france_services", "Agent·e France Services"),
    ("travail_social", "Travailleur·euse social·e"),
    ("animation", "Animateur·rice"),
    ("bibliotheque", "Bibliothécaire"),
    ("autre", "Autre métier"),
)

#: Skills offered and sought, and themes of a request for help: one list, so that they can be matched.
SKILLS: Choices = (
    ("prendre_en_main_du_materiel", "Prise en main du matériel"),
    ("maintenance_de_materiel", "Entretien et réparation du matériel"),
    ("navigation_sur_internet", "Internet et recherche d’information"),
    ("email", "Courriel et messageries"),
    ("bureautique", "Bureautique"),
    ("demarches_administratives", "Démarches administratives en ligne"),
    ("aidants_connect", "Aidants Connect et mandats"),
    ("sante", "Santé et numérique"),
    ("insertion_professionnelle", "Emploi et insertion"),
    ("parentalite", "Parentalité et écrans"),
    ("securite_numerique", "Sécurité et arnaques en ligne"),
    ("creer_avec_le_numerique", "Création numérique, fablab, jeux"),
    ("intelligence_artificielle", "Intelligence artificielle"),
    ("culture_numerique", "Culture et esprit critique numériques"),
    ("diagnostic", "Diagnostic des besoins, Pix"),
    ("ateliers_collectifs", "Animer des ateliers collectifs"),
    ("accompagnement_individuel", "Accompagner une personne"),
    ("itinerance", "Aller vers les habitants, itinérance"),
    ("illettrisme", "Illettrisme et langue française"),
    ("handicap", "Handicap et accessibilité"),
    ("posture", "Posture professionnelle, « faire avec »"),
    ("limites", "Limites avec le public accompagné"),
    ("partenariats", "Partenariats et réseau local"),
    ("projet", "Monter un projet, trouver un financement"),
    ("fiche_de_poste", "Fiche de poste, place dans l’équipe"),
    ("management", "Encadrer un médiateur ou une médiatrice"),
    ("evaluation", "Rendre compte et évaluer"),
    ("outils_libres", "Outils libres et réemploi"),
)

THEMES: Choices = (*SKILLS, ("autre", "Autre sujet"))

#: theme of a request -> other skills that help with it, after the theme's own.
NEAR_SKILLS: dict[str, tuple[str, ...]] = {
    "demarches_administratives": ("aidants_connect",), "aidants_connect": ("demarches_administratives",),
    "posture": ("accompagnement_individuel", "limites"), "limites": ("posture",), "management": ("fiche_de_poste",),
    "fiche_de_poste": ("management",), "diagnostic": ("evaluation",), "ateliers_collectifs": ("diagnostic",),
}

#: How often a member accepts to be asked for help.
PACES: Choices = (
    ("semaine", "Une fois par semaine au plus"),
    ("quinzaine", "Deux fois par mois au plus"),
    ("mois", "Une fois par mois au plus"),
    ("trimestre", "Quelques fois par an"),
    ("jamais", "Pas pour le moment"),
)
#: code of a pace -> ``(how many times, in how many days)`` at most.
PACE_LIMITS: dict[str, tuple[int, int]] = {"semaine": (1, 7), "quinzaine": (2, 30), "mois": (1, 30), "trimestre": (1, 90)}

#: How often a mentor and who they accompany talk, how, and for how many months at first.
MENTORING_RHYTHMS: Choices = (("semaine", "Une fois par semaine"), ("quinzaine", "Deux fois par mois"),
                              ("mois", "Une fois par mois"))
MENTORING_WAYS: Choices = (("telephone", "Par téléphone"), ("visio", "En visio"), ("presence", "En se voyant"),
                           ("terrain", "En allant voir travailler l’autre"))
MENTORING_MONTHS: Choices = (("3", "Trois mois"), ("6", "Six mois"), ("9", "Neuf mois"), ("12", "Un an"))

HELP_KINDS: Choices = (
    ("question", "Une question simple"),
    ("accompagnement", "Être accompagné·e sur une situation"),
    ("renfort", "Un coup de main : co-animation, renfort ponctuel"),
    ("manager", "Une question d’employeur ou de responsable"),
)

@dataclass(frozen=True)
class Opinion:
    """A question asked once a request for help ended, and the answers that are counted."""

    words: str
    choices: Choices


#: Two, in the order they are asked; answers by mail are read in that order.
OPINIONS: dict[str, Opinion] = {
    "answered": Opinion("Avez-vous eu la réponse qu’il vous fallait", (("oui", "Oui"), ("partie", "En partie"), ("non", "Non"))),
    "again": Opinion("Demanderiez-vous de nouveau de l’aide au réseau", (("oui", "Oui"), ("non", "Non"))),
}

URGENCIES: Choices = (
    ("normale", "Rien ne presse"),
    ("semaine", "Cette semaine si possible"),
    ("urgent", "C’est bloquant pour quelqu’un"),
)

CONCERNS: Choices = (
    ("moi", "Moi, dans mon travail"),
    ("usager", "Une personne que j’accompagne"),
    ("equipe", "Mon équipe ou ma structure"),
)

PUBLICS: Choices = (
    ("tous", "Tous les publics"),
    ("seniors", "Seniors"),
    ("jeunes", "Jeunes"),
    ("familles", "Familles et enfants"),
    ("femmes", "Femmes"),
    ("demandeurs_emploi", "Personnes en recherche d’emploi"),
    ("handicap", "Personnes en situation de handicap"),
    ("illettrisme", "Personnes en situation d’illettrisme"),
    ("langues", "Personnes qui parlent peu le français"),
    ("isolees", "Personnes isolées"),
    ("professionnels", "Agents, travailleurs sociaux, bénévoles"),
)

PLACES: Choices = (
    ("fixe", "Dans un lieu fixe"),
    ("itinerant", "En itinérance, dans plusieurs communes"),
    ("domicile", "À domicile"),
    ("distance", "À distance"),
)

SUPPORT_MODES: Choices = (
    ("individuel", "Accompagnement individuel"),
    ("collectif", "Ateliers collectifs"),
    ("autonomie", "Accès libre, en autonomie"),
    ("distance", "À distance"),
)

#: Fields a member may agree to show in the directory; nothing is shown by default.
DIRECTORY_FIELDS: Choices = (
    ("nom", "Mon nom ou celui de ma structure"),
    ("commune", "Ma commune"),
    ("competences", "Les compétences que je propose"),
    ("publics", "Les publics que je connais"),
    ("accueil", "Ce que ma structure peut offrir à un visiteur"),
    ("courriel", "Mon adresse de courriel"),
    ("telephone", "Mon numéro de téléphone"),
)

#: What a person's status is, for the legal frame of an immersion (reference field.md 4.1).
WORK_STATUSES: Choices = (
    ("salarie", "Salarié·e d’une association ou d’une entreprise"),
    ("agent_public", "Agent·e public, titulaire ou contractuel·le"),
    ("benevole", "Bénévole d’une association"),
    ("independant", "Travail indépendant"),
    ("recherche_emploi", "En recherche d’emploi"),
)

#: What a placement (PMSMP) may be for: the three purposes the law knows (code du travail, L5135-1).
PLACEMENT_PURPOSES: Choices = tuple((words, words) for words in (
    "Découvrir un métier ou un secteur d’activité", "Confirmer un projet professionnel", "Initier une démarche de recrutement"))

PLACEMENT_OUTCOMES: Choices = (
    ("oui", "Oui, en entier"),
    ("en_partie", "Oui, en partie"),
    ("non", "Non, elle n’a pas eu lieu"),
    ("pas_encore", "Pas encore"),
)

CONTRIBUTIONS: Choices = (
    ("technique", "Des apports techniques : outils, méthodes, matériel"),
    ("humain", "Des apports humains : posture, équipe, publics"),
)


#: Who writes an alert.
ALERT_ROLES: Choices = (
    ("mediation", "J’accompagne des personnes : médiation, conseil, aide numérique"),
    ("encadrement", "J’encadre ou j’emploie des médiateurs ou médiatrices"),
    ("autre", "Autre situation"),
)

#: What weighs: the words of the mediators who asked for this function, then those of managers (reference field.md 1.3).
DIFFICULTIES: Choices = (
    ("isolement", "Isolement"),
    ("surcharge", "Surcharge"),
    ("activites_trop_diverses", "Des tâches trop diverses"),
    ("activites_trop_restreintes", "Des tâches trop restreintes"),
    ("limites_relationnelles", "Limites difficiles à tenir avec le public"),
    ("conflit", "Conflit au travail, avec l’employeur ou dans l’équipe"),
    ("fiche_de_poste", "Poste mal défini, articulation avec le reste de la structure"),
    ("encadrement", "Difficulté à encadrer, à soutenir une équipe"),
    ("autre", "Autre chose"),
)

CALL_HOURS: Choices = (
    ("matin", "Le matin"),
    ("midi", "Entre midi et deux"),
    ("apres_midi", "L’après-midi"),
    ("soir", "Le soir"),
)

#: How well a member masters a skill, offered or sought.
LEVELS: Choices = (
    ("decouverte", "Je découvre"),
    ("aise", "Je suis à l’aise"),
    ("transmettre", "Je peux l’apprendre à d’autres"),
)


def label(choices: Choices, code: str) -> str:
    """The French words of ``code``, or ``code`` itself when the list no longer holds it."""
    return dict(choices).get(code, code)


def labels(choices: Choices, codes: list[str]) -> list[str]:
    """The French words of each code, in the order of the list."""
    return [words for code, words in choices if code in codes]
