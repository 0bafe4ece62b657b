"""What the coordination says to all members."""

from __future__ import annotations

from .base import RingForm
from .fields import LongText


class PutToMembersForm(RingForm):
    why = LongText("Pourquoi ces changements", optional=True, longest=2000, rows=4,
                   hint="Vos mots ouvrent le courriel. Par exemple\u00a0: nous accueillons plus de monde en immersion")
