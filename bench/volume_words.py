"""What invented people write, for a large network: French sentences whose words come as often as words do, names of nobody."""

from __future__ import annotations

from random import Random

GIVEN = ("Noa", "Alix", "Camille", "Claude", "Andréa", "Dominique", "Ariel", "Charlie", "Dany", "Eden", "Lou", "Frédérique")
_BEGIN = ("Bra", "Cor", "Del", "Fon", "Gar", "Lam", "Mar", "Nor", "Pel", "Ros", "Sau", "Tour", "Val", "Ver")
_MIDDLE = ("mon", "ti", "be", "la", "so", "ri", "ca", "ne", "do", "vi")
_END = ("tel", "gnac", "leux", "zan", "rac", "dier", "nès", "vert", "cou", "mas")
_THINGS = (
    "mandat", "courriel", "mot de passe", "ordinateur", "téléphone", "tablette", "imprimante", "formulaire", "compte en ligne",
    "rendez-vous", "permanence", "atelier", "clé USB", "attestation", "déclaration", "carte grise", "messagerie", "dossier",
    "certificat", "connexion", "sauvegarde", "navigateur", "espace personnel", "justificatif", "numérisation", "tableur",
    "diagnostic", "visioconférence", "abonnement", "arnaque", "pièce jointe", "photographie", "application", "mise à jour",
    "traduction", "écran", "casque", "logiciel libre", "calendrier", "questionnaire", "convention", "fiche de poste",
    "budget", "subvention", "partenariat", "médiathèque", "réemploi", "accessibilité", "loupe", "clavier", "synthèse vocale")
_WHO = ("une personne que j’accompagne", "un habitant", "une habitante", "une famille", "un collègue", "notre équipe",
        "une personne âgée", "un jeune en mission locale", "le secrétariat de mairie", "une association voisine")
_SAYS = (
    "Bonjour, {who} n’arrive plus à ouvrir son {thing}, et le code part à une adresse perdue.",
    "Avez-vous une méthode pour expliquer le {thing} à {who} sans tout faire à sa place ?",
    "Je prépare une séance sur le {thing} : je cherche un support simple, avec de grandes lettres.",
    "Chez nous, {who} demande souvent de l’aide pour le {thing}, surtout le mardi.",
    "Merci beaucoup, j’ai essayé avec le {thing}, et cela fonctionne.",
    "Il reste une difficulté : le {thing} ne s’enregistre pas, et {who} s’inquiète.",
    "Nous pouvons en parler jeudi matin, la salle est libre, et j’apporterai un {thing}.",
    "Le plus simple est de repartir du {thing}, puis de vérifier ensemble chaque étape.",
    "Je joins la liste de ce que {who} a déjà reçu, avec le {thing} au bas de la page.",
    "Dans notre commune, {who} vient en bus : pensez-vous que le {thing} puisse attendre lundi ?",
    "Pouvez-vous me dire qui connaît bien le {thing} près de chez nous ?",
    "J’ai relu la notice du {thing} et je crois que le réglage se trouve dans les préférences.",
)


def family_name(one: Random) -> str:
    return one.choice(_BEGIN) + "".join(one.choice(_MIDDLE) for _ in range(one.randint(1, 2))) + one.choice(_END)


def _often(one: Random, items: tuple[str, ...]) -> str:
    """The first ones much more often than the last, as words are."""
    return items[min(int(one.paretovariate(0.8)) - 1, len(items) - 1)]


def says(one: Random, most: int = 5) -> str:
    """One to ``most`` sentences; one message in four bears a number that few others do."""
    found = [one.choice(_SAYS).format(who=one.choice(_WHO), thing=_often(one, _THINGS)) for _ in range(one.randint(1, most))]
    if one.random() < 0.25:
        found.append(f"Le numéro de série est le {one.choice('BCDFGHJK')}{one.randint(10_000, 99_999)}.")
    return "\n".join(found)


def title(one: Random) -> str:
    return f"Aider avec un {_often(one, _THINGS)}"
