"""Home, the pages about the site itself, and the small files a browser asks for.

Nothing here reads the database: what is shown comes from ``network.toml`` and the settings.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, current_app, render_template, send_from_directory, url_for

from models.colours import mix, readable

from .access import public

if TYPE_CHECKING:
    from config import Settings
    from models.network import Network

blueprint = Blueprint("accueil", __name__)

DEFAULT_COLOURS = ("#12595B", "#A8431F")
PAPER_LIGHT, PAPER_DARK, INK_DARK_BUTTON = "#FBF8F2", "#12181C", "#0C2229"
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")

DECLARED_ON = date(2026, 11, 22)
"""Day the accessibility statement was written; it has to be renewed within three years."""


@dataclass(frozen=True)
class Retention:
    """One row of the privacy notice (GDPR articles 13 and 14)."""

    what: str
    why: str
    legal_basis: str
    readers: str
    how_long: str


_ON_REQUEST = "Jusqu’à ce que vous demandiez leur effacement, depuis votre espace si vous êtes membre"

RETENTIONS: tuple[Retention, ...] = (
    Retention("Réponses d’un formulaire commencé", "Ne pas vous faire recommencer",
              "Intérêt légitime : traiter la demande que vous préparez", "Personne avant l’envoi",
              "Elles restent dans votre page. Le site ne garde que les fichiers joints, effacés après 1 jour si le "
              "formulaire n’est pas envoyé"),
    Retention("Demande dont l’adresse n’est pas confirmée", "Vérifier que c’est bien vous qui écrivez",
              "Intérêt légitime : éviter les demandes faites au nom d’une autre personne",
              "Personne avant la confirmation", "7 jours, avec un rappel. Puis elle est effacée, courriels compris"),
    Retention("Adhésion : identité, adresses, commune, métier, compétences offertes et recherchées",
              "Accueillir les membres et les mettre en relation", "Intérêt légitime : faire vivre l’entraide",
              "La coordination ; les membres, pour ce que vous acceptez de montrer", _ON_REQUEST),
    Retention("Demande d’aide : question, échanges, fichiers", "Vous répondre",
              "Intérêt légitime : répondre à votre demande",
              "La coordination, et les membres à qui elle demande de vous répondre", _ON_REQUEST),
    Retention("Demande d’immersion : objectifs, structures, dates, échanges", "Organiser l’accueil",
              "Exécution de la convention, ou étapes qui la préparent",
              "La coordination et les parties de la convention", _ON_REQUEST),
    Retention("Convention envoyée à signer", "Garder la preuve de ce qui a été convenu", "Exécution de la convention",
              "Les parties et la coordination",
              "Tant qu’elle peut servir de preuve (article 2224 du code civil), puis sur demande"),
    Retention("Retours après une immersion : récit, regard de l’accueil, bilan de l’employeur",
              "Aider les suivants, et reconnaître ce qui a été fait", "Intérêt légitime : améliorer l’accueil entre structures",
              "La coordination ; la personne accueillie lit tout ce qui est dit d’elle. Un récit n’est publié qu’avec l’accord "
              "de la personne, de son accueil et de son employeur", _ON_REQUEST),
    Retention("Attestation et badge", "Reconnaître une immersion ou un accueil", "Exécution de la convention",
              "La personne ou la structure à qui ils sont délivrés, et à qui elle les montre. La page de vérification ne nomme "
              "personne", _ON_REQUEST),
    Retention("Document présenté pour vérification (code ou fichier)", "Dire s’il est authentique, et toujours en vigueur",
              "Intérêt légitime : que chacun puisse se fier à un document du réseau",
              "Personne : le fichier est lu et oublié. Le code seul ne montre aucun nom de personne", "Rien n’est gardé"),
    Retention("Courriels envoyés par le réseau", "Acheminer les réponses et retrouver une erreur d’envoi",
              "Intérêt légitime : que rien ne se perde", "La coordination et les destinataires",
              "Le contenu d’un courriel envoyé : 90 jours. Le reste : autant que la demande à laquelle il se rapporte"),
    Retention("Réponses des serveurs de messagerie", "Savoir si nos courriels vous parviennent",
              "Intérêt légitime : que rien ne se perde", "La coordination",
              "90 jours. Une adresse qui ne marche pas est oubliée 35 jours après qu’elle remarche, ou n’est plus à personne"),
    Retention("Courriels reçus, tels qu’ils sont arrivés", "Corriger une réponse mal comprise",
              "Intérêt légitime : que rien ne se perde", "La coordination",
              "30 jours une fois traités. Les mots et les fichiers qu’ils contenaient restent dans la demande, aussi longtemps "
              "qu’elle"),
    Retention("Courriel sans demande connue, mis de côté", "Qu’une personne le lise et vous réponde",
              "Intérêt légitime : que rien ne se perde", "La coordination", _ON_REQUEST),
    Retention("Autre adresse d’où vous nous écrivez", "Vous reconnaître, après vous l’avoir demandé",
              "Intérêt légitime : ne croire personne sur parole", "La coordination",
              "Jusqu’à ce que vous demandiez son effacement ; 30 jours si vous ne dites pas qu’elle est à vous"),
    Retention("Invitation d’une professionnelle ou d’un professionnel par sa structure", "Lui proposer de rejoindre le réseau",
              "Intérêt légitime : faire vivre l’entraide", "La coordination, et la structure qui invite", "90 jours"),
    Retention("Changement d’adresse demandé par un membre", "Vérifier que les deux adresses sont d’accord",
              "Intérêt légitime : sécurité", "La coordination", "30 jours"),
    Retention("Deux fiches d’une même personne, réunies par la coordination", "Pouvoir défaire cette réunion",
              "Intérêt légitime : corriger une erreur", "La coordination", "30 jours"),
    Retention("Récapitulatifs pour la coordination : ce qui est à lui dire", "Le dire en un seul courriel",
              "Intérêt légitime : que rien ne se perde", "La coordination", "14 jours"),
    Retention("Liens personnels", "Vous reconnaître sans mot de passe", "Intérêt légitime : sécurité",
              "Personne : le site n’en garde qu’une empreinte", "30 jours après leur fin de validité"),
    Retention("Alerte : ce que vous écrivez, votre nom et votre adresse si vous les donnez", "Vous écouter et vous répondre",
              "Intérêt légitime : soutenir les personnes en difficulté dans leur métier",
              "Les personnes référentes que la page vous montre avant l’envoi. Le site ne garde qu’un texte chiffré qu’il ne "
              "peut pas lire", "60 jours après la fin de l’échange, ou dès que vous l’effacez ; puis un simple nombre"),
    Retention("Avis neutre à votre adresse personnelle, si vous la laissez dans une alerte", "Vous dire qu’une réponse est là",
              "Intérêt légitime : vous répondre", "Personne : il attend chiffré",
              "Jusqu’à son envoi, et 3 jours au plus si votre messagerie ne répond pas"),
    Retention("Page ouverte par une personne référente", "Ne pas redemander la phrase de passe à chaque geste",
              "Intérêt légitime : sécurité", "Personne : la clé y est chiffrée par un secret du navigateur", "1 heure"),
    Retention("Code du téléphone d’une personne de l’équipe du réseau", "S’assurer que c’est bien elle qui entre",
              "Intérêt légitime : sécurité", "Personne : il est gardé chiffré",
              "Jusqu’à ce que la personne le retire, ou que l’administration le remette à zéro à sa demande"),
    Retention("Nombre de demandes par accès à internet et par adresse de courriel", "Protéger le site des abus",
              "Intérêt légitime : sécurité", "Personne : seule une empreinte est gardée", "1 jour"),
)
"""Default rows; ``RETENTIONS`` of the application's configuration takes their place where it is set."""

PAGES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("S’entraider", (
        ("/aide", "Demander de l’aide"),
        ("/immersion", "Demander une immersion : voir ou montrer des situations de travail"),
        ("/recits", "Lire des récits d’immersion"),
        ("/proposer", "Proposer une méthode, un outil, un compte rendu"),
        ("/alerte", "Alerter, en confiance"),
        ("/suite", "Lire la réponse à une alerte, avec son code"),
        ("/alerte/themes", "Ce que les alertes font remonter, sans aucun cas"),
        ("/retrouver-mon-lien", "Retrouver le lien de sa demande, ou d’une convention à signer"),
    )),
    ("Rejoindre le réseau", (
        ("/rejoindre", "Choisir comment rejoindre le réseau"),
        ("/rejoindre/structure", "Rejoindre comme structure, et accueillir en immersion"),
        ("/rejoindre/professionnel", "Rejoindre comme professionnelle ou professionnel"),
        ("/rejoindre/en-devenir", "Apprendre le métier : rejoindre comme médiatrice ou médiateur en devenir"),
    )),
    ("Le site", (
        ("/", "Accueil"),
        ("/mon-espace", "Mon espace : voir et corriger ce que le réseau sait de moi"),
        ("/observatoire", "Les chiffres du réseau"),
        ("/accessibilite", "Déclaration d’accessibilité"),
        ("/mentions-legales", "Mentions légales"),
        ("/donnees-personnelles", "Données personnelles"),
        ("/verifier", "Vérifier un document du réseau"),
        ("/badges/immersion", "Le badge d’une immersion"),
        ("/badges/accueil", "Le badge d’une structure d’accueil"),
        ("/plan-du-site", "Plan du site"),
        ("/coordination/", "Espace de coordination"),
        ("/referents", "Personnes référentes de la confidentialité"),
    )),
)


def _network() -> Network:
    return current_app.jinja_env.globals["network"]


def _settings() -> Settings:
    return current_app.jinja_env.globals["settings"]


@blueprint.app_template_global()
def own_colours() -> bool:
    """True when the instance chose other colours than those of the stylesheet."""
    network = _network()
    return (network.primary.upper(), network.accent.upper()) != DEFAULT_COLOURS


@blueprint.get("/")
@public
def accueil() -> str:
    return render_template("accueil/accueil.html")


@blueprint.get("/proposer")
@public
def proposer() -> str:
    return render_template("accueil/proposer.html")


@blueprint.get("/mentions-legales")
@public
def mentions_legales() -> str:
    return render_template("accueil/mentions_legales.html")


@blueprint.get("/donnees-personnelles")
@public
def donnees_personnelles() -> str:
    return render_template("accueil/donnees_personnelles.html",
                           retentions=current_app.config.get("RETENTIONS", RETENTIONS))


@blueprint.get("/accessibilite")
@public
def accessibilite() -> str:
    return render_template("accueil/accessibilite.html", declared_on=DECLARED_ON)


@blueprint.get("/plan-du-site")
@public
def plan_du_site() -> str:
    return render_template("accueil/plan_du_site.html", groups=PAGES)


@blueprint.get("/composants")
@public
def composants() -> str:
    """Every component in every state, for who changes them; closed outside development."""
    if not _settings().DEBUG:
        abort(404)
    from forms import composants as samples
    return render_template("accueil/composants.html", **samples.samples())


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    network = _network()
    icons = [{"src": url_for("static", filename=f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
             for size in (192, 512)]
    content: dict[str, Any] = {
        "name": network.full_name, "short_name": network.name, "lang": "fr", "start_url": "/", "display": "browser",
        "background_color": PAPER_LIGHT, "theme_color": PAPER_LIGHT, "icons": icons,
    }
    return Response(json.dumps(content, ensure_ascii=False), mimetype="application/manifest+json")


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """Public pages may be indexed; personal links, letters and the coordinators' space may not."""
    closed = ("/coordination", "/courrier", "/composants", "/referents", "/suite")
    return Response("User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in closed), mimetype="text/plain")


@blueprint.get("/favicon.ico")
@public
def favicon() -> Response:
    return send_from_directory(str(current_app.static_folder), "favicon.ico", mimetype="image/x-icon")


@blueprint.get("/theme.css")
@public
def theme() -> Response:
    """The two colours of the instance as custom properties; empty when they are those of the stylesheet."""
    network = _network()
    css = theme_css(network.primary, network.accent) if own_colours() else ""
    # The address carries the colours (base.html), so that a change is seen at once.
    return Response(css, mimetype="text/css", headers={"Cache-Control": "public, max-age=86400"})


def theme_css(primary: str, accent: str) -> str:
    """Custom properties for both colour schemes, from two ``#RRVVBB`` colours.

    Each colour is moved away from the ground until it can be read (7:1 for links and buttons, 4.5:1 for the accent;
    WCAG 2.2 1.4.3), so that a network cannot choose its members out of reading.

    :raises ValueError: not a ``#RRVVBB`` colour; nothing else may enter a stylesheet.
    """
    for colour in (primary, accent):
        if not _HEX.fullmatch(colour):
            raise ValueError(f"not a colour: {colour!r}")
    by_day, by_night = readable(primary, PAPER_LIGHT, 7), readable(primary, PAPER_DARK, 8)
    light = _block(by_day, mix(by_day, "#000000", 0.7), "#FFFFFF", readable(accent, PAPER_LIGHT, 4.6),
                   mix(primary, "#FFFFFF", 0.12))
    dark = _block(by_night, mix(by_night, "#FFFFFF", 0.6), INK_DARK_BUTTON, readable(accent, PAPER_DARK, 7),
                  mix(primary, PAPER_DARK, 0.3))
    return f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def _block(primary: str, strong: str, on_primary: str, accent: str, tint: str) -> str:
    return (f"--primary:{primary};--primary-strong:{strong};--on-primary:{on_primary};--accent:{accent};"
            f"--tile:{accent};--tint:{tint}")
