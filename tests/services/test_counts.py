"""The counts a coordinator reads: by kind, by month as Paris counts them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from roads.stories import planted
from setting import databases

from models.base import transaction
from models.dossier import Dossier
from models.states import Kind
from services import counts

NOW = datetime(2027, 2, 1, 8, tzinfo=UTC)


@databases("sqlite", "postgresql")
def test_a_request_of_the_first_hour_of_a_month_in_paris_is_of_that_month(context):
    before, after, old = (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC),
                          datetime(2025, 2, 1, tzinfo=UTC))
    for at, state in ((before, "submitted"), (after, "closed"), (after, "in_progress"), (old, "resolved"), (NOW, "submitted")):
        number = planted(Kind.ENTRAIDE, state, NOW).id
        with transaction() as session:
            session.get(Dossier, number).confirmed_at = at
            session.get(Dossier, number).promised_on = date(2027, 1, 15)
    place = list(Kind).index(Kind.ENTRAIDE)
    assert [(one.first, one.received[place]) for one in counts.by_month(NOW)][:3] == [
        (date(2027, 2, 1), 1), (date(2027, 1, 1), 2), (date(2026, 12, 1), 1)]
    assert len(counts.by_month(NOW)) == 12
    [told] = [one for one in counts.by_kind(NOW) if one.kind == Kind.ENTRAIDE]
    assert (told.received, told.under_way, told.late) == (5, 3, 3), "those that ended are late no more"
