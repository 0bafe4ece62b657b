"""Requests at the stages the demonstration does not stop at, played through the doors by people of their own."""

from __future__ import annotations

from datetime import UTC, datetime

from activity import populate
from alerte_people import COLLEAGUE, REFERENT, enrol
from browser.after import play_after
from browser.mentoring import play_mentoring
from browser.peers import play_peers
from cast import AIDE, COORDINATOR, HOSTING, IMMERSION, PROFESSIONAL, SHEET, confirm, press, send, sign_in
from letters_in import PDF, mail
from mail_reports import report
from roads.signed import quietly

from inbox import receive
from models.base import db
from models.outbox import OutboxMessage
from services import convention
from services.membre import looking

#: A host is asked, and has not answered.
WAITING = "robin@structure-f.example"
#: The three parties read the draft.
READING = "sasha@structure-g.example"
#: Prepares a placement with a public service (PMSMP).
PLACED = "lou@courriel-deux.example"
#: Sent, and not confirmed yet.
UNCONFIRMED = "maire@commune-d.example"
#: An answer with a file, and a note that only the coordination sees.
HELPED = "maxime@structure-h.example"
#: A member whose employer is not told.
DISCREET = "mel@structure-n.example"
#: Refused by the coordination.
REFUSED = "andrea@structure-k.example"
#: Wrote to aide@, and has not sent the form.
WRITING = ("patrice@structure-l.example", "patrice.deux@structure-l.example")
#: Who was asked whether another address is theirs, and did not answer.
ASKED = ("sacha@structure-a.example", HELPED, REFUSED)
#: Their address does not work any more; a new one was given for each, and nobody has confirmed it yet.
UNREACHED = "nora@structure-l.example"
UNREACHED_TOO = "eli@structure-m.example"
#: Where those write from whose convention is signed by all, and sealed.
SEALED = "structure-scellee.example"


_NOT_TOLD = tuple((slug, answers | ({"employer_told": "non", "employer_email": ""} if slug == "employeur" else {}))
                  for slug, answers in PROFESSIONAL)


def play_on(app, post) -> None:
    """Play a few more scenes on the demonstration."""
    client = app.test_client()
    _ask_for_immersion(client, post, WAITING, "direction@structure-f.example")
    press(client, f"{post.last(COORDINATOR, 'employer_agreed').link('d')}/proposer", structure="1")
    _ask_for_immersion(client, post, READING, "direction@structure-g.example")
    press(client, f"{post.last(COORDINATOR, 'employer_agreed').link('d')}/proposer", structure="1", words="Deux jours suffisent.")
    host = post.last("claude@structure-c.example", "host_to_agree").link("d")
    press(client, f"{host}/accueillir", **HOSTING)
    dossier = post.last(COORDINATOR, "host_agreed").link("d")
    press(client, f"{dossier}/rediger", travel_detail="94 km aller et retour")
    press(client, f"{dossier}/relecture")

    send(client, "/immersion/preparer", _asked_by(SHEET, PLACED))
    confirm(client, post, PLACED)
    press(client, f"{post.last(COORDINATOR, 'request_to_coordinator').link('d')}/fiche", tutor="Ariel Modèle")

    send(client, "/aide", _asked_by(AIDE, HELPED))
    confirm(client, post, HELPED)
    post.reply(post.last(COORDINATOR), "Voici le modèle que nous utilisons.",
               (("modele.pdf", "application/pdf", b"%PDF-1.4\n%%EOF\n"),))
    post.reply(post.last(COORDINATOR, "request_to_coordinator"), "/note Demander aussi à Dominique, qui connaît bien ce sujet.")
    send(client, "/aide", _asked_by(AIDE, REFUSED))
    confirm(client, post, REFUSED)
    post.reply(post.last(COORDINATOR), "/refuser Le réseau ne peut pas répondre à cette question.")
    for person in (UNREACHED, UNREACHED_TOO):
        _lose(app, client, post, person)
    send(client, "/rejoindre/professionnel", _asked_by(_NOT_TOLD, DISCREET))
    confirm(client, post, DISCREET)
    post.reply(post.last(COORDINATOR), "/accepter")
    play_peers(app, client, post)
    play_mentoring(app, client, post)
    sign_in(client, post)
    _write_in(app, client, post)
    for referent in (REFERENT, COLLEAGUE):
        enrol(app.test_client(), post, referent)
    with app.app_context():
        play_after(post.clock.now)
        quietly(post.clock.now, domain=SEALED)
        convention.seal_due(post.clock.now)
        looking.look(post.clock.now)
        populate(datetime(2024, 9, 3, 9, tzinfo=UTC), over=True)


def _write_in(app, client, post) -> None:
    """Mail of people's own accord: set aside, waiting for a yes, waiting for a form, decided."""
    def take(raw: bytes) -> int:
        with app.app_context():
            return receive(raw, "essai", post.clock.now)
    signed = "Bonjour,\n\nQui peut m’aider à préparer un atelier ?\n\nMerci\n-- \nPatrice Exemple\n06 39 98 00 07\n"
    for subject in ("Une question sur les mandats", "Encore une question"):
        take(mail("contact@ring.example", signed, "Patrice Exemple <inconnu@ailleurs.example>", subject, [PDF]))
    take(b"From: illisible@ailleurs.example\r\n\r\n\x00\xff<b>gras</b>\x00")
    discarded = take(mail("contact@ring.example", "Promotion sur les écrans", "vente@ailleurs.example", "Offre"))
    client.post(f"/coordination/courriels/{discarded}/ecarter")
    for address in WRITING:
        take(mail("aide@ring.example", signed, f"Patrice Exemple <{address}>", "Préparer un atelier", [PDF]))
    take(mail("rejoindre@ring.example", "Je voudrais venir.", f"Patrice Exemple <{WRITING[0]}>", "Venir"))
    for known in ASKED:
        post.reply(post.last(known, "request_received"), "Une précision, de ma boîte personnelle.",
                   sender=known.replace("@", ".perso@"))


def _lose(app, client, post, person: str) -> None:
    """Their letters come back; the coordination writes once more, then gives another address."""
    send(client, "/aide", _asked_by(AIDE, person))
    confirm(client, post, person)
    with app.app_context():
        letter = post_row(post, person)
        receive(report(letter.envelope_from, person, letter=letter.message_id, number=letter.id), "essai", post.clock.now)
    page = post.last(COORDINATOR, "address_stopped").link("d")
    post.reply(post.last(COORDINATOR, "request_to_coordinator"), "Bonjour, je vous appelle demain.")
    client.fill(client.get(page), page.split("?")[0], email=f"nouvelle.{person}")


def post_row(post, person: str) -> OutboxMessage:
    return db.session.get(OutboxMessage, post.last(person).id)


def _ask_for_immersion(client, post, author: str, employer: str) -> None:
    send(client, "/immersion", _asked_by(IMMERSION, author, employer_email=employer))
    confirm(client, post, author)
    post.reply(post.last(COORDINATOR), "/accepter")
    post.reply(post.last(employer), "Oui")


def _asked_by(pages, email: str, **more: str):
    """The same form, filled by somebody else."""
    return tuple((slug, {**answers, **({"email": email} if "email" in answers else {}),
                         **{name: value for name, value in more.items() if name in answers}}) for slug, answers in pages)
