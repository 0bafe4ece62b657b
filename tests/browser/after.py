"""Immersions after their signature, with people of their own: one to come, one that was lived, reported on and attested, two
said not to take place, today and ten days ago; and one whose host is about to say no."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from roads.stories import ANSWERS, HOST, NIMES, SUMMARY
from sqlalchemy import select

from models.base import db, transaction
from models.convention import Convention, ImmersionSession
from models.dossier import CLOCK, Actor, Immersion, Participant, next_number
from models.ending import Cause
from models.states import ImmersionState, Kind, Role
from models.structure import Structure
from pdf.convention import to_json
from pdf.convention_data import Session
from services import delivery
from services.attestation import making
from services.convention import draft_data
from services.evaluation import asking, giving, publishing
from services.evaluation.questions import Voice
from services.immersion import ending, exchanges, hosting, moving, parcours
from services.immersion.living import remind_sessions
from services.immersion.moving import Move

#: Person received, in an immersion to come, and in one that was lived.
SIGNED, LIVED = "noe@structure-n.example", "lise@structure-n.example"
LIVED_HOST, SIGNED_HOST = "accueil.lise@structure-p.example", "accueil.noe@structure-p.example"
EMPLOYER = "direction.{}@structure-n.example"
#: Said not to take place, by mistake perhaps: it can still be taken back, and no more.
STOPPED, STOPPED_LONG_AGO = "ama@structure-n.example", "lou@structure-n.example"
#: The host that is asked, and says no.
UNWILLING = "accueil.sacha@structure-p.example"
#: Where the host of the immersion to come is to be written to, once both addresses said yes.
ELSEWHERE = "accueil.ailleurs@structure-p.example"


def play_after(now: datetime) -> None:
    """Play both on the demonstration; in an application context."""
    signed = _planted("Noé Modèle", SIGNED, SIGNED_HOST, "signed", (date(2027, 1, 12), date(2027, 1, 19)), now)
    with transaction():
        signed = db.session.get(Immersion, signed)
        by = Actor(Role.HOST, signed.participant(Role.HOST))
        session = signed.sessions[1]
        moving.ask(signed, by, "Travaux dans la salle.", now, Move(session.id, Session(date(2027, 1, 21), time(9), time(12))))
        exchanges.plan(signed, Actor(Role.COORDINATOR, signed.coordinators[0]), "", now, exchanges.Exchange(
            date(2027, 3, 11), time(14), time(15), "en visioconférence"))
        delivery.ask_both(signed.participant(Role.HOST), ELSEWHERE, now)
    for name, email, said_at in (("Ama Exemple", STOPPED, now), ("Lou Exemple", STOPPED_LONG_AGO, now - timedelta(days=10))):
        stopped = _planted(name, email, f"accueil.{email}", "signed", (date(2027, 2, 9),), now)
        with transaction():
            dossier = db.session.get(Immersion, stopped)
            ending.stop(dossier, Actor(Role.AUTHOR, dossier.author), "Un imprévu.", said_at, ending.Ending(Cause.COMPANION))
    asked = _planted("Sacha Modèle", "sacha@structure-n.example", UNWILLING, "host_asked", (), now)
    with transaction():
        hosting.ask_to_complete(db.session.get(Immersion, asked).participant(Role.HOST), hosting.HostLines(), now)
    lived = _planted("Lise Exemple", LIVED, LIVED_HOST, "lived", (date(2027, 1, 5), date(2027, 1, 7)), now)
    with transaction():
        asking.ask(db.session.get(Immersion, lived), now)
    with transaction():
        dossier = db.session.get(Immersion, lived)
        author, host = Actor(Role.AUTHOR, dossier.author), Actor(Role.HOST, dossier.participant(Role.HOST))
        giving.give(dossier, author, "", now, giving.Report(Voice.COMPANION, {
            "held": "oui", "seen": "Deux ateliers Pix en petit groupe.", "kept": "Prendre le temps de regarder.",
            "publish": "named"}))
        giving.give(dossier, host, "", now, giving.Report(Voice.HOST, {
            "held": "oui", "shown": "Atelier Pix\nPermanence du mardi", "again": "oui", "word": "Bravo Lise."}))
    with transaction():
        dossier = db.session.get(Immersion, lived)
        for role in (Role.HOST, Role.EMPLOYER):
            publishing.agree(dossier, Actor(role, dossier.participant(role)), "", now)
        publishing.publish(dossier, Actor(Role.COORDINATOR, dossier.coordinators[0]), "", now)
        parcours.add_stage(dossier, Actor(Role.AUTHOR, dossier.author), "Cette fois, un espace France Services.", now)
    making.make_due(now)
    remind_sessions(now)


def _planted(name: str, email: str, host_email: str, state: str, days: tuple[date, ...], now: datetime) -> int:
    with transaction() as session:
        number = next_number(Kind.IMMERSION, now.year)
        host = session.scalar(select(Structure).where(Structure.hosts))
        dossier = Immersion(
            year=now.year, number=number, reference=f"IMM-{now.year}-{number:04d}", state=ImmersionState(state).value,
            title="Immersion : 2 journées sur 2 semaines", submission_key=f"apres-{email}", commune=NIMES, created_at=now,
            moved_at=now, confirmed_at=now, answers=dict(ANSWERS[Kind.IMMERSION]) | {"host": HOST}, summary=SUMMARY, host=host)
        people = ((Role.AUTHOR, name, email), (Role.COORDINATOR, "Alix Coordination", "coordination@ring.example"),
                  (Role.EMPLOYER, "Andréa Direction", EMPLOYER.format(email.partition("@")[0])),
                  (Role.HOST, "Claude Accueil", host_email))
        dossier.participants += [Participant(role=role.value, name=who, email=address, quality="Médiateur", active=True)
                                 for role, who, address in people]
        dossier.sessions += [ImmersionSession(on=on, starts=time(9), ends=time(12, 30), starts_again=time(13, 30),
                                              ends_again=time(17))
                             for on in days]
        session.add(dossier)
        session.flush()
        data = draft_data(dossier, now)
        dossier.conventions.append(Convention(version=1, state="signed", saved_at=now, issued_at=now, completed_at=now,
                                              template=data.template, data=to_json(data),
                                              verification_code=f"AFT{number:01d}-TEST-0001",
                                              seal_state="sealed"))
        dossier.record("convention_signed", CLOCK, now, version=1)
        return dossier.id
