"""Whose cause it is that an immersion stops or does not take place: a few codes, said in French once."""

from __future__ import annotations

from .states import Labelled


class Cause(Labelled):
    """Never a reason of health: the words say what must be said, and no more."""

    COMPANION = "companion", "un empêchement de la personne accueillie"
    HOST = "host", "un empêchement de l’accueil"
    EMPLOYER = "employer", "un empêchement de l’employeur"
    NETWORK = "network", "l’organisation du réseau"
    OUTSIDE = "outside", "un événement extérieur (transports, intempéries, fermeture…)"
    COMMON = "common", "un accord entre toutes les parties"
