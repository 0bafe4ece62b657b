"""Are the instance's own texts of the convention, and of the protocol of a mentoring, fit to use, and unchanged since
documents were made with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from models.base import db
from models.convention import Convention
from models.mentorat import Protocole, ProtocoleState
from pdf import own_texts
from pdf.convention import ConventionData, convention_pdf
from pdf.protocole import ProtocoleData, protocole_pdf
from pdf.released import RELEASED
from pdf.render import RenderFailed


def own_texts_problems(examples: Iterable[ConventionData]) -> Iterator[str]:
    """A French sentence for each thing wrong; ``examples`` are printed with each text, one for each legal frame."""
    trials = tuple(examples)
    yield from _unfit(own_texts.KIND, lambda name: [convention_pdf(replace(data, template=name)) for data in trials])
    known = db.session.execute(select(Convention.template, Convention.data).where(
        Convention.template.not_in(list(RELEASED)), Convention.issued_at.is_not(None))).all()
    yield from _changed(own_texts.KIND, known, "des conventions envoyées à signer le citent")


def protocol_text_problems(example: ProtocoleData) -> Iterator[str]:
    """The same for the protocol; ``example`` is printed with each text, as written and as agreed to."""
    trials = (example, replace(example, agreements=()))
    yield from _unfit(own_texts.PROTOCOLE, lambda name: [protocole_pdf(replace(data, template=name)) for data in trials])
    known = db.session.execute(select(Protocole.template, Protocole.data).where(
        Protocole.template.not_in(list(RELEASED)), Protocole.state != ProtocoleState.SUPERSEDED.value)).all()
    yield from _changed(own_texts.PROTOCOLE, known, "des mentorats en cours le citent")


def _unfit(kind: str, print_with: Callable[[str], object]) -> Iterator[str]:
    where = f"{own_texts.FOLDER}/{kind}"
    for name in own_texts.strays(kind):
        yield f"{where}/{name} : nommez-le d’après un mois, par exemple 2027-06.html. Il n’est pas utilisé."
    for name in own_texts.names(kind):
        if name in RELEASED:
            yield (f"{where}/{name.partition('/')[2]}.html : ce mois est celui d’un texte livré, qui reste utilisé. "
                   "Prenez-en un autre.")
            continue
        try:
            print_with(name)
        except (own_texts.UnfitText, RenderFailed) as error:
            yield f"{where} : {error}"


def _changed(kind: str, known: Iterable[Any], cited: str) -> Iterator[str]:
    told = set()
    for template, data in known:
        if template not in told and data.get("template_digest") != _digest(template):
            told.add(template)
            yield (f"{own_texts.FOLDER}/{kind}/{template.partition('/')[2]}.html a changé, ou n’est plus là, alors que {cited} : "
                   "remettez le texte d’alors, et donnez un autre mois au nouveau.")


def _digest(template: str) -> str:
    try:
        return own_texts.digest(template)
    except own_texts.UnfitText:
        return ""
