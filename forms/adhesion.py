"""Joining the network: three variants of one form."""

from __future__ import annotations

from models.structure import MemberKind
from models.vocabulary import CONTRIBUTIONS, DIRECTORY_FIELDS, PACES, PLACES, PUBLICS, SKILLS, SUPPORT_MODES

from .base import RingForm
from .fields import Agreement, Checkboxes, CommuneChoice, Email, LongText, Number, People, Radios, Text
from .identity import DecoyMixin, Person, PostQuestion, StructureQuestions, WebsiteQuestion
from .journey import Journey, Step

SHARE = (("tout", "C’est tout notre travail"), ("partie", "C’est une partie de notre travail"))
HOSTING = (("oui", "Oui"), ("non", "Pas pour le moment"))
EMPLOYER_TOLD = (("oui", "Oui, vous pouvez lui écrire"),
                 ("non", "Pas encore : ne le contactez pas avant mon accord"))
MENTOR = (("oui", "Oui, j’aimerais être mis·e en lien avec quelqu’un du territoire"), ("non", "Non merci"))


class StructurePage(StructureQuestions, WebsiteQuestion):
    share = Radios("L’inclusion numérique", choices=SHARE, missing="Choisissez la part de l’inclusion numérique.")


class RepresentativePage(Person):
    job = Text("Votre fonction", autocomplete="organization-title", hint="Par exemple directrice, maire, responsable de pôle",
               missing="Indiquez votre fonction dans la structure.", longest=150)
    team = People("Les professionnel·les de votre structure", optional=True,
                  hint="Une personne par ligne : prénom, nom, adresse de courriel. Si votre adhésion est acceptée, chacune "
                       "reçoit une invitation à remplir elle-même ses informations")


PACE = "À quel rythme peut-on vous demander de l’aide"
PACE_HINT = "Par courriel, sur ce que vous proposez. Sans réponse, personne ne vous sollicite. Vous pourrez dire non, ou changer"


class ActivityPage(RingForm):
    skills_offered = Checkboxes("Ce que vous savez faire et pouvez partager", choices=SKILLS, optional=True)
    pace = Radios(PACE, choices=PACES, optional=True, hint=PACE_HINT)
    skills_sought = Checkboxes("Ce que vous aimeriez apprendre", choices=SKILLS, optional=True)
    publics = Checkboxes("Les publics que vous accompagnez", choices=PUBLICS, optional=True)
    places = Checkboxes("Où vous accompagnez", choices=PLACES, optional=True)
    modes = Checkboxes("Comment vous accompagnez", choices=SUPPORT_MODES, optional=True)


MENTORS = (("oui", "Je veux bien être mentor ou mentore d’une personne qui débute"),)
MENTORS_HINT = "Se parler de temps en temps, quelques mois. Vous direz oui ou non chaque fois, et deux personnes au plus"


class ProfessionalActivityPage(ActivityPage):
    mentor = Radios("Souhaitez-vous un mentor, une mentore", choices=MENTOR, optional=True,
                    hint="Pour ne pas être seul·e en débutant. Sans réponse, nous ne cherchons personne")
    mentors = Checkboxes("Et vous", choices=MENTORS, optional=True, hint=MENTORS_HINT)


class StructureActivityPage(ActivityPage):
    advises_employers = Checkboxes("Entre responsables", optional=True, choices=(
        ("oui", "D’autres responsables de structures peuvent me demander conseil"),),
        hint="Fiche de poste, encadrement, place du métier : c’est vous qui recevez ces questions")


class HostingPage(RingForm):
    hosts = Radios("Votre structure peut-elle accueillir un ou une collègue en immersion", choices=HOSTING,
                   missing="Choisissez oui ou pas pour le moment. Vous pourrez changer d’avis.")
    host_places = Number("Combien de personnes à la fois", low=1, high=20, missing="Indiquez combien de personnes à la fois.",
                         when=("hosts", "oui"))
    contributions = Checkboxes("Ce que vous pouvez apporter", choices=CONTRIBUTIONS, optional=True, when=("hosts", "oui"))
    host_technical = LongText("Vos apports techniques", optional=True, longest=1000, rows=3, when=("hosts", "oui"),
                              hint="Outils, méthodes, matériel")
    host_human = LongText("Vos apports humains", optional=True, longest=1000, rows=3, when=("hosts", "oui"),
                          hint="Posture, équipe, publics rencontrés")
    possibilities = LongText("Vos possibilités", optional=True, longest=1000, rows=3,
                             hint="Locaux, matériel, jours, personnes")
    constraints = LongText("Vos contraintes", optional=True, longest=1000, rows=3,
                           hint="Ce qui n’est pas possible, par exemple pas d’accueil en été")


class ProfessionalPage(Person, PostQuestion):
    commune = CommuneChoice("Votre commune de travail", hint="Son nom ou son code postal",
                            missing="Indiquez votre commune de travail, par son nom ou son code postal.")


class EmployerPage(StructureQuestions):
    employer_name = Text("Nom de la personne qui dirige ou vous encadre", longest=150,
                         missing="Indiquez le nom de la personne qui dirige la structure ou vous encadre.")
    employer_told = Radios("Le réseau peut-il informer votre employeur", choices=EMPLOYER_TOLD,
                           hint="Le réseau n’avance pas sans les employeurs, mais c’est vous qui choisissez le moment",
                           missing="Choisissez si nous pouvons écrire à votre employeur.")
    employer_email = Email("Adresse de courriel de cette personne", when=("employer_told", "oui"),
                           missing="Indiquez l’adresse de courriel de votre employeur.")


class LearnerPage(Person):
    commune = CommuneChoice("Votre commune", hint="Son nom ou son code postal",
                            missing="Indiquez votre commune, par son nom ou son code postal.")
    project = LongText("Votre projet", hint="Où vous en êtes, ce que vous aimeriez apprendre ou voir", longest=2000,
                       missing="Dites en quelques mots quel est votre projet.")


class LearnerSkillsPage(RingForm):
    skills_offered = Checkboxes("Ce que vous savez déjà faire", choices=SKILLS, optional=True)
    pace = Radios(PACE, choices=PACES, optional=True, hint=PACE_HINT)
    skills_sought = Checkboxes("Ce que vous aimeriez apprendre", choices=SKILLS, optional=True)
    mentor = Radios("Souhaitez-vous un mentor, une mentore", choices=MENTOR, missing="Choisissez oui ou non merci.")


class DirectoryPage(RingForm):
    directory = Checkboxes("Ce qui peut être montré dans l’annuaire du réseau", choices=DIRECTORY_FIELDS, optional=True,
                           hint="Rien n’est montré si vous ne cochez rien. Vous pourrez changer d’avis")


class AgreementPage(DecoyMixin, RingForm):
    """The commitments are shown in full above the box; the version shown is kept with the answer."""

    agreement = Agreement("J’ai lu ces engagements et je les partage",
                          missing="Cochez la case pour dire que vous partagez ces engagements. "
                                  "Une réserve ? Écrivez-la dans le champ suivant.")
    reserve = LongText("Une remarque ou une réserve sur ces engagements", optional=True, longest=1000, rows=3)


JOURNEYS: dict[MemberKind, Journey] = {
    MemberKind.STRUCTURE: Journey("adhesion-structure", (
        Step("structure", "Votre structure", StructurePage),
        Step("vous", "Vous", RepresentativePage),
        Step("activite", "Vos savoir-faire et vos publics", StructureActivityPage),
        Step("accueil", "Accueillir en immersion", HostingPage),
        Step("annuaire", "L’annuaire", DirectoryPage),
        Step("engagements", "Les engagements", AgreementPage),
    ), check_title="Vérifiez votre demande d’adhésion", send_label="Envoyer ma demande d’adhésion"),
    MemberKind.PROFESSIONAL: Journey("adhesion-professionnel", (
        Step("vous", "Vous", ProfessionalPage),
        Step("employeur", "Votre employeur", EmployerPage),
        Step("activite", "Vos savoir-faire et vos publics", ProfessionalActivityPage),
        Step("annuaire", "L’annuaire", DirectoryPage),
        Step("engagements", "Les engagements", AgreementPage),
    ), check_title="Vérifiez votre demande d’adhésion", send_label="Envoyer ma demande d’adhésion"),
    MemberKind.LEARNER: Journey("adhesion-en-devenir", (
        Step("vous", "Vous et votre projet", LearnerPage),
        Step("competences", "Vos savoir-faire", LearnerSkillsPage),
        Step("annuaire", "L’annuaire", DirectoryPage),
        Step("engagements", "Les engagements", AgreementPage),
    ), check_title="Vérifiez votre demande d’adhésion", send_label="Envoyer ma demande d’adhésion"),
}


def title_of(answers: dict, kind: MemberKind) -> str:
    """A short line for lists and subjects."""
    if kind == MemberKind.STRUCTURE:
        return f"Adhésion d’une structure : {answers['structure_name']}"
    return "Adhésion d’un·e professionnel·le" if kind == MemberKind.PROFESSIONAL else "Adhésion d’une personne en devenir"
