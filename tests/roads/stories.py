"""Stories told by calling verbs, for tests that need a dossier somewhere in the middle of its road."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from email import message_from_bytes
from email.policy import default

from cast import ANDREA, CLAUDE, COORDINATOR, NOA
from roads.mentoring import give_mentor
from sqlalchemy import select

from models.base import db, transaction
from models.convention import Convention, ImmersionSession
from models.dossier import DOSSIERS, Dossier, Participant, next_number
from models.entraide import Solicitation
from models.outbox import OutboxMessage
from models.states import Kind, Role
from models.structure import Membre, Structure
from services import submission
from services.submission import Author, Submission

NIMES, BAGNOLS, MONTPELLIER = "30189", "30028", "34172"
HOST = {"tutor_name": "Ariel Modèle", "tutor_quality": "conseiller", "tutor_contact": "06 39 98 00 09",
        "address": "3 rue des Lilas", "signatory_name": "Claude Accueil", "signatory_quality": "Directrice", "meals": "",
        "safety": "", "insurance": "Mutuelle Exemple, contrat 123"}
EMPLOYER = {"name": "Andréa Direction", "quality": "Directrice", "email": ANDREA, "phone": "",
            "structure": {"name": "Structure Exemple B", "public": False, "typology": "ASSO", "siret": "", "website": "",
                          "address": "5 place du Marché", "commune": NIMES}}
ANSWERS = {
    Kind.ADHESION: {"member_kind": "professional", "charter_version": "2026-11", "given_name": "Noa", "family_name": "Fictif",
                    "employer": {"name": "Andréa Direction", "email": ANDREA, "may_be_told": True}},
    Kind.ENTRAIDE: {"question": "Quelle procédure ?", "help_kind": "question", "theme": "autre"},
    Kind.IMMERSION: {"work_status": "salarie", "objectives": "Voir un atelier\nMontrer un outil", "functions": "Ateliers",
                     "skills_sought": ["diagnostic"], "contract": "CDI", "employer": EMPLOYER},
    Kind.MENTORAT: {"skills_sought": ["diagnostic"], "skills_offered": [],
                    "employer": {"name": "Andréa Direction", "email": ANDREA}},
}
SUMMARY = [["Vous", [["Prénom", "Noa"], ["Adresse de courriel", NOA, "contact"]]]]


def form(kind: Kind = Kind.ENTRAIDE, *, key: str = "cle-1", email: str = NOA, commune: str = NIMES, title: str = "Essai",
         uploads: tuple[str, ...] = ()) -> Submission:
    """A complete form of that kind."""
    return Submission(kind, key, title, commune, Author("Noa", "Fictif", email, "", "Médiateur numérique", "Structure Exemple B"),
                      ANSWERS[kind], SUMMARY, list(uploads))


def letters(address: str = "", name: str = "") -> list[OutboxMessage]:
    """Letters written so far, to that address, of that name."""
    rows = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    return [row for row in rows if address in ("", row.recipient) and (not name or row.letter.endswith(f"/{name}"))]


def text_of(row: OutboxMessage) -> str:
    return message_from_bytes(row.raw, policy=default).get_body(("plain",)).get_content()


def said_in(row: OutboxMessage) -> str:
    """The words of a letter on one line, with ordinary spaces."""
    return " ".join(text_of(row).split())


def token_in(row: OutboxMessage) -> str:
    """The token of the first personal link of a letter."""
    return re.search(r"/(?:confirmer|d|ouvrir)/([\w-]{43})", text_of(row))[1]


def confirmed(kind: Kind, now: datetime, **changes: object) -> Dossier:
    """A request sent and confirmed: its coordinator has been written to."""
    email = changes.get("email", NOA)
    submission.submit(form(kind, **changes), "127.0.0.1", now)
    return submission.confirm(token_in(letters(email, "address_to_confirm")[-1]), now)


def host_structure(now: datetime, *, name: str = "Structure Exemple C", email: str = CLAUDE, commune: str = BAGNOLS,
                   skills: tuple[str, ...] = ("diagnostic",)) -> int:
    """A member structure that can host; gives its id."""
    with transaction() as session:
        structure = Structure(name=name, commune=commune, hosts=True, host_places=1, skills=list(skills), typology="ASSO",
                              address="3 rue des Lilas")
        session.add(structure)
        session.add(Membre(kind="structure", given_name="Claude", family_name="Accueil", email=email, commune=commune,
                           charter_version="2026-11", joined_at=now, structure=structure, job="Directrice"))
        session.flush()
        return structure.id


def planted(kind: Kind, state: str, now: datetime) -> Dossier:
    """A dossier in that very state with somebody in every role, put in the database as it is."""
    known = db.session.scalar(select(Membre.structure_id).where(Membre.email == CLAUDE))
    host = (known or host_structure(now)) if kind == Kind.IMMERSION else None
    with transaction() as session:
        number = next_number(kind, now.year)
        dossier = DOSSIERS[kind](
            year=now.year, number=number, reference=f"{kind.prefix}-{now.year}-{number:04d}", state=state, title="Essai",
            submission_key=f"{kind}-{state}-{number}", commune=NIMES, created_at=now, moved_at=now, confirmed_at=now,
            answers=dict(ANSWERS[kind]), summary=SUMMARY)
        # Before a decision the employer is not asked yet: somebody in that role is then somebody else.
        employer = "avant@structure-b.example" if state == "submitted" else ANDREA
        people = ((Role.AUTHOR, "Noa Fictif", NOA), (Role.COORDINATOR, "Alix Coordination", COORDINATOR),
                  (Role.EMPLOYER, "Andréa Direction", employer), (Role.HOST, "Claude Accueil", CLAUDE),
                  (Role.HELPER, "Dominique Aide", "dominique@structure-a.example"),
                  (Role.SIGNATORY, "Camille Maire", "camille@structure-c.example"),
                  (Role.TUTOR, "Ariel Tutorat", "ariel@structure-c.example"),
                  (Role.MENTOR, "Sacha Mentor", "sacha@structure-a.example"))
        dossier.participants += [Participant(role=role.value, name=name, email=email, quality="Médiateur", active=True)
                                 for role, name, email in people]
        if host:
            _give_dates(dossier, host, state, now)
        if kind == Kind.ENTRAIDE:
            dossier.solicitations.append(Solicitation(participant=dossier.participants[4], email="dominique@structure-a.example",
                                                      wave=1, asked_at=now, answer="none"))
        session.add(dossier)
        session.flush()
        if kind == Kind.MENTORAT and state != "submitted":
            give_mentor(dossier, now)
        return dossier


def _give_dates(dossier: Dossier, host: int, state: str, now: datetime) -> None:
    if state in ("submitted", "employer_asked", "employer_agreed"):
        return
    dossier.host_id = host
    dossier.host = db.session.get(Structure, host)
    dossier.answers = {**dossier.answers, "host": HOST}
    dossier.sessions += [ImmersionSession(on=date(2027, 2, day), starts=time(9), ends=time(12, 30)) for day in (2, 9)]
    if state not in ("host_asked", "host_agreed"):
        from pdf.convention import to_json
        from services.convention import draft_data
        from services.convention.signatories import make_signatures
        data = draft_data(dossier, now)
        row = Convention(version=1, state=CONVENTIONS.get(state, "issued"), saved_at=now, template=data.template,
                         data=to_json(data))
        dossier.conventions.append(row)
        db.session.add(dossier)
        if row.state != "shown":
            make_signatures(row, data)


#: State of a dossier -> state of its convention, where it is not to be signed.
CONVENTIONS = {"in_review": "shown", "outside": "shown"} | dict.fromkeys(("signed", "lived", "interrupted", "not_held"), "signed")


def who(dossier: Dossier, role: str) -> Participant:
    return next(person for person in dossier.participants if person.role == role)
