"""Who stands behind the person an immersion receives: their employer, the association they volunteer for, or nobody."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Backing:
    """The words for it, so that a letter and a page never speak of an employer to who has none.

    ``the``: « l’employeur »; ``of``: « de l’employeur »; ``theirs``: « son employeur »; ``yours``: « votre employeur ».
    ``structure``: how the convention calls that party; ``report``: its report. All "" where the person comes in their own name.
    """

    the: str = ""
    of: str = ""
    theirs: str = ""
    yours: str = ""
    structure: str = ""
    report: str = ""

    def __bool__(self) -> bool:
        return bool(self.the)


EMPLOYER = Backing("l’employeur", "de l’employeur", "son employeur", "votre employeur", "structure employeuse",
                   "bilan de l’employeur")
ASSOCIATION = Backing("l’association", "de l’association", "son association", "votre association", "association",
                      "bilan de l’association")
NOBODY = Backing()

VOLUNTEER, FREELANCE = "benevole", "independant"
_BY_STATUS = {VOLUNTEER: ASSOCIATION, FREELANCE: NOBODY}


def said_for(label: str, work_status: str) -> str:
    """A step of an immersion (``states.py``), as who stands behind them is called: « accord de l’association demandé »."""
    return label.replace(EMPLOYER.of, backing_of(work_status).of or EMPLOYER.of)


def backing_of(work_status: str) -> Backing:
    """What a status of work (``vocabulary.WORK_STATUSES``) says of it; an employer where nothing else is said."""
    return _BY_STATUS.get(work_status, EMPLOYER)
