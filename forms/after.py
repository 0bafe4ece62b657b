"""The pages of what follows the signature: a session moved, an end before time, what is attested, the next exchange."""

from __future__ import annotations

from datetime import date

from .base import RingForm
from .fields import Checkboxes, Day, Hour, LongText, Radios, Text
from .immersion import SessionsMixin


class MoveForm(SessionsMixin, RingForm):
    """``session`` gets its choices from the service: the sessions to come."""

    session = Radios("Quelle séance déplacer", choices=(), missing="Choisissez la séance à déplacer.")
    words = LongText("Pourquoi, en quelques mots", optional=True, longest=2000, rows=3)

    def offer(self, sessions: list[tuple[int, str]]) -> None:
        """Set the sessions to choose from: ``(id, words)``."""
        self.session.choices = tuple((str(number), said) for number, said in sessions)
        self.session._labels = dict(self.session.choices)


class EndingForm(RingForm):
    """``last`` and ``cause`` get their choices from the service."""

    last = Radios("Dernier jour d’immersion", choices=(), missing="Choisissez le dernier jour d’immersion, ou « aucun ».")
    cause = Radios("La cause", choices=(), missing="Choisissez la cause.", hint="Elle sert à comprendre, jamais à accuser")
    words = LongText("Ce que les autres doivent savoir", longest=2000, rows=4,
                     hint="Sans raison de santé. Ces mots sont transmis à toutes les personnes concernées",
                     missing="Écrivez quelques mots : ce que les autres doivent savoir.")

    def offer(self, days: list[tuple[str, str]], causes: list[tuple[str, str]]) -> None:
        """Set what can be chosen; ``days``: ISO date -> words."""
        self.last.choices = (("aucun", "Aucun : elle n’a pas eu lieu"), *days)
        self.last._labels = dict(self.last.choices)
        self.cause.choices = tuple(causes)
        self.cause._labels = dict(self.cause.choices)

    @property
    def last_on(self) -> date | None:
        return None if self.last.data == "aucun" else date.fromisoformat(self.last.data)


class AwardForm(RingForm):
    """``sessions`` gets its choices from the service: those of the convention."""

    sessions = Checkboxes("Les séances qui ont eu lieu", choices=(), missing="Cochez au moins une séance.")
    activities = LongText("Ce qui a été vu et partagé", optional=True, longest=1600, rows=6,
                          hint="Une ligne par activité, 8 au plus")

    def offer(self, sessions: list[tuple[int, str]]) -> None:
        """Set the sessions to choose from: ``(id, words)``."""
        self.sessions.choices = tuple((str(number), said) for number, said in sessions)
        self.sessions._labels = dict(self.sessions.choices)

    def lines(self, longest: int, most: int) -> tuple[str, ...]:
        found = [line.strip(" -•\t")[:longest] for line in (self.activities.data or "").splitlines() if line.strip(" -•\t")]
        return tuple(found[:most])


class ExchangeForm(RingForm):
    """When and where the next exchange is."""

    on = Day("Le jour", future=True, missing="Indiquez le jour de l’échange, par exemple 11 3 2027.")
    starts = Hour("De", missing="Indiquez l’heure de début, par exemple 14 h.")
    ends = Hour("À", missing="Indiquez l’heure de fin, par exemple 15 h.")
    place = Text("Où", optional=True, longest=300, hint="Une adresse, ou le lien d’une visioconférence")
    words = LongText("Un mot pour les personnes invitées", optional=True, longest=2000, rows=3)
