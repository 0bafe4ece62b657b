"""The people who sign in: what each role opens. Who has which role is written in ``network.toml``."""

from __future__ import annotations

from dataclasses import dataclass

from .states import Labelled


class TeamRole(Labelled):
    """What somebody of the network's team may do; one person may have several."""

    COORDINATOR = "coordinator", "coordination"
    REFERENT = "referent", "référence confidentialité"
    ADMINISTRATOR = "administrator", "administration"
    READER = "reader", "lecture des chiffres"


#: Roles that a mailbox alone does not open: somebody who reads it would read alerts, or close others' sessions (ASVS 6.3.6).
STRONG = frozenset({TeamRole.REFERENT, TeamRole.ADMINISTRATOR})


@dataclass(frozen=True)
class TeamMember:
    """Somebody who may sign in, with every role the file gives to that address."""

    name: str
    email: str
    roles: frozenset[TeamRole]

    @property
    def needs_second_factor(self) -> bool:
        return bool(self.roles & STRONG)

    @property
    def roles_label(self) -> str:
        """« coordination, administration »."""
        return ", ".join(role.label for role in TeamRole if role in self.roles)
