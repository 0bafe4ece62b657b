"""Asking for an immersion; and the pages with which a coordinator proposes a host and a host gives its dates."""

from __future__ import annotations

from datetime import date, time
from itertools import pairwise

from wtforms import ValidationError

from models.backing import FREELANCE, VOLUNTEER
from models.vocabulary import CONTRIBUTIONS, POSTS, PUBLICS, SKILLS, WORK_STATUSES, label

from .base import RingForm
from .fields import Checkboxes, CommuneChoice, Day, Email, Hour, LongText, Phone, Radios, Siret, Text
from .identity import DecoyMixin, Person, StructureQuestions
from .journey import Journey, Step

#: Slots shown to a host; the page can be asked for more.
SESSION_ROWS, MOST_SESSIONS = 3, 40


class SituationPage(RingForm):
    work_status = Radios("Votre situation", choices=WORK_STATUSES, missing="Choisissez votre situation.")


class WishPage(RingForm):
    objectives = LongText("Vos objectifs", hint="Un objectif par ligne, par exemple voir comment s’anime un atelier collectif",
                          missing="Indiquez au moins un objectif, en une ligne.", longest=2000, rows=5)
    functions = LongText("Ce que vous aimeriez voir ou pratiquer", longest=2000, rows=4,
                         missing="Dites quelles activités vous aimeriez voir ou pratiquer.")
    skills_sought = Checkboxes("Les compétences que vous cherchez", choices=SKILLS, optional=True)
    contributions = Checkboxes("Ce que vous attendez surtout", choices=CONTRIBUTIONS, optional=True)
    publics = Checkboxes("Les publics que vous aimeriez rencontrer", choices=PUBLICS, optional=True)


class RhythmPage(RingForm):
    rhythm = Text("Durée et rythme souhaités", hint="Par exemple 2 journées sur 2 semaines", longest=150,
                  missing="Indiquez la durée et le rythme souhaités, par exemple 2 journées sur 2 semaines.")
    earliest = Day("À partir de quand", hint="Par exemple 27 3 2027", future=True,
                   missing="Indiquez à partir de quelle date, par exemple 27 3 2027.")
    unavailable = LongText("Jours ou périodes à éviter", optional=True, longest=500, rows=2)
    mobility = Text("Jusqu’où pouvez-vous vous déplacer", optional=True, hint="Par exemple 40 km, ou accessible en train",
                    longest=150)
    access_needs = LongText("Besoins pratiques d’aménagement", optional=True, longest=500, rows=2,
                            hint="Par exemple un accès de plain-pied. Ne donnez pas d’information de santé")


class CompanionPage(Person):
    post = Radios("Votre métier", choices=POSTS, missing="Choisissez votre métier dans la liste.")
    job = Text("Intitulé de votre poste ou de votre activité", autocomplete="organization-title", longest=150,
               missing="Indiquez l’intitulé de votre poste ou de votre activité : il figure dans la convention.")
    contract = Text("Type de contrat ou statut", longest=100, optional=True,
                    hint="Par exemple CDI, titulaire, contractuel·le, micro-entreprise, bénévole")


def _their_email() -> Email:
    return Email("Son adresse de courriel", hint="Nous ne lui écrivons qu’après avoir lu votre demande",
                 missing="Indiquez son adresse de courriel, différente de la vôtre.")


class EmployerPage(StructureQuestions, DecoyMixin):
    employer_name = Text("Nom de la personne qui peut donner son accord", longest=150,
                         missing="Indiquez le nom de la personne qui peut donner son accord.")
    employer_quality = Text("Sa fonction", longest=150, hint="Par exemple directeur, maire, présidente",
                            missing="Indiquez sa fonction, par exemple directrice.")
    employer_email = _their_email()
    employer_phone = Phone("Son téléphone", optional=True)


class AssociationPage(StructureQuestions, DecoyMixin):
    """The association of a volunteer: it agrees and signs as an employer does, and employs nobody."""

    employer_name = Text("Nom de la personne qui peut donner l’accord de l’association", longest=150,
                         missing="Indiquez le nom de la personne qui peut donner l’accord de l’association.")
    employer_quality = Text("Sa fonction", longest=150, hint="Par exemple présidente, coordinateur",
                            missing="Indiquez sa fonction, par exemple présidente.")
    employer_email = _their_email()
    employer_phone = Phone("Son téléphone", optional=True)


class OwnAddress(Text):
    """Where somebody works, which may be where they live: read by who needs it, not with the request."""

    contact = True


class ActivityPage(DecoyMixin, RingForm):
    """The own activity of who works for nobody else: they sign for themselves."""

    activity_name = Text("Nom de votre activité", autocomplete="organization", optional=True, longest=180,
                         hint="Votre enseigne ou votre entreprise. Laissez vide si vous exercez sous votre nom")
    activity_siret = Siret("Votre numéro SIRET", optional=True, hint="14 chiffres, si vous l’avez sous la main")
    activity_address = OwnAddress("Votre adresse professionnelle", autocomplete="street-address", longest=200,
                            hint="Sans la commune. Elle figure dans la convention",
                            missing="Indiquez votre adresse professionnelle, sans la commune.")
    activity_commune = CommuneChoice("Votre commune", hint="Son nom ou son code postal",
                                     missing="Indiquez votre commune, par son nom ou son code postal.")
    liability_insurance = Text("Votre assurance de responsabilité civile professionnelle", optional=True, longest=200,
                               hint="Le nom de l’assureur, et le numéro de contrat. Il les faut avant la signature")


JOURNEY = Journey("immersion", (
    Step("situation", "Votre situation", SituationPage),
    Step("souhaits", "Ce que vous cherchez", WishPage),
    Step("rythme", "Quand et où", RhythmPage),
    Step("vous", "Vous", CompanionPage),
    Step("employeur", "Votre employeur", EmployerPage,
         when=lambda said: said.get("work_status") not in (VOLUNTEER, FREELANCE)),
    Step("association", "Votre association", AssociationPage, when=lambda said: said.get("work_status") == VOLUNTEER),
    Step("activite", "Votre activité", ActivityPage, when=lambda said: said.get("work_status") == FREELANCE),
), check_title="Vérifiez votre demande d’immersion", send_label="Envoyer ma demande d’immersion")

#: Situations for which the law has another convention: that way is explained instead (reference field.md 4.1).
ELSEWHERE = {"recherche_emploi"}


def title_of(answers: dict) -> str:
    """A short line for lists and subjects."""
    post = label(POSTS, answers["post"])
    return f"Immersion : {post[:1].lower()}{post[1:]}, {answers['rhythm']}"


class ProposeHostForm(RingForm):
    """``structure`` gets its choices from the service, best first."""

    structure = Radios("La structure à solliciter", choices=(), missing="Choisissez une structure.")
    following = Checkboxes("Si elle ne peut pas, solliciter ensuite", choices=(), optional=True,
                           hint="Dans l’ordre de la liste. Chacune n’est sollicitée que si la précédente refuse")
    words = LongText("Un mot pour la structure d’accueil", optional=True, longest=2000, rows=4)

    def offer(self, hosts) -> None:
        """Set the structures to choose from."""
        self.structure.choices = tuple((str(h.structure_id), f"{h.name}, {h.place}") for h in hosts)
        self.structure._labels = dict(self.structure.choices)
        self.structure.hints = {str(h.structure_id): _about(h) for h in hosts}
        self.following.choices = tuple(choice for choice, h in zip(self.structure.choices, hosts, strict=True) if not h.declined)
        self.following._labels = dict(self.following.choices)

    def in_order(self) -> tuple[int, ...]:
        """Ids of the structures to ask after the first, best first."""
        return tuple(int(code) for code, _ in self.following.choices if code in (self.following.data or [])
                     and code != self.structure.data)


def _about(host) -> str:
    parts = ["a répondu qu’elle ne peut pas pour cette demande"] if host.declined else []
    parts += [host.distance, f"{host.places} place" + ("s" if host.places > 1 else "")]
    if host.taken:
        parts.append(host.taken)
    if host.matching:
        parts.append("compétences recherchées : " + ", ".join(host.matching))
    if host.wished:
        parts.append(f"apports souhaités : {' et '.join(host.wished)}")
    parts += [text for text in (host.technical, host.human) if text]
    if host.constraints:
        parts.append(f"contraintes : {host.constraints}")
    return " · ".join(parts)


class SessionRow(RingForm):
    """One day; the second range of hours is the afternoon of a day with a break."""

    on = Day("Date", optional=True)
    starts = Hour("Début", optional=True)
    ends = Hour("Fin", optional=True)
    starts_again = Hour("Reprise", optional=True)
    ends_again = Hour("Fin après la reprise", optional=True)

    @property
    def blank(self) -> bool:
        return all(field.empty for field in self.questions())

    def hours(self) -> list[time | None]:
        return [self[name].hour for name in ("starts", "ends", "starts_again", "ends_again")]

    def validate(self, extra_validators=None) -> bool:
        good = super().validate(extra_validators)
        if self.blank or not good:
            return good
        return self._complete()

    def _complete(self) -> bool:
        starts, ends, again, until = self.hours()
        problems = [
            (self.on, self.on.empty, "Indiquez la date de cette séance."),
            (self.starts, starts is None, "Indiquez l’heure de début, par exemple 9 h."),
            (self.ends, ends is None, "Indiquez l’heure de fin, par exemple 12 h 30."),
            (self.ends_again, again is not None and until is None,
             "Indiquez l’heure de fin après la reprise, ou effacez l’heure de reprise."),
            (self.starts_again, until is not None and again is None,
             "Indiquez l’heure de reprise, ou effacez l’heure de fin après la reprise."),
        ]
        for field, wrong, sentence in problems:
            if wrong:
                field.errors = [*field.errors, sentence]
                return False
        hours = [hour for hour in (starts, ends, again, until) if hour is not None]
        if any(later <= sooner for sooner, later in pairwise(hours)):
            self.ends.errors = [*self.ends.errors, "Les heures doivent se suivre : l’heure de fin vient après celle de début."]
            return False
        return True


class SessionsMixin:
    """A list of sessions below a form: rows read, checked together."""

    rows_of_sessions: list[SessionRow]

    def read_sessions(self, formdata, count: int, today: date, planned=()) -> None:
        """Make ``count`` rows from what was typed, else from ``planned`` sessions."""
        self.rows_of_sessions = []
        for index in range(max(count, len(planned))):
            session = planned[index] if index < len(planned) else None
            row = SessionRow(formdata, prefix=f"seance{index + 1}-", today=today, data=_row_data(session))
            row.on.future = True
            self.rows_of_sessions.append(row)

    def validate_sessions(self) -> bool:
        """At least one session, each right, none on the same day as another."""
        good = all([row.validate() for row in self.rows_of_sessions])  # noqa: C419  each row says its own mistake
        filled = [row for row in self.rows_of_sessions if not row.blank]
        if not filled:
            field = self.rows_of_sessions[0].on
            field.errors = [*field.errors, "Indiquez au moins une séance : une date et des heures."]
            return False
        days = [row.on.data for row in filled if row.on.data]
        for row in filled:
            if row.on.data and days.count(row.on.data) > 1:
                row.on.errors = [*row.on.errors, "Cette date est indiquée deux fois. Réunissez les heures sur une même ligne."]
                return False
        return good

    def sessions(self) -> list[tuple]:
        """``(date, starts, ends, starts_again, ends_again)``, by date."""
        return sorted((row.on.data, *row.hours()) for row in self.rows_of_sessions if not row.blank)

    @property
    def wrong_in_sessions(self):
        return [field for row in self.rows_of_sessions for field in row.questions() if field.errors]


def _row_data(session) -> dict | None:
    if session is None:
        return None
    names = ("starts", "ends", "starts_again", "ends_again")
    return {"on": session.on, **{name: f"{value:%H:%M}" if (value := getattr(session, name)) else "" for name in names}}


class HostForm(SessionsMixin, RingForm):
    """A host says yes: when, who receives, where, who will sign."""

    tutor_name = Text("Qui accueillera sur place", longest=150, missing="Indiquez le nom de la personne qui accueillera.")
    tutor_quality = Text("Sa fonction", longest=150, missing="Indiquez la fonction de la personne qui accueillera.")
    tutor_contact = Text("Comment la joindre le jour même", longest=150, hint="Un téléphone de préférence",
                         missing="Indiquez comment joindre cette personne le jour même.")
    place = Text("Adresse de l’accueil", longest=200, missing="Indiquez l’adresse où se passe l’accueil.")
    signatory_name = Text("Qui signera la convention pour votre structure", longest=150,
                          missing="Indiquez qui signera la convention.")
    signatory_quality = Text("Sa fonction", longest=150, hint="Par exemple maire, présidente, directeur par délégation",
                             missing="Indiquez la fonction de la personne qui signera.")
    insurance = Text("Votre assurance de responsabilité civile", longest=200,
                     hint="Le nom de l’assureur, et le numéro de contrat si vous l’avez sous la main",
                     missing="Indiquez le nom de votre assureur.")
    meals = Text("Les repas", optional=True, longest=200, hint="Par exemple repas partagé avec l’équipe")
    safety = LongText("Sécurité, équipement, règles du lieu", optional=True, longest=1000, rows=3)
    words = LongText("Un mot pour la personne accueillie et la coordination", optional=True, longest=2000, rows=4)


def check_three_addresses(form: EmployerPage | AssociationPage, author_email: str) -> None:
    """Two parties may not share an address: one person would sign for both (issue 4; reference field.md N01).

    :raises ValidationError:
    """
    if form.employer_email.data and form.employer_email.data.lower() == author_email.lower():
        raise ValidationError("Cette adresse est la vôtre. Indiquez celle de la personne qui peut donner son accord.")
