"""Accounts of immersions that their authors, hosts and employers agreed to publish: ``/recits``."""

from __future__ import annotations

from flask import Blueprint, render_template

from services.evaluation import publishing

from .access import public

blueprint = Blueprint("recits", __name__)


@blueprint.get("/recits")
@public
def recits() -> str:
    return render_template("recits/recits.html", accounts=publishing.accounts())


@blueprint.get("/recits/<int:number>")
@public
def recit(number: int) -> str:
    return render_template("recits/recit.html", account=publishing.account(number))
