"""The people of the tests (fixtures/scenarios.yaml), and the forms they fill."""

from __future__ import annotations

COORDINATOR = "coordination@ring.example"
DEPUTY = "suppleance@ring.example"
NOA, CLAUDE, ANDREA = "noa@structure-b.example", "claude@structure-c.example", "direction@structure-b.example"

AIDE = (
    ("question", {"question": "Quelle procédure de mandat pour un usager sans adresse mail ?", "help_kind": "question",
                  "theme": "demarches_administratives"}),
    ("contexte", {"concerns": "usager", "urgency": "normale"}),
    ("vous", {"given_name": "Noa", "family_name": "Fictif", "email": NOA, "post": "mediateur", "commune": "Nîmes"}),
)

STRUCTURE = (
    ("structure", {"structure_name": "Structure Exemple C", "structure_status": "prive", "typology": "ASSO",
                   "siret": "000 000 034 00017", "address": "3 rue des Lilas", "structure_commune": "Bagnols-sur-Cèze",
                   "share": "tout"}),
    ("vous", {"given_name": "Claude", "family_name": "Accueil", "email": CLAUDE, "job": "Directrice"}),
    ("activite", {"skills_offered": ["ateliers_collectifs", "diagnostic"]}),
    ("accueil", {"hosts": "oui", "host_places": "1", "contributions": ["technique", "humain"],
                 "host_technical": "Atelier Pix", "host_human": "Deux collègues", "constraints": "Pas en juillet-août"}),
    ("annuaire", {}),
    ("engagements", {"agreement": "oui"}),
)

PROFESSIONAL = (
    ("vous", {"given_name": "Noa", "family_name": "Fictif", "email": NOA, "post": "mediateur", "commune": "Nîmes"}),
    ("employeur", {"structure_name": "Structure Exemple B", "structure_status": "prive", "typology": "ASSO",
                   "address": "5 place du Marché", "structure_commune": "Nîmes", "employer_name": "Andréa Direction",
                   "employer_told": "oui", "employer_email": ANDREA}),
    ("activite", {"skills_offered": ["posture"], "skills_sought": ["diagnostic"]}),
    ("annuaire", {}),
    ("engagements", {"agreement": "oui"}),
)

LEARNER = (
    ("vous", {"given_name": "Lou", "family_name": "Exemple", "email": "lou@courriel.example", "commune": "Alès",
              "project": "Devenir médiatrice numérique"}),
    ("competences", {"mentor": "oui"}),
    ("annuaire", {}),
    ("engagements", {"agreement": "oui"}),
)

IMMERSION = (
    ("situation", {"work_status": "salarie"}),
    ("souhaits", {"objectives": "Découvrir l’animation d’ateliers collectifs\nOutiller le diagnostic Pix\n"
                                "Comparer les postures «\u00a0faire avec\u00a0»",
                  "functions": "Ateliers collectifs et permanences", "skills_sought": ["diagnostic"]}),
    ("rythme", {"rhythm": "2 journées sur 2 semaines", "earliest-jour": "2", "earliest-mois": "février",
                "earliest-annee": "2027"}),
    ("vous", {"given_name": "Noa", "family_name": "Fictif", "email": NOA, "post": "mediateur", "job": "Médiateur numérique",
              "contract": "CDI"}),
    ("employeur", {"structure_name": "Structure Exemple B", "structure_status": "prive", "typology": "ASSO",
                   "address": "5 place du Marché", "structure_commune": "Nîmes", "employer_name": "Andréa Direction",
                   "employer_quality": "Directeur", "employer_email": ANDREA}),
)

#: Somebody who works for themselves asks, in their own name.
ALONE = (
    ("situation", {"work_status": "independant"}), *IMMERSION[1:3],
    ("vous", {"given_name": "Lou", "family_name": "Exemple", "email": "lou@courriel.example", "post": "mediateur",
              "job": "Formatrice", "contract": "micro-entreprise"}),
    ("activite", {"activity_name": "L’atelier de Lou", "activity_address": "3 rue du Modèle", "activity_commune": "Nîmes",
                  "liability_insurance": "Assurance Modèle, contrat 789"}),
)
#: A volunteer asks: their association answers for them.
VOLUNTEER = (
    ("situation", {"work_status": "benevole"}), *IMMERSION[1:4],
    ("association", IMMERSION[4][1] | {"employer_quality": "Présidente"}),
)

#: A jobseeker prepares a placement (scenario S09).
SHEET = (
    ("projet", {"purpose": "Découvrir un métier ou un secteur d’activité", "objectives": "Voir une permanence\nVoir un atelier"}),
    ("accueil", {"host": "Structure Exemple C", "first_on-jour": "1", "first_on-mois": "2", "first_on-annee": "2027",
                 "last_on-jour": "5", "last_on-mois": "2", "last_on-annee": "2027", "days": "5", "hours": "35",
                 "prescriber": "Mission locale"}),
    ("vous", {"given_name": "Lou", "family_name": "Exemple", "email": "lou@courriel.example", "commune": "Alès"}),
)

#: What the host answers: two days over two weeks (scenario S07).
HOSTING = {
    "seance1-on-jour": "2", "seance1-on-mois": "2", "seance1-on-annee": "2027", "seance1-starts": "9h",
    "seance1-ends": "12h30", "seance1-starts_again": "13 h 30", "seance1-ends_again": "17:00",
    "seance2-on-jour": "9", "seance2-on-mois": "février", "seance2-on-annee": "27", "seance2-starts": "9h",
    "seance2-ends": "12h30", "seance2-starts_again": "13 h 30", "seance2-ends_again": "17:00",
    "tutor_name": "Ariel Modèle", "tutor_quality": "conseiller numérique", "tutor_contact": "06 39 98 00 09",
    "place": "3 rue des Lilas", "signatory_name": "Claude Accueil", "signatory_quality": "Directrice",
    "insurance": "Mutuelle Exemple, contrat 123",
}


def walk(client, prefix: str, pages, upto: str = ""):
    """Fill a form page after page; gives the answer to the last page filled (the check page when all are)."""
    response = client.get(f"{prefix}/{pages[0][0]}")
    for slug, answers in pages:
        if slug == upto:
            return response
        response = client.fill(response, f"{prefix}/{slug}", **answers)
        assert response.status_code == 200, (slug, response.status_code, _errors(response))
    return response


def send(client, prefix: str, pages):
    """Fill a whole form and send it; gives the page that says so."""
    response = client.fill(walk(client, prefix, pages), f"{prefix}/verification")
    assert response.status_code == 303, (response.status_code, _errors(response))
    return client.get(response.location)


def confirm(client, post, address: str):
    """Press the button behind the confirmation link in that mailbox."""
    path = post.last(address).link("confirmer")
    response = client.fill(client.get(path), path)
    assert response.status_code == 200
    return response


def sign_in(client, post, address: str = COORDINATOR):
    """Open the coordinators' space."""
    client.fill(client.get("/coordination/entrer"), "/coordination/entrer", email=address)
    path = post.last(address, "sign_in_link").link("coordination/ouvrir")
    return client.fill(client.get(path), path)


def press(client, path: str, **answers):
    """Open the page of an action and press its button."""
    response = client.fill(client.get(path), path, **answers)
    assert response.status_code == 303, (path, response.status_code, _errors(response))
    return response


def _errors(response) -> list[str]:
    from pages import soup
    return [tag.text.strip() for tag in soup(response).select(".error-text, .error-summary li")]
