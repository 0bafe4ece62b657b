"""How a network organises help among peers: delays promised, how many are asked at a time, whom to turn to. Data of
``network.toml``, blocks ``[entraide]``, ``[delais_entraide]`` and ``[[orientation]]``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .network_file import NetworkFile, Table
from .vocabulary import HELP_KINDS, THEMES

#: The blocks of the file that are read here.
BLOCKS = frozenset({"entraide", "delais_entraide", "orientation"})


@dataclass(frozen=True)
class Orientation:
    """Somebody outside the network to turn to; without ``themes`` or ``territories``, for all of them."""

    name: str
    about: str
    themes: tuple[str, ...]
    territories: tuple[str, ...]
    phone: str
    email: str
    website: str


@dataclass(frozen=True)
class HelpSettings:
    delays: dict[str, int]
    """Promised first answer, in working days, for each kind of help that has its own."""
    wave_size: int
    """How many members are asked at a time."""
    wave_hours: int
    """How long they have before others are asked."""
    reach_km: int
    """How far away, as the crow flies, somebody is asked to come and lend a hand."""
    remind_days: int
    """How many working days before a promised day who should answer is reminded."""
    safety_days: int
    """How many working days after it the safety address is told, when the deputy did not answer either."""
    safety_email: str
    """Whom the network tells when nobody answers; "" : the network's own address."""
    orientations: tuple[Orientation, ...]


def read_help_settings(file: NetworkFile) -> HelpSettings:
    """:raises models.network_file.NetworkFileError: with the line and what to write there."""
    delays_table = Table(file, "delais_entraide", file.data.get("delais_entraide", {}))
    delays = {kind: delays_table.number(kind, 0, 1, 60) for kind, _ in HELP_KINDS if kind in delays_table.values}
    delays_table.close()
    table = Table(file, "entraide", file.data.get("entraide", {}))
    made = HelpSettings(
        delays, table.number("pairs_par_vague", 3, 1, 20), table.number("heures_entre_vagues", 24, 1, 240),
        table.number("rayon_renfort_km", 60, 1, 500), table.number("relance_avant_jours", 1, 1, 10),
        table.number("secours_apres_jours", 2, 1, 30), table.email("adresse_secours", required=False), _orientations(file))
    table.close()
    return made


def _orientations(file: NetworkFile) -> tuple[Orientation, ...]:
    listed = file.data.get("orientation", [])
    if not isinstance(listed, list):
        raise file.refuse("« orientation » s’écrit avec deux crochets : [[orientation]].", "orientation")
    return tuple(_orientation(file, index, values) for index, values in enumerate(listed))


def _orientation(file: NetworkFile, index: int, values: Any) -> Orientation:
    table = Table(file, "orientation", values, index)
    made = Orientation(
        table.text("nom", required=True, example="Point d’accès au droit"), table.text("pour"), table.texts("sujets"),
        table.texts("territoires"), table.text("telephone"), table.email("courriel", required=False), table.text("site"))
    table.close()
    for theme in made.themes:
        if theme not in dict(THEMES):
            raise table.refuse("sujets", f"« {theme} » n’est pas un sujet connu. Choisissez parmi : "
                                         f"{', '.join(code for code, _ in THEMES)}.")
    if not (made.phone or made.email or made.website):
        raise table.refuse("nom", "donnez un « telephone », un « courriel » ou un « site », pour que la personne sache où "
                                  "s’adresser.")
    return made
