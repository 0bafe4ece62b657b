"""A newcomer who wishes for a mentor, members who offer to be one, and a pair on its way: for the stories of mentoring."""

from __future__ import annotations

from datetime import date, datetime

from cast import COORDINATOR, LEARNER, confirm, press, send
from roads.peers import member

from models.dossier import Actor
from models.entraide import Answer, Solicitation
from models.mentorat import Mentorat
from models.states import Role
from services.mentorat.protocol import Terms, write

LOU = "lou@courriel.example"
TERMS = {"objectives": "Animer mes premiers ateliers\n- Poser des limites", "rhythm": "quinzaine",
         "ways": ["telephone", "presence"],
         "months": "6", "starts_on-jour": "1", "starts_on-mois": "2", "starts_on-annee": "2027"}


def mentor(email: str, **more) -> None:
    """Have somebody be a member who offers to be a mentor."""
    member(email, **{"skills": ("ateliers_collectifs",), "pace": "mois", "mentors": True} | more)


def joined(client, post, *, skills: tuple[str, ...] = ("ateliers_collectifs",), email: str = LOU) -> None:
    """Somebody asks to join, wishes for a mentor, and is accepted."""
    named = {} if email == LOU else {"given_name": email.partition("@")[0].partition(".")[0].capitalize()}  # no twin of Lou
    pages = tuple((slug, answers | ({"email": email, **named} if "email" in answers else {})
                   | ({"skills_sought": list(skills)} if slug == "competences" else {})) for slug, answers in LEARNER)
    send(client, "/rejoindre/en-devenir", pages)
    confirm(client, post, email)
    post.reply(post.last(COORDINATOR, "request_to_coordinator"), "/accepter")


def paired(client, post, who: str, email: str = LOU) -> None:
    """The coordination proposes ``who``, and both say yes."""
    press(client, post.last(COORDINATOR, "mentor_to_propose").link("d"), mentor=_first(client, post))
    post.reply(post.last(who, "mentor_asked"), "oui")
    post.reply(post.last(email, "mentor_found"), "oui")


def _first(client, post) -> str:
    return client.page(post.last(COORDINATOR, "mentor_to_propose").link("d")).select_one("input[name=mentor]")["value"]


def agreed(client, post, who: str, email: str = LOU) -> None:
    """The newcomer writes the protocol, and the three agree."""
    press(client, post.last(email, "pair_made").link("d"), **TERMS, tell_employer="non")
    for address in (email, who, COORDINATOR):
        press(client, post.last(address, "protocole_to_agree").link("d"), agreement="oui")


def give_mentor(dossier: Mentorat, now: datetime) -> None:
    """Have the participant who is a mentor be asked, or be theirs, as the state of a planted dossier wants; with a protocol."""
    [person] = [one for one in dossier.participants if one.role == "mentor"]
    answer = Answer.NONE if dossier.state == "mentor_asked" else Answer.TAKEN
    dossier.solicitations.append(Solicitation(participant=person, email=person.email, wave=0, asked_at=now, answer=answer.value))
    if dossier.state in ("to_agree", "under_way", "closed"):
        write(dossier, Actor(Role.AUTHOR, dossier.author), "", now,
              Terms(("Voir un atelier",), "mois", ("visio",), 6, date(2027, 2, 1), ""))
