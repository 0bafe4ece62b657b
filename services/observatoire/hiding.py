"""Statistical secrecy: small counts are hidden, and enough of the others that nobody can find them by subtraction.

A table is published with its totals. A count from 1 to 4 is hidden (issue 5: cells under 5); a zero tells of nobody and
stays. What is hidden must not follow from what is shown: each row and each column says that its cells add up to its
total, so the hidden cells are the edges of a graph whose points are the rows and the columns, and a cell can be computed
exactly when its edge is a bridge of that graph (the theory of linked two-way tables; Gusfield, 1988).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SMALLEST_SHOWN = 5

Cell = tuple[int, int]


@dataclass(frozen=True)
class Shown:
    """A table as it may be published: None is a hidden cell. The last row and the last column are the totals."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]

    @property
    def total(self) -> int | None:
        return self.cells[-1][-1]

    @property
    def row_totals(self) -> tuple[int | None, ...]:
        """The total of each row, without the last."""
        return tuple(line[-1] for line in self.cells[:-1])

    @property
    def rounded(self) -> Shown:
        """The same, for a period that slides."""
        return Shown(self.rows, self.columns, tuple(tuple(rounded(cell) for cell in line) for line in self.cells))

    @property
    def hides(self) -> bool:
        return any(cell is None for line in self.cells for cell in line)


def shown(rows: Iterable[str], columns: Iterable[str], counts: list[list[int]]) -> Shown:
    """The table with its totals, small counts and their complements hidden; ``counts[row][column]``, none negative."""
    rows, columns = tuple(rows), tuple(columns)
    whole = [[*line, sum(line)] for line in counts]
    whole.append([sum(line[column] for line in whole) for column in range(len(columns) + 1)])
    hidden = _hidden(whole)
    return Shown(rows, columns, tuple(
        tuple(None if (row, column) in hidden else count for column, count in enumerate(line))
        for row, line in enumerate(whole)))


def single(rows: Iterable[str], counts: Iterable[int], *, total_told: bool = True) -> Shown:
    """A list of counts that add up, as a table without columns: each row has its total alone.

    ``total_told`` False: another table keeps the total to itself, and this one does not give it away.
    """
    line = list(counts)
    whole = [[*line, sum(line)]]
    cells = [(0, number) for number in range(len(line) + 1)]
    hidden = {cell for cell in cells if 0 < whole[0][cell[1]] < SMALLEST_SHOWN}
    while (more := _from_a_line(whole, [cells], hidden)) is not None:
        hidden.add(more)
    if not total_told and (told := [cell for cell in cells[:-1] if cell not in hidden]) and len(told) == len(line):
        hidden.add(_cheapest(whole, told))
    if not total_told:
        hidden.add(cells[-1])
    return Shown(tuple(rows), (), tuple((None if cell in hidden else whole[0][cell[1]],) for cell in cells))


def months(rows: Iterable[str], counts: Iterable[int], *, closed: bool) -> Shown:
    """Counts of months, which several periods share: each is told, or not, on its own, hence in the same way in all of them.

    The total of a period that slides says no more than its months do. That of a closed year is told once: it is, where what it
    gives of the hidden months is no small count.
    """
    line = list(counts)
    small = [count for count in line if few(count) is None]
    tells = not small or (closed and len(small) > 1 and sum(small) >= SMALLEST_SHOWN)
    return Shown(tuple(rows), (), (*((few(count),) for count in line), (few(sum(line)) if tells else None,)))


def rounded(count: int | None) -> int | None:
    """The nearest multiple of :data:`SMALLEST_SHOWN`, for what slides: a month more changes nothing that one could name."""
    return None if count is None else (count + SMALLEST_SHOWN // 2) // SMALLEST_SHOWN * SMALLEST_SHOWN


def few(count: int) -> int | None:
    """A count that stands alone: None when it is too small to be told."""
    return count if count >= SMALLEST_SHOWN or not count else None


def _hidden(whole: list[list[int]]) -> set[Cell]:
    """Cells to hide in a table that holds its totals."""
    hidden = {(row, column) for row, line in enumerate(whole) for column, count in enumerate(line)
              if 0 < count < SMALLEST_SHOWN}
    lines = _lines(whole)
    while (more := _from_a_line(whole, lines, hidden) or _from_a_bridge(whole, hidden)) is not None:
        hidden.add(more)
    return hidden


def _lines(whole: list[list[int]]) -> list[list[Cell]]:
    """Each row, then each column, its total last."""
    height, width = len(whole), len(whole[0])
    return ([[(row, column) for column in range(width)] for row in range(height)]
            + [[(row, column) for row in range(height)] for column in range(width)])


def _cheapest(whole: list[list[int]], cells: list[Cell]) -> Cell | None:
    """Totals are worth more to a reader than cells, and large counts more than small; a zero hides nothing well.

    The total of totals comes last: other tables of the same requests tell it too.
    """
    last_row, last_column = len(whole) - 1, len(whole[0]) - 1

    def price(cell: Cell) -> tuple[bool, bool, int, int, Cell]:
        row, column = cell
        count = whole[row][column]
        return (cell == (last_row, last_column), not count, (row == last_row) + (column == last_column), count, cell)

    return min(cells, default=None, key=price)


def _from_a_line(whole: list[list[int]], lines: list[list[Cell]], hidden: set[Cell]) -> Cell | None:
    """One more cell for a line whose hidden part can be computed."""
    for line in lines:
        *cells, total = line
        gone = [whole[row][column] for row, column in cells if (row, column) in hidden]
        open_cells = [cell for cell in line if cell not in hidden]
        if open_cells and _tells(gone, total in hidden):
            return _cheapest(whole, open_cells)
    return None


def _tells(hidden: list[int], total_hidden: bool) -> bool:
    """True when a line lets out one cell, or that its hidden cells together are fewer than may be told."""
    if total_hidden:
        return not hidden
    return len(hidden) == 1 or 0 < sum(hidden) < SMALLEST_SHOWN


def _from_a_bridge(whole: list[list[int]], hidden: set[Cell]) -> Cell | None:
    """One more cell, such that a hidden one can no longer be computed from several lines together."""
    for bridge in sorted(hidden):
        rows, columns = _reached(bridge[0], hidden - {bridge})
        if bridge[1] not in columns:
            across = [(row, column) for row in range(len(whole)) for column in range(len(whole[0]))
                      if (row in rows) != (column in columns) and (row, column) not in hidden]
            if (more := _cheapest(whole, across)) is not None:
                return more
    return None


def _reached(row: int, edges: set[Cell]) -> tuple[set[int], set[int]]:
    """Rows and columns that hidden cells link to that row."""
    rows, columns, fresh = {row}, set(), {row}
    while fresh:
        new_columns = {column for of, column in edges if of in fresh} - columns
        columns |= new_columns
        fresh = {of for of, column in edges if column in new_columns} - rows
        rows |= fresh
    return rows, columns
