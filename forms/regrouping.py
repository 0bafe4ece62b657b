"""Where words belong: another request, or a new one; and which request two become."""

from __future__ import annotations

from .base import RingForm
from .fields import Radios, Text

NEW, ANOTHER = "nouvelle", "autre"


class MoveForm(RingForm):
    ou = Radios("Où le placer", choices=((ANOTHER, "Dans une autre demande"), (NEW, "Dans une nouvelle demande d’aide")),
                hints={ANOTHER: "Comme les mots de cette personne si elle y prend part, sinon comme une note interne. "
                                "Rien ne part",
                       NEW: "La personne en reçoit l’accusé de réception"}, missing="Choisissez où placer ce message.")
    reference = Text("La référence de l’autre demande", width=18, longest=30, when=("ou", ANOTHER),
                     hint="Par exemple AIDE-2026-0042",
                     missing="Indiquez la référence de l’autre demande, par exemple AIDE-2026-0042.")


class MergeForm(RingForm):
    reference = Text("La demande qui continue", width=18, longest=30, hint="Sa référence, par exemple AIDE-2026-0042",
                     missing="Indiquez la référence de la demande qui continue, par exemple AIDE-2026-0042.")
