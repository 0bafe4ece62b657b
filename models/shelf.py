"""Where a request stands in the coordinators' space, as words of SQL, and the indexes that keep its lists and figures quick."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Index, String, literal_column, text

from .states import ENDED, WAITING_FOR_COORDINATOR


def _said(states: frozenset[str]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


def _shelf(table: str = "") -> ColumnElement[str]:
    return literal_column(
        f"(CASE WHEN {table}state = 'unconfirmed' THEN '' "
        f"WHEN {table}awaits_coordination OR {table}state IN ({_said(WAITING_FOR_COORDINATOR)}) THEN 'to_do' "
        f"WHEN {table}state IN ({_said(ENDED)}) THEN 'ended' ELSE 'under_way' END)", String)


#: Which list of the coordinators' space a request stands on: ``to_do``, ``under_way`` or ``ended``; "" before its address is
#: confirmed. Plain text, as an index is made on it: a question finds that index by the very same words.
SHELF = _shelf("dossier.")


def shelf_indexes() -> tuple[Index, Index]:
    """All that the lists are ordered, narrowed and counted by; then what the figures ask, and nothing of a request before it is
    confirmed."""
    confirmed = text("confirmed_at IS NOT NULL")
    return (Index("ix_dossier_shelf", _shelf(), "moved_at", "id", "promised_on", "assigned_to", "kind", "commune"),
            Index("ix_dossier_confirmed", "confirmed_at", "kind", "state", "promised_on",
                  sqlite_where=confirmed, postgresql_where=confirmed))
