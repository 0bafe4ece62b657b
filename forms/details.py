"""How to reach a party once the convention is sent; nothing is needed, what is left empty is removed."""

from __future__ import annotations

from models.states import Role

from .base import RingForm
from .fields import Email, LongText, Phone, Text


class DetailsForm(RingForm):
    phone = Phone("Votre téléphone", optional=True, hint="Lu par toutes les parties de la convention")
    email = Email("Votre adresse de courriel", hint="Une autre adresse ? Nous la confirmons à l’ancienne et à la nouvelle",
                  missing="Indiquez votre adresse de courriel, par exemple prenom.nom@exemple.fr.")
    words = LongText("Un mot pour les autres", optional=True, longest=1000, rows=2)


class StructureDetailsForm(DetailsForm):
    phone = Phone("Votre téléphone", optional=True, hint="Lu par la coordination")
    contact_name = Text("La personne à joindre", optional=True, longest=150)
    contact_quality = Text("Sa fonction dans la structure", optional=True, longest=150)
    contact_phone = Phone("Son téléphone", optional=True)
    contact_email = Email("Son courriel", optional=True, hint="Lu par toutes les parties")


class HostDetailsForm(StructureDetailsForm):
    tutor_phone = Text("Comment joindre, le jour même, la personne qui accueille", optional=True, longest=150)


DETAILS: dict[Role, type[DetailsForm]] = {
    Role.AUTHOR: DetailsForm, Role.EMPLOYER: StructureDetailsForm, Role.HOST: HostDetailsForm}
