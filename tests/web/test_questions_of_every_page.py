"""Each page of the coordinators' space, of one's own space and of a request asks the database fewer than twelve questions, and as
many for forty things as for two. A new page says here how it is opened, or why it is not counted."""

from __future__ import annotations

from datetime import datetime

import pytest
from asked import MOST, questions
from cast import COORDINATOR, NOA
from flask import Flask
from flask.testing import FlaskClient
from roads.stories import NIMES, planted, who
from setting import databases
from team import ADMINISTRATOR

from models.access_link import Purpose, new_link
from models.base import db, transaction
from models.delivery import StoppedAddress
from models.desk import ReplyTemplate
from models.dossier import Dossier, Immersion
from models.inbound import InboundBody, InboundMessage
from models.states import STATES, Kind, Role
from models.structure import Invitation, Membre, Structure
from services import acting
from services.membre import looking

_DESK, _SPACE, _TEAM = "/coordination", "/mon-espace/<token>", "/coordination/equipe"
#: rule -> the addresses it is counted at; ``{help}`` and such are references, ``{space}`` a personal link.
PAGES: dict[str, tuple[str, ...]] = {
    f"{_DESK}/": (f"{_DESK}/", f"{_DESK}/?qui=moi&sorte=entraide"),
    f"{_DESK}/en-cours": (f"{_DESK}/en-cours",),
    f"{_DESK}/terminees": (f"{_DESK}/terminees",),
    f"{_DESK}/recherche": (f"{_DESK}/recherche?q=modele", f"{_DESK}/recherche?q=camille"),
    f"{_DESK}/annuaire": (f"{_DESK}/annuaire", f"{_DESK}/annuaire?q=camille&competence=posture"),
    f"{_DESK}/courriels": (f"{_DESK}/courriels",),
    f"{_DESK}/courriels/traites": (f"{_DESK}/courriels/traites",),
    f"{_DESK}/courriels/etat": (f"{_DESK}/courriels/etat",),
    f"{_DESK}/courriels/<int:inbound_id>": (f"{_DESK}/courriels/{{mail}}",),
    f"{_DESK}/courriels/<int:inbound_id>/rattacher": (f"{_DESK}/courriels/{{mail}}/rattacher?reference={{help}}",),
    f"{_DESK}/courriels/<int:inbound_id>/ouvrir": (f"{_DESK}/courriels/{{mail}}/ouvrir",),
    f"{_DESK}/courriels/<int:inbound_id>/formulaire": (f"{_DESK}/courriels/{{mail}}/formulaire",),
    f"{_DESK}/chiffres": (f"{_DESK}/chiffres",),
    f"{_DESK}/exports": (f"{_DESK}/exports",),
    f"{_DESK}/absence": (f"{_DESK}/absence",),
    f"{_DESK}/recapitulatifs": (f"{_DESK}/recapitulatifs",),
    f"{_DESK}/membres/": (f"{_DESK}/membres/",),
    f"{_DESK}/modeles/": (f"{_DESK}/modeles/",),
    f"{_DESK}/modeles/nouveau": (f"{_DESK}/modeles/nouveau",),
    f"{_DESK}/modeles/<int:template_id>": (f"{_DESK}/modeles/1",),
    f"{_DESK}/doublons/": (f"{_DESK}/doublons/",),
    f"{_DESK}/doublons/<any(membres, structures):kind>/<int:first>/<int:second>": (
        f"{_DESK}/doublons/membres/{{one}}/{{other}}",),
    f"{_DESK}/doublons/demande/<reference>/<any(membres, structures):kind>/<int:number>": (
        f"{_DESK}/doublons/demande/{{joining}}/membres/{{alike}}",),
    f"{_DESK}/securite": (f"{_DESK}/securite",),
    f"{_DESK}/<reference>": tuple(f"{_DESK}/{{{name}}}" for name in (
        "help", "joining", "joined", "immersion", "stage", "mentoring")),
    f"{_DESK}/<reference>/chronologie": (f"{_DESK}/{{help}}/chronologie",),
    f"{_DESK}/<reference>/fusionner": (f"{_DESK}/{{help}}/fusionner",),
    f"{_DESK}/<reference>/message/<int:message_id>/deplacer": (f"{_DESK}/{{help}}/message/{{message}}/deplacer",),
    f"{_DESK}/<reference>/convention": (f"{_DESK}/{{immersion}}/convention",),
    f"{_DESK}/<reference>/parcours": (f"{_DESK}/{{stage}}/parcours",),
    f"{_DESK}/<reference>/<slug>": (f"{_DESK}/{{help}}/solliciter", f"{_DESK}/{{placed}}/proposer",
                                    f"{_DESK}/{{mentoring}}/proposer", f"{_DESK}/{{help}}/transmettre"),
    _TEAM: (_TEAM,),
    f"{_TEAM}/depart": (f"{_TEAM}/depart",),
    "/d/<token>": ("/d/{asker}", "/d/{received}"),
    "/d/<token>/parcours": ("/d/{received}/parcours",),
    "/d/<token>/<slug>": ("/d/{asker}/retirer",),
    _SPACE: ("/mon-espace/{space}",),
    f"{_SPACE}/engagements": ("/mon-espace/{space}/engagements",),
    f"{_SPACE}/adresse": ("/mon-espace/{space}/adresse",),
    f"{_SPACE}/equipe": ("/mon-espace/{space}/equipe",),
    f"{_SPACE}/effacement": ("/mon-espace/{space}/effacement",),
    f"{_SPACE}/partir": ("/mon-espace/{space}/partir",),
    f"{_SPACE}/<slug>": ("/mon-espace/{space}/coordonnees", "/mon-espace/{space}/savoir-faire"),
}
#: Files, read as they leave.
FILES = ("/agenda.ics", "/attestation/", "/convention.pdf", "/fichier/", "/exports/<", "/courriel.eml", "/piece/", "/signer.pdf",
         "/engagements-<version>.pdf", "/mes-donnees.json")
#: A link that shows the one thing it is about, or asks to press a button: there is nothing to be more of.
ONE_THING = ("/adresse/", "/changer-adresse/", "/confirmer/", "/desabonnement/", "/effacement/", "/engagements/", "/invitation/",
             "/nouvelle-adresse/", "/coordination/ouvrir/", "/coordination/securite/code", "/aide/reprendre/",
             "/immersion/reprendre/", "/rejoindre/", "/d/<token>/convention", "/d/<token>/signer", "/r/<token>")
_COUNTED = {"coordinator_only", "figures_only", "team_only", "administrator_only", "personal_link"}


def test_every_page_says_how_it_is_counted(still):
    rules = {rule.rule for rule in still.url_map.iter_rules()
             if "GET" in rule.methods and getattr(still.view_functions[rule.endpoint], "access", "") in _COUNTED}
    left = {rule for rule in rules - PAGES.keys() if not any(one in rule for one in FILES) and not rule.startswith(ONE_THING)}
    assert not left, "say in PAGES how they are opened"
    assert PAGES.keys() <= rules


@databases("sqlite", "postgresql")
def test_no_page_asks_more_than_eleven_questions_nor_more_for_forty_things_than_for_two(app, clock):
    app.test_client_class = FlaskClient
    with app.app_context():
        named = _things(clock.now)
        named |= _more(named, 2, clock.now)
    clients = {_TEAM: _signed_in(app, ADMINISTRATOR, clock.now), "": _signed_in(app, COORDINATOR, clock.now)}
    pages = {address.format_map(named): clients[_TEAM if rule.startswith(_TEAM) else ""]
             for rule, addresses in PAGES.items() for address in addresses}
    before = {page: questions(app, client, page) for page, client in pages.items()}
    with app.app_context():
        _more(named, 38, clock.now)
    after = {page: questions(app, client, page) for page, client in pages.items()}
    grown = {page: (asked, after[page]) for page, asked in before.items() if after[page] > asked}
    assert not grown, "more rows, more questions"
    assert not {page: asked for page, asked in after.items() if asked > MOST}


@pytest.mark.parametrize("kind", Kind)
def test_no_page_of_a_request_does_whatever_its_state_and_whoever_looks(app, clock, kind):
    app.test_client_class = FlaskClient
    client, found = _signed_in(app, COORDINATOR, clock.now), {}
    for state in STATES[kind]:
        if state == "unconfirmed":
            continue
        with app.app_context():
            dossier = planted(kind, state, clock.now)
            tokens = _links(dossier, clock.now)
            bases = {role: f"/coordination/{dossier.reference}" if role == Role.COORDINATOR else f"/d/{token}"
                     for role, token in tokens.items()}
            addresses = [f"{bases[person.role]}{slug}" for person in dossier.participants for slug in (
                # The version of a planted immersion was never sent: nobody can be reminded since when.
                "", *(f"/{action.slug}" for action in acting.available(dossier, Role(person.role), person)
                      if action.slug != "relancer"))]
        found |= {(state, address): questions(app, client, address, answers=(200, 409)) for address in addresses}
    assert found and not {where: asked for where, asked in found.items() if asked > MOST}


def _signed_in(app: Flask, email: str, now: datetime) -> FlaskClient:
    """A browser whose session is open, the code of the telephone given."""
    with app.app_context(), transaction() as session:
        token, row = new_link(Purpose.SESSION, email, now)
        row.used_at = now
        session.add(row)
    client = app.test_client()
    client.set_cookie("coordination", token)
    return client


def _links(dossier: Dossier, now: datetime) -> dict[str, str]:
    """role -> the token of that person's own link."""
    found = {}
    with transaction() as session:
        for person in db.session.get(Dossier, dossier.id).participants:
            found[person.role], row = new_link(Purpose.DOSSIER, person.email, now)
            row.participant_id = person.id
            session.add(row)
    return found


def _member(now: datetime, given: str, email: str, **more: object) -> Membre:
    return Membre(**{"kind": "professional", "given_name": given, "family_name": "Modèle", "email": email, "commune": NIMES,
                     "skills_offered": ["posture"], "pace": "semaine", "mentors": True, "directory": ["nom"],
                     "charter_version": "2026-11", "joined_at": now} | more)


def _things(now: datetime) -> dict[str, object]:
    """One of each thing a page is about; its author is a member whose address does not work any more."""
    made = {"help": planted(Kind.ENTRAIDE, "submitted", now), "joining": planted(Kind.ADHESION, "submitted", now),
            "joined": planted(Kind.ADHESION, "accepted", now), "immersion": planted(Kind.IMMERSION, "in_review", now),
            "stage": planted(Kind.IMMERSION, "lived", now), "placed": planted(Kind.IMMERSION, "employer_agreed", now),
            "mentoring": planted(Kind.MENTORAT, "submitted", now)}
    ids = {name: dossier.id for name, dossier in made.items()}
    acting.perform("repondre", who(made["help"], "author").id, "Une précision.", now)
    with transaction() as session:
        rows = {name: session.get(Dossier, number) for name, number in ids.items()}
        rows["help"].answers = {**rows["help"].answers, "visibility": ["pairs"]}
        structure = Structure(name="Structure Exemple B", commune=NIMES)
        noa = _member(now, "Noa", NOA, family_name="Fictif", structure=structure, adhesion_id=rows["joined"].id,
                      kind="structure")
        twins = [_member(now, "Eden", f"eden{place}@structure-a.example", phone="06 39 98 00 44") for place in range(2)]
        alike = _member(now, "Noa", "noa.fictif@structure-d.example", family_name="Fictif")
        mail = InboundMessage(dedupe_key="0" * 64, received_at=now, carrier="imap", sender="x@y.example", subject="Essai",
                              body=InboundBody(raw=b"From: x@y.example\r\n\r\nBonjour"), state="quarantined")
        session.add_all([noa, *twins, alike, mail, StoppedAddress(email=NOA, stopped_at=now, because="bounced_hard")])
        session.flush()
        named = {name: row.reference for name, row in rows.items()} | {
            "one": twins[0].id, "other": twins[1].id, "alike": alike.id, "mail": mail.id, "structure": structure.id,
            "message": rows["help"].messages[0].id, "ids": ids}
        token, row = new_link(Purpose.SPACE, NOA, now)
        session.add(row)
    return named | {"space": token, **{name: _links(made[of], now)["author"] for name, of in (
        ("asker", "help"), ("received", "stage"))}}


def _more(named: dict, number: int, now: datetime) -> dict[str, object]:
    """So many more of everything that pages list."""
    begun, ids = db.session.query(Membre).count(), named["ids"]
    for _ in range(number):
        for kind, state in ((Kind.ENTRAIDE, "submitted"), (Kind.ENTRAIDE, "in_progress"), (Kind.ENTRAIDE, "closed"),
                            (Kind.IMMERSION, "lived")):
            planted(kind, state, now)
    with transaction() as session:
        last = ids["stage"]
        for one in session.query(Immersion).filter(Immersion.state == "lived", Immersion.id != last,
                                                   Immersion.follows_id.is_(None)).order_by(Immersion.id):
            one.follows_id, last = last, one.id
        for place in range(begun, begun + number):
            session.add_all([
                _member(now, "Noa", f"noa{place}@structure-e.example", family_name="Fictif", phone=f"06 39 98 {place:04}"),
                _member(now, f"Camille{place}", f"camille{place}@structure-b.example", structure_id=named["structure"]),
                _member(now, "Lou", f"lou{place}@structure-f.example", kind="structure", structure=Structure(
                    name=f"Structure Exemple F{place}", commune=NIMES, hosts=True, host_places=1, skills=["diagnostic"])),
                Invitation(structure_id=named["structure"], by="Noa", given_name="Lou", family_name=f"Modèle{place}",
                           email=f"invite{place}@structure-b.example", invited_at=now),
                ReplyTemplate(title=f"Modèle {place}", body="Bonjour", kind="", changed_by=COORDINATOR, changed_at=now),
                new_link(Purpose.SESSION, COORDINATOR, now)[1]])
            for state, handled in (("quarantined", None), ("discarded", now)):
                session.add(InboundMessage(
                    dedupe_key=f"{place}-{state}", received_at=now, carrier="imap", body=InboundBody(raw=b"x"), state=state,
                    sender="x@y.example", subject="Essai", handled_at=handled, handled_by=COORDINATOR))
    for _ in range(number):
        acting.perform("note", who(db.session.get(Dossier, ids["help"]), "coordinator").id, "À voir.", now)
    looking.look(now)
    return named
