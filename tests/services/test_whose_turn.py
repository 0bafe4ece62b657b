"""What a request's page says is waited for."""

from __future__ import annotations

import pytest

from models.states import ENDED, TRANSITIONS, ImmersionState, Kind
from services.whose_turn import WAITED_FOR

_I = ImmersionState
#: The address is not confirmed; or the page shows the sealed document, or how it ended.
SILENT = {"unconfirmed", _I.SIGNED, _I.INTERRUPTED, _I.NOT_HELD, *ENDED}


@pytest.mark.parametrize("kind", list(Kind))
def test_every_state_that_waits_for_somebody_says_so_and_no_other(kind: Kind):
    assert {str(state) for state in WAITED_FOR[kind]} == {str(state) for state in TRANSITIONS[kind]} - SILENT
