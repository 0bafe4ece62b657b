"""The web door: one module per slice, each understands a request, calls a verb and answers."""

from __future__ import annotations

from flask import Flask

from . import (
    acces,
    accueil,
    acting_forms,
    adhesion,
    after_forms,
    alerte,
    amendment_pages,
    annuaire,
    badges,
    confirmation,
    convention_pages,
    coordination,
    courriels,
    courrier,
    donnees,
    dossier,
    doublons,
    entraide,
    errors,
    helping_forms,
    immersion,
    membres,
    mentoring_forms,
    modeles,
    observatoire,
    placement_pages,
    recapitulatifs,
    recits,
    security,
    signature,
    verifier,
)
from .templating import cache_static, prepare_templates

#: These add their pages to those of the dossiers.
__all__ = ["acting_forms", "after_forms", "amendment_pages", "convention_pages", "helping_forms", "mentoring_forms",
           "placement_pages", "register_blueprints"]

SLICES = (acces, accueil, adhesion, alerte, entraide, immersion, confirmation, signature, dossier, coordination, courriels,
          courrier, donnees, observatoire, recapitulatifs, verifier, badges, recits, modeles, doublons, annuaire, membres)


def register_blueprints(app: Flask) -> None:
    """Open the web door of ``app``."""
    prepare_templates(app)
    for module in SLICES:
        app.register_blueprint(module.blueprint)
    security.protect(app)
    cache_static(app)
    errors.register_errors(app)
