"""What the page /composants shows: real fields and plausible facts, in every state. Only for development."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form

from forms import fields

_PLACES = [("mediatheque", "Médiathèque"), ("mairie", "Mairie"), ("autre", "Autre lieu")]
_SKILLS = [(f"c{number}", text) for number, text in enumerate((
    "Animer un atelier", "Accueillir et écouter", "Démarches en ligne", "Smartphone et tablette", "Messagerie",
    "Sécurité et arnaques", "Parentalité", "Inclusion et handicap", "Logiciels libres", "Fabrication numérique"), 1)]


class SampleForm(Form):
    nom = fields.Text("Votre nom", missing="Indiquez votre nom, par exemple Camille Martin.", autocomplete="name",
                      width=30)
    courriel = fields.Email("Votre adresse de courriel", missing="Indiquez votre adresse de courriel, par exemple "
                            "prenom.nom@exemple.fr.", hint="Nous vous y répondrons", autocomplete="email")
    telephone = fields.Phone("Votre téléphone", optional=True, autocomplete="tel")
    site = fields.Website("Le site de votre structure", optional=True, autocomplete="url")
    siret = fields.Siret("Le numéro SIRET de votre structure", optional=True, hint="14 chiffres")
    commune = fields.CommuneChoice("Votre commune de travail", missing="Indiquez votre commune.",
                                   hint="Son nom ou son code postal")
    lieu = fields.Radios("Où travaillez-vous ?", missing="Choisissez le lieu où vous travaillez.", choices=_PLACES,
                         hints={"mairie": "Accueil, CCAS ou France Services compris"})
    precision = fields.Text("Si c’est un autre lieu, lequel ?", missing="Dites où vous travaillez.",
                            when=("lieu", "autre"))
    competences = fields.Checkboxes("Ce que vous pouvez apporter", missing="Choisissez au moins une compétence.",
                                    choices=_SKILLS)
    debut = fields.Day("À partir de quand ?", missing="Indiquez une date, par exemple 27 3 2027.",
                       hint="Par exemple 27 3 2027")
    question = fields.LongText("Votre question", missing="Écrivez votre question.", rows=5,
                               hint="Ne citez pas la personne que vous accompagnez")
    documents = fields.Files("Documents utiles", optional=True, hint="PDF, images ou textes, 10 Mo en tout")
    accord = fields.Agreement("J’ai lu les engagements du réseau et je les partage",
                              missing="Cochez la case si vous partagez ces engagements.")


_RIGHT = {"nom": "Alix Martin", "courriel": "alix.martin@structure-a.example", "commune": "34000", "lieu": "autre",
          "precision": "Un tiers-lieu", "competences": ["c1", "c4"], "debut-jour": "27", "debut-mois": "mars",
          "debut-annee": "2027", "question": "Comment faire quand une personne n’a pas d’adresse ?", "accord": "oui"}
_WRONG = {"nom": "", "courriel": "alix.martin", "telephone": "12", "commune": "Saint-Martin", "lieu": "",
          "debut-jour": "27", "debut-mois": "", "debut-annee": "2027", "question": ""}


def samples() -> dict[str, Any]:
    """Variables of the page: a new form, a form with answers, a form in error, and facts for the lists."""
    nothing = {"commune": None, "debut": None, "documents": []}
    wrong = SampleForm(MultiDict({f"faux-{name}": value for name, value in _WRONG.items()}), prefix="faux-",
                       data=nothing)
    wrong.validate()
    filled = SampleForm(MultiDict([(f"bon-{name}", item) for name, value in _RIGHT.items()
                                   for item in (value if isinstance(value, list) else [value])]), prefix="bon-",
                        data=nothing | {"documents": [{"id": "1", "name": "planning.pdf"}]})
    return {"new": SampleForm(data=nothing), "filled": filled, "wrong": wrong, "messages": _messages(), "rows": _rows(),
            "entries": [{"at": m["at"], "sentence": f"{m['author']} a écrit."} for m in _messages()],
            "today": date(2027, 1, 11), "letters": _letters()}


def _messages() -> list[dict[str, Any]]:
    return [
        {"id": 1, "side": "theirs", "author": "Noa Exemple", "at": datetime(2027, 1, 12, 9, 5, tzinfo=UTC), "files": [],
         "text": "Bonjour,\n\nQuelle procédure de mandat pour une personne sans adresse de courriel ?\n\nNoa",
         "quoted": ""},
        {"id": 2, "side": "note", "author": "Alix Coordination", "at": datetime(2027, 1, 12, 9, 40, tzinfo=UTC),
         "text": "Dominique connaît bien ce sujet : lui demander.", "quoted": "", "files": []},
        {"id": 3, "side": "ours", "author": "Alix Coordination", "at": datetime(2027, 1, 12, 10, 40, tzinfo=UTC),
         "text": "Bonjour Noa,\n\nVoici le modèle que nous utilisons.",
         "quoted": "Le 12 janvier, Noa a écrit :\nQuelle procédure de mandat…",
         "files": [{"name": "modele-de-mandat.pdf", "url": "#message-3", "say_size": "84 ko"}]},
    ]


def _rows() -> list[dict[str, Any]]:
    common = {"since": date(2027, 1, 6), "url": "#listes", "holder": "Alix Coordination"}
    return [
        common | {"reference": "AIDE-2027-0042", "who": "Noa Exemple", "what": "Mandat sans adresse de courriel",
                  "promised": date(2027, 1, 8), "late": True, "state_label": "À répondre", "state_tone": "new"},
        common | {"reference": "IMM-2027-0007", "who": "Structure Exemple A", "what": "Deux jours en médiathèque",
                  "promised": date(2027, 1, 27), "late": False, "state_label": "Accord de l’employeur attendu",
                  "state_tone": "waiting", "holder": "Employeur"},
        common | {"reference": "ADH-2027-0003", "who": "Charlie Exemple", "what": "Adhésion", "promised": None,
                  "late": False, "state_label": "Accueillie", "state_tone": "done", "holder": ""},
    ]


def _letters() -> list[dict[str, Any]]:
    return [{"subject": "Nous avons reçu votre demande AIDE-2027-0042", "sender": "Réseau Exemple", "files": 0,
             "recipient": "noa@structure-a.example", "at": datetime(2027, 1, 12, 9, 6, tzinfo=UTC), "url": "#courrier",
             "current": True},
            {"subject": "Une réponse à votre question", "sender": "Alix Coordination", "files": 1, "url": "#courrier",
             "recipient": "noa@structure-a.example", "at": datetime(2027, 1, 12, 10, 41, tzinfo=UTC), "current": False}]
