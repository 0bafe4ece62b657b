"""The pages of a mentoring: whom to propose, the answers of the two, the protocol."""

from __future__ import annotations

from browser.atlas.place import Place, by, pressed
from browser.mentoring import AGREEING, AGREES, ASKED_MENTOR, WRITES, WRITING
from cast import COORDINATOR

MENTORING = (
    Place("proposer un mentor", "mentorat/proposer.html", by(COORDINATOR, "mentor_to_propose", "/proposer")),
    Place("proposer un mentor, sans choix", "mentorat/proposer.html",
          pressed(by(COORDINATOR, "mentor_to_propose", "/proposer"), "Envoyer la proposition"), status=422),
    Place("veut bien être mentor", "dossier/action.html", by(ASKED_MENTOR, "mentor_asked", "/accepter")),
    Place("écrire le protocole", "mentorat/ecrire.html", by(WRITING, "pair_made", "/protocole")),
    Place("écrire le protocole, vide", "mentorat/ecrire.html",
          pressed(by(WRITES, "pair_made", "/protocole"), "Envoyer le protocole à relire", objectives=""), status=422),
    Place("accepter le protocole", "mentorat/accorder.html", by(AGREES, "protocole_to_agree", "/accorder")),
    Place("accepter le protocole, sans cocher", "mentorat/accorder.html",
          pressed(by(AGREES, "protocole_to_agree", "/accorder"), "Accepter ce protocole"), status=422),
    Place("lire le protocole", "mentorat/protocole.html", by(AGREEING, "protocole_to_agree", "/convention")),
    Place("un mentorat", "dossier/participant.html", by(AGREEING, "protocole_to_agree")),
)
