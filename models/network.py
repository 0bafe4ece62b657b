"""The network of an instance: who coordinates what, who publishes, what is promised.

Read once at start from ``network.toml``; plain values, no database. A mistake in the file is told with its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .help_settings import BLOCKS, HelpSettings, read_help_settings
from .network_file import NetworkFile, NetworkFileError, Table
from .team import TeamMember, TeamRole

__all__ = ["REQUEST_KINDS", "Absence", "Coordinator", "Network", "NetworkFileError", "Organisation", "Referent", "load_network"]

REQUEST_KINDS = ("adhesion", "entraide", "immersion", "mentorat")
_TABLES = BLOCKS | frozenset({"reseau", "coordination", "referents_confidentialite", "urgence", "administration", "lecture",
                              "editeur", "hebergeur", "delais"})
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_DEPARTEMENT = re.compile(r"\d{2}|2[AB]|97[1-8]")
_SIREN = re.compile(r"\d{9}")


@dataclass(frozen=True)
class Absence:
    """Whole days, both included, during which somebody else receives what comes in."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Coordinator:
    """A person who receives what comes in and moves it on.

    ``territories`` holds EPCI (SIREN, 9 digits) or département codes; ``kinds`` those of :data:`REQUEST_KINDS`.
    """

    name: str
    email: str
    phone: str
    territories: tuple[str, ...]
    kinds: tuple[str, ...]
    deputy: str
    absences: tuple[Absence, ...]
    default: bool

    def absent_on(self, day: date) -> bool:
        return any(absence.covers(day) for absence in self.absences)


@dataclass(frozen=True)
class Referent:
    """One of the only readers of alerts; ``employer`` keeps them away from those of their own colleagues.

    ``outside``: belongs to no structure of the network, and reads only what no other referent may.
    """

    name: str
    email: str
    phone: str
    employer: str
    outside: bool = False


@dataclass(frozen=True)
class Emergency:
    """A number to call in danger, and for what."""

    number: str
    purpose: str


@dataclass(frozen=True)
class Other:
    """Somebody who signs in and receives no request: an administrator, or a reader of the figures."""

    name: str
    email: str


@dataclass(frozen=True)
class Organisation:
    """Publisher or host, for the legal notice (article 1-1 of the LCEN, law 2004-575)."""

    name: str
    status: str
    address: str
    phone: str
    email: str
    director: str


@dataclass(frozen=True)
class Network:
    name: str
    full_name: str
    departement: str
    email: str
    phone: str
    presentation: str
    primary: str
    accent: str
    coordinators: tuple[Coordinator, ...]
    referents: tuple[Referent, ...]
    emergencies: tuple[Emergency, ...]
    administrators: tuple[Other, ...]
    readers: tuple[Other, ...]
    publisher: Organisation
    host: Organisation
    delays: dict[str, int]
    """Promised answer, in working days, for each of :data:`REQUEST_KINDS`."""
    help: HelpSettings
    fictional: bool
    """True while the file still holds the values of the example."""

    def promised_days(self, kind: str, help_kind: str = "") -> int:
        """How many working days a first answer is promised in, for a kind of request and, where it matters, of help."""
        return self.help.delays.get(help_kind, self.delays[kind])

    def coordinator(self, email: str) -> Coordinator | None:
        wanted = email.strip().lower()
        return next((c for c in self.coordinators if c.email.lower() == wanted), None)

    def referent(self, email: str) -> Referent | None:
        wanted = email.strip().lower()
        return next((r for r in self.referents if r.email.lower() == wanted), None)

    def team_member(self, email: str) -> TeamMember | None:
        """Who signs in with that address, and in which roles; None for anybody else."""
        wanted = email.strip().lower()
        found = [(role, person) for role, people in (
            (TeamRole.COORDINATOR, self.coordinators), (TeamRole.REFERENT, self.referents),
            (TeamRole.ADMINISTRATOR, self.administrators), (TeamRole.READER, self.readers))
            for person in people if person.email.lower() == wanted]
        if not found:
            return None
        return TeamMember(found[0][1].name, found[0][1].email, frozenset(role for role, _person in found))

    @property
    def team(self) -> list[TeamMember]:
        """Everybody who signs in, once each, in the order of the file."""
        people = (*self.coordinators, *self.referents, *self.administrators, *self.readers)
        members = {person.email.lower(): self.team_member(person.email) for person in people}
        return [member for member in members.values() if member]

    @property
    def default_coordinator(self) -> Coordinator:
        return next(c for c in self.coordinators if c.default)


def load_network(path: Path) -> Network:
    """Read and check ``network.toml``.

    :raises NetworkFileError: with the line and what to write there.
    """
    file = NetworkFile(path)
    for name in file.data:
        if name not in _TABLES:
            raise file.refuse(f"le bloc [{name}] n’est pas connu. Retirez-le.", name)
    table = Table(file, "reseau", file.data.get("reseau", {}))
    head = {
        "name": table.text("nom", required=True, example="RING"),
        "full_name": table.text("nom_complet", required=True, example="Réseau d’inclusion numérique"),
        "departement": table.text("departement", required=True, pattern=_DEPARTEMENT, example="07 ou 2A"),
        "email": table.email("courriel"),
        "phone": table.text("telephone"),
        "presentation": table.text("presentation"),
        "primary": table.text("couleur", pattern=_COLOUR, example="#12595B", default="#12595B"),
        "accent": table.text("couleur_accent", pattern=_COLOUR, example="#A8431F", default="#A8431F"),
        "fictional": table.flag("exemple"),
    }
    table.close()
    delays_table = Table(file, "delais", file.data.get("delais", {}))
    delays = {kind: delays_table.number(kind, default, 1, 60)
              for kind, default in (("adhesion", 5), ("entraide", 3), ("immersion", 15), ("mentorat", 10))}
    delays_table.close()
    return Network(
        **head,
        coordinators=_coordinators(file),
        referents=_referents(file),
        emergencies=tuple(_emergency(file, index, values) for index, values in enumerate(_list(file, "urgence"))),
        administrators=_others(file, "administration"),
        readers=_others(file, "lecture"),
        publisher=_organisation(file, "editeur"),
        host=_organisation(file, "hebergeur"),
        delays=delays,
        help=read_help_settings(file),
    )


def _list(file: NetworkFile, name: str) -> list[Any]:
    value = file.data.get(name, [])
    if not isinstance(value, list):
        raise file.refuse(f"« {name} » s’écrit avec deux crochets : [[{name}]].", name)
    return value


def _coordinators(file: NetworkFile) -> tuple[Coordinator, ...]:
    name = "coordination"
    people = tuple(_coordinator(file, index, values) for index, values in enumerate(_list(file, name)))
    if not people:
        raise file.refuse("il faut au moins un bloc [[coordination]] : une demande ne va jamais à personne.", name)
    defaults = [person for person in people if person.default]
    if len(defaults) != 1:
        raise file.refuse("une seule personne, et une seule, porte « par_defaut = true » : elle reçoit ce que "
                          "personne d’autre ne couvre.", name)
    known = {person.email.lower() for person in people}
    if len(known) != len(people):
        raise file.refuse("deux blocs [[coordination]] ont la même adresse.", name)
    for index, person in enumerate(people):
        if person.deputy and person.deputy.lower() not in known - {person.email.lower()}:
            raise file.refuse(f"« suppleant » désigne {person.deputy}, qui n’a pas de bloc [[coordination]].",
                              name, "suppleant", index)
    return people


def _coordinator(file: NetworkFile, index: int, values: Any) -> Coordinator:
    table = Table(file, "coordination", values, index)
    person = Coordinator(
        name=table.text("nom", required=True, example="Camille Martin"),
        email=table.email("courriel"),
        phone=table.text("telephone"),
        territories=table.texts("territoires"),
        kinds=table.texts("demandes", default=REQUEST_KINDS),
        deputy=table.email("suppleant", required=False),
        absences=tuple(_absence(table, text) for text in table.texts("absences")),
        default=table.flag("par_defaut"),
    )
    table.close()
    for territory in person.territories:
        if not (_DEPARTEMENT.fullmatch(territory) or _SIREN.fullmatch(territory)):
            raise table.refuse("territoires", f"« {territory} » n’est ni un département (« 07 ») ni le numéro SIREN "
                                              "d’une intercommunalité (9 chiffres).")
    for kind in person.kinds:
        if kind not in REQUEST_KINDS:
            raise table.refuse("demandes", f"« {kind} » n’est pas une sorte de demande. Choisissez parmi : "
                                           f"{', '.join(REQUEST_KINDS)}.")
    return person


def _absence(table: Table, text: str) -> Absence:
    try:
        first, last = (date.fromisoformat(part.strip()) for part in text.split("/"))
        if last < first:
            raise ValueError
    except ValueError as error:
        raise table.refuse("absences", f"« {text} » n’est pas une absence. Écrivez le premier et le dernier jour : "
                                       "\"2027-02-08/2027-02-19\".") from error
    return Absence(first, last)


def _referents(file: NetworkFile) -> tuple[Referent, ...]:
    name = "referents_confidentialite"
    people = tuple(_referent(file, index, values) for index, values in enumerate(_list(file, name)))
    if len({person.email.lower() for person in people}) != len(people):
        raise file.refuse(f"deux blocs [[{name}]] ont la même adresse.", name)
    return people


def _referent(file: NetworkFile, index: int, values: Any) -> Referent:
    table = Table(file, "referents_confidentialite", values, index)
    person = Referent(table.text("nom", required=True, example="Camille Martin"), table.email("courriel"),
                      table.text("telephone"), table.text("employeur"), table.flag("exterieur"))
    table.close()
    return person


def _emergency(file: NetworkFile, index: int, values: Any) -> Emergency:
    table = Table(file, "urgence", values, index)
    found = Emergency(table.text("numero", required=True, example="112"),
                      table.text("pour", required=True, example="une urgence, partout en Europe"))
    if not re.fullmatch(r"[0-9][0-9 .]*", found.number):
        raise table.refuse("numero", f"« {found.number} » n’est pas un numéro de téléphone. Écrivez par exemple \"112\".")
    table.close()
    return found


def _others(file: NetworkFile, name: str) -> tuple[Other, ...]:
    people = []
    for index, values in enumerate(_list(file, name)):
        table = Table(file, name, values, index)
        people.append(Other(table.text("nom", required=True, example="Camille Martin"), table.email("courriel")))
        table.close()
    return tuple(people)


def _organisation(file: NetworkFile, name: str) -> Organisation:
    table = Table(file, name, file.data.get(name, {}))
    made = Organisation(
        name=table.text("nom", required=True, example="Association Exemple"),
        status=table.text("statut"),
        address=table.text("adresse", required=True, example="1 rue de la Mairie, 00000 Exemple"),
        phone=table.text("telephone"),
        email=table.email("courriel", required=False),
        director=table.text("direction_publication"),
    )
    table.close()
    return made
