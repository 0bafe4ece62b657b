"""The words of « La Coop de la médiation numérique » for what a coordinator did: exactly those its activity reports take.

Source: inclusion-numerique/coop-mediation-numerique, 46aa33bd (2026-06-30).
"""

from __future__ import annotations

from .states import Labelled


class ActivityType(Labelled):
    ANIMATION = "animation", "Animation"
    EVENT = "evenement", "Évènement"
    PARTNERSHIP = "partenariat", "Partenariat"


class Initiative(Labelled):
    OWN = "initiative", "Intervention à mon initiative"
    ASKED = "demande", "Réponse à un besoin/une problématique"


class AnimationType(Labelled):
    ASSEMBLY = "assemblee", "Assemblée / présentation officielle"
    COMMITTEE = "comite", "Comité technique / de pilotage"
    WORKING_GROUP = "groupe_de_travail", "Groupe de travail"
    EXCHANGE = "echange", "Moment d’échange / aide / soutien"
    COORDINATION = "reunion_coordination", "Réunion de coordination"
    WEBINAR = "webinaire", "Webinaire"
    OTHER = "autre", "Autre"


class AnimationTheme(Labelled):
    SHARING = "partage", "Échanges de bonnes pratiques / partage d’informations"
    NETWORK = "reseau", "Maillage territorial - faire réseau / créer du lien"
    SUPPORT = "soutien", "Soutien technique et/ou organisationnel"
    CAREER = "professionnel", "Projet / Parcours professionnel"
    STAFF = "rh", "Soutien RH auprès des structures"
    OTHER = "autre", "Autre"


#: What was asked for -> the theme it is reported under; help of another kind is « soutien ».
HELP_THEMES: dict[str, AnimationTheme] = {
    "question": AnimationTheme.SHARING, "accompagnement": AnimationTheme.SUPPORT, "renfort": AnimationTheme.SUPPORT,
    "manager": AnimationTheme.STAFF}
