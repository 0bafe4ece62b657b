"""Are the instance's own texts of the convention fit to use, and unchanged since conventions were made with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlalchemy import select

from models.base import db
from models.convention import Convention
from pdf import own_texts
from pdf.convention import ConventionData, convention_pdf
from pdf.released import RELEASED
from pdf.render import RenderFailed


def own_texts_problems(examples: Iterable[ConventionData]) -> Iterator[str]:
    """A French sentence for each thing wrong; ``examples`` are printed with each text, one for each legal frame."""
    where = f"{own_texts.FOLDER}/{own_texts.KIND}"
    for name in own_texts.strays():
        yield f"{where}/{name} : nommez-le d’après un mois, par exemple 2027-06.html. Il n’est pas utilisé."
    trials = tuple(examples)
    for name in own_texts.names():
        if name in RELEASED:
            yield (f"{where}/{name.partition('/')[2]}.html : ce mois est celui d’un texte livré, qui reste utilisé. "
                   "Prenez-en un autre.")
            continue
        try:
            for data in trials:
                convention_pdf(replace(data, template=name))
        except (own_texts.UnfitText, RenderFailed) as error:
            yield f"{where} : {error}"
    yield from _changed(where)


def _changed(where: str) -> Iterator[str]:
    known = db.session.execute(select(Convention.template, Convention.data, Convention.issued_at)
                               .where(Convention.template.not_in(list(RELEASED)))).all()
    told = set()
    for template, data, issued_at in known:
        if issued_at and template not in told and data.get("template_digest") != _digest(template):
            told.add(template)
            yield (f"{where}/{template.partition('/')[2]}.html a changé, ou n’est plus là, alors que des conventions envoyées "
                   "à signer le citent : remettez le texte d’alors, et donnez un autre mois au nouveau.")


def _digest(template: str) -> str:
    try:
        return own_texts.digest(template)
    except own_texts.UnfitText:
        return ""
