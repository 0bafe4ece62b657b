"""The people of alerts (scenarios S05 and N04), and what they do."""

from __future__ import annotations

from pages import soup

REFERENT, COLLEAGUE, OUTSIDE = "referent1@ring.example", "referent2@structure-a.example", "exterieur@ailleurs.example"
SACHA, EMPLOYER = "sacha@courriel.example", "structure-a.example"
PHRASE = "olivier tambour lampe rivage copain velours"

#: Scenario S05, with words nobody else would write.
S05 = {"role": "mediation", "difficulties": ["surcharge", "limites_relationnelles"], "contact": ["courriel", "telephone"],
       "email": SACHA, "phone": "06 39 98 00 05", "hours": ["soir"], "name": "Sacha Modèle", "employer": "Structure Exemple A",
       "words": "Je n’y arrive plus, zibeline cramoisie. " * 10}


def enrol(client, post, email: str = REFERENT, phrase: str = PHRASE) -> list[str]:
    """A referent asks for their link and makes their key; gives the recovery sheet's groups."""
    client.fill(client.get("/referents"), "/referents", email=email)
    path = post.last(email).link("r/")
    page = client.fill(client.get(path), path, phrase=phrase, again=phrase, alone="oui")
    assert page.status_code == 200, page.text
    return [item.text for item in soup(page).select(".code-words li")]


def write(client, **answers) -> str:
    """Somebody writes and sends; gives the code."""
    check = client.fill(client.get("/alerte/ecrire"), "/alerte/ecrire", **(S05 | answers))
    assert check.status_code == 200, errors(check)
    sent = client.fill(check, "/alerte/envoyer")
    assert sent.status_code == 200, errors(sent)
    return code_of(sent)


def code_of(page) -> str:
    return " ".join(item.text for item in soup(page).select(".code-words li"))


def enter(client, post, email: str = REFERENT, phrase: str = PHRASE):
    """A referent opens their page; gives the list."""
    client.fill(client.get("/referents"), "/referents", email=email)
    path = post.last(email).link("r/")
    answer = client.fill(client.get(path), path, phrase=phrase)
    assert answer.status_code == 303, errors(answer)
    return client.get("/referents/messages")


def read(client, number: int = 1):
    """Open one alert; gives its page."""
    path = f"/referents/messages/{number}"
    client.fill(client.get(path), path)
    page = client.get(path)
    assert page.status_code == 200
    return page


def back(client, code: str):
    """The author comes back with their code."""
    return client.fill(client.get("/suite"), "/suite", code=code)


def errors(page) -> list[str]:
    return [tag.text.strip() for tag in soup(page).select(".error-text, .error-summary li")]
