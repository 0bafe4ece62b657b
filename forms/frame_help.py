"""Three questions that help to choose the legal frame of an immersion; nothing is kept."""

from __future__ import annotations

from .base import RingForm
from .fields import Radios

STATUSES = (
    ("salarie", "Salariée d’une association ou d’une entreprise"),
    ("agent_public", "Agente publique, titulaire ou contractuelle"),
    ("independant", "Indépendante"), ("benevole", "Bénévole"), ("recherche_emploi", "En recherche d’emploi"),
    ("stagiaire", "En stage ou en études"))
HOSTS = (
    ("public", "Publique : commune, intercommunalité, département, établissement"),
    ("interet_general", "Privée et d’intérêt général : association, fondation"), ("prive", "Privée, autre"))
DOING = (
    ("observe", "Elle observe, échange, montre : personne d’autre que son employeur ne dirige son travail"),
    ("travaille", "Elle travaille : la structure d’accueil lui confie des tâches et les dirige"))


class FrameHelpForm(RingForm):
    """All may stay without an answer: nothing is then ruled out by it."""

    statut = Radios("La personne accueillie est", choices=STATUSES, optional=True)
    accueil = Radios("La structure d’accueil est", choices=HOSTS, optional=True)
    activite = Radios("Pendant ces journées", choices=DOING, optional=True)
