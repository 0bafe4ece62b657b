"""What the clock does: one piece of work that fails keeps no other from being done."""

from __future__ import annotations

import pytest
from setting import databases
from sqlalchemy import text

from jobs.engine import all_of
from models.base import db


@databases("sqlite", "postgresql")
def test_one_that_fails_keeps_no_other_from_its_work_and_is_told(context, clock):
    done = []

    def well(now) -> int:
        done.append(db.session.scalar(text("SELECT count(*) FROM dossier")))
        return 1

    def badly(_now) -> int:
        db.session.execute(text("SELECT nothing FROM nowhere"))
        return 1

    with pytest.raises(ExceptionGroup) as told:
        all_of((well, badly, well), clock.now)
    assert done == [0, 0] and len(told.value.exceptions) == 1
    assert all_of((well, well), clock.now) == 2
