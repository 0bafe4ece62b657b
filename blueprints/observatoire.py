"""The observatory: figures of the network, for anybody. Opening these pages changes nothing, and nobody is named."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from services.observatoire import publishing

from .access import public
from .templating import page_now

blueprint = Blueprint("observatoire", __name__, url_prefix="/observatoire")

#: Figures change once a month: whoever comes back, and whatever stands between, may keep them for an hour.
_KEPT = "public, max-age=3600"


@blueprint.get("")
@blueprint.get("/<slug>")
@public
def observatoire(slug: str = "") -> str:
    return render_template("observatoire/observatoire.html", **vars(publishing.observe(slug, page_now())),
                           licence=publishing.LICENCE, licence_url=publishing.LICENCE_URL, say_delay=publishing.say_delay)


@blueprint.get("/<slug>/chiffres.csv")
@public
def donnees(slug: str) -> Response:
    # A byte-order mark, or a French spreadsheet reads accents wrong.
    content = "\ufeff" + publishing.as_csv(slug, page_now())
    return _file(content.encode(), "text/csv; charset=utf-8", f"chiffres-{slug}.csv")


@blueprint.get("/<slug>/rapport.pdf")
@public
def rapport(slug: str) -> Response:
    return _file(publishing.as_pdf(slug, page_now()), "application/pdf", f"rapport-{slug}.pdf")


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, content_type=media_type, headers={
        "Content-Disposition": f'inline; filename="{name}"' if media_type == "application/pdf" else
        f'attachment; filename="{name}"',
        "Cache-Control": _KEPT, "Link": f'<{publishing.LICENCE_URL}>; rel="license"'})
