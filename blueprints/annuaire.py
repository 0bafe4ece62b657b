"""The directory, for the coordination: who offers what, where. What members agreed to show to others is another matter."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from models.structure import MemberKind
from models.vocabulary import SKILLS
from services import annuaire
from services.annuaire import Wanted
from services.coordination import desk
from territory.calendar import local

from .access import coordinator_only
from .templating import page_now, whole_number

blueprint = Blueprint("annuaire", __name__, url_prefix="/coordination/annuaire")
_LONGEST = 200


@blueprint.get("")
@coordinator_only
def annuaire_des_membres():
    wanted = wanted_of(request.args)
    return render_template(
        "annuaire/annuaire.html", listed=annuaire.listed(wanted, local(page_now()).date()), wanted=wanted,
        narrowed=wanted != Wanted(page=wanted.page), kinds=[(kind.value, kind.label) for kind in MemberKind], skills=SKILLS,
        territories=desk.territories(), page_link=lambda number: _address(replace(wanted, page=number)))


def wanted_of(args) -> Wanted:
    """What an address says the directory is narrowed to; what it says badly is left out."""
    return Wanted(words=" ".join(args.get("q", "")[:_LONGEST].split()),
                  kind=args.get("sorte", "") if args.get("sorte") in set(MemberKind) else "",
                  territory=args.get("territoire", "") if args.get("territoire") in dict(desk.territories()) else "",
                  skill=args.get("competence", "") if args.get("competence") in dict(SKILLS) else "",
                  page=whole_number(args.get("page", "")) or 1)


def _address(wanted: Wanted) -> str:
    said = {"q": wanted.words, "sorte": wanted.kind, "territoire": wanted.territory, "competence": wanted.skill,
            "page": str(wanted.page) if wanted.page > 1 else ""}
    query = urlencode({name: value for name, value in said.items() if value})
    return request.path + (f"?{query}" if query else "")
