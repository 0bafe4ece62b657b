"""What a badge leads to: who issued it, what it recognises, whether it still holds; for people and for machines."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template

from services.attestation import badges

from .access import public
from .templating import page_now

blueprint = Blueprint("badges", __name__, url_prefix="/badges")


@blueprint.get("/emetteur")
@public
def emetteur():
    return _said(badges.said_profile())


@blueprint.get("/cles/<thumbprint>")
@public
def cle(thumbprint: str):
    return _said(badges.public_key(thumbprint))


@blueprint.get("/liste")
@public
def liste():
    """The list of badges taken back, signed; never kept long, so that a badge taken back is soon known to be."""
    answer = Response(badges.revoked_list(page_now()), mimetype="application/vc+jwt")
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@blueprint.get("/<any(immersion, accueil):slug>")
@public
def reconnu(slug: str):
    name, description, criteria = badges.criteria(slug)
    return render_template("badges/reconnu.html", slug=slug, name=name, description=description, criteria=criteria)


@blueprint.get("/<any(immersion, accueil):slug>.json")
@public
def reconnu_json(slug: str):
    return _said(badges.said_achievement(slug))


@blueprint.get("/<any(immersion, accueil):slug>.png")
@public
def image_png(slug: str):
    return _image(slug, "png", "image/png")


@blueprint.get("/<any(immersion, accueil):slug>.svg")
@public
def image_svg(slug: str):
    return _image(slug, "svg", "image/svg+xml")


@blueprint.get("/<name>")
@public
def badge(name: str):
    """Whether that badge holds: nobody is named, the badge itself does that."""
    row = badges.badge_of(name)
    title, description, _ = badges.criteria(badges.SLUGS[row.recipient])
    return render_template("badges/badge.html", slug=badges.SLUGS[row.recipient], name=title, description=description,
                           awarded_at=row.awarded_at, revoked_at=row.revoked_at)


def _image(slug: str, kind: str, media_type: str) -> Response:
    answer = Response(badges.image(slug, kind), mimetype=media_type)
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


def _said(value: dict):
    answer = jsonify(value)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
