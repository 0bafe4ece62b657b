"""What is hidden of a table of counts, and that nobody can find it again from what is shown."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.observatoire.hiding import SMALLEST_SHOWN, Shown, few, months, rounded, shown, single

TABLES = st.integers(1, 5).flatmap(lambda width: st.lists(
    st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 30]), min_size=width, max_size=width), min_size=1, max_size=6))


def computed(table: Shown) -> list[tuple[int, int]]:
    """Hidden cells that follow from the others: those no solution of "cells add up to their total" may change."""
    height, width = len(table.cells), len(table.cells[0])
    hidden = [(row, column) for row in range(height) for column in range(width) if table.cells[row][column] is None]
    if not hidden:
        return []
    lines = ([[(row, column) for column in range(width)] for row in range(height)]
             + [[(row, column) for row in range(height)] for column in range(width)])
    equations = np.array([[0.0 if cell not in line else -1.0 if cell == line[-1] else 1.0 for cell in hidden] for line in lines])
    free = np.linalg.svd(equations)[2][np.linalg.matrix_rank(equations):]
    return [cell for number, cell in enumerate(hidden) if not np.any(np.abs(free[:, number]) > 1e-9)]


def named(counts: list[list[int]]) -> Shown:
    return shown([f"r{n}" for n in range(len(counts))], [f"c{n}" for n in range(len(counts[0]))], counts)


@given(TABLES)
def test_a_count_from_one_to_four_is_never_shown(counts):
    assert not {cell for line in named(counts).cells for cell in line} & set(range(1, SMALLEST_SHOWN))


@given(TABLES)
def test_what_is_shown_is_true(counts):
    table = named(counts)
    whole = [[*line, sum(line)] for line in counts]
    whole.append([sum(column) for column in zip(*whole, strict=True)])
    assert all(cell in (None, count) for shown_line, line in zip(table.cells, whole, strict=True)
               for cell, count in zip(shown_line, line, strict=True))


@given(TABLES)
def test_what_is_hidden_cannot_be_computed_from_the_totals(counts):
    table = named(counts)
    small = {(row, column) for row, line in enumerate(counts) for column, count in enumerate(line) if 0 < count < SMALLEST_SHOWN}
    assert not small & set(computed(table))


@given(TABLES)
def test_hidden_cells_of_a_line_together_are_at_least_five(counts):
    table = named(counts)
    for number, line in enumerate(counts):
        gone = [count for count, cell in zip(line, table.cells[number], strict=False) if cell is None]
        assert table.cells[number][-1] is None or not gone or sum(gone) >= SMALLEST_SHOWN


@given(TABLES)
def test_a_total_of_totals_from_five_on_is_always_shown_since_other_tables_tell_it(counts):
    total = sum(sum(line) for line in counts)
    assert named(counts).total == few(total)
    assert single([str(n) for n in range(len(counts))], [sum(line) for line in counts]).total == few(total)


LINES = st.lists(st.integers(0, 12), min_size=1, max_size=12)


def _names(counts: list[int]) -> list[str]:
    return [str(number) for number in range(len(counts))]


@given(LINES, st.booleans())
def test_a_month_is_told_or_not_whatever_the_period_and_its_total_adds_nothing(counts, closed):
    table = months(_names(counts), counts, closed=closed)
    assert table.row_totals == tuple(few(count) for count in counts)
    gone = [count for count in counts if few(count) is None]
    if table.total is not None:
        assert table.total == sum(counts) and (not gone or (closed and len(gone) > 1 and sum(gone) >= SMALLEST_SHOWN))


@given(LINES)
def test_a_total_that_another_table_keeps_to_itself_is_not_given_away(counts):
    table = single(_names(counts), counts, total_told=False)
    assert table.total is None and None in table.row_totals
    gone = [count for count, cell in zip(counts, table.row_totals, strict=True) if cell is None]
    assert not any(gone) or sum(gone) >= SMALLEST_SHOWN or sum(counts) < SMALLEST_SHOWN


@given(st.integers(0, 400))
def test_what_is_rounded_is_the_nearest_multiple_of_five(count):
    assert rounded(count) % 5 == 0 and abs(rounded(count) - count) <= 2 and rounded(None) is None


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8))
def test_a_list_hides_its_small_counts_and_one_more(counts):
    table = single([str(number) for number in range(len(counts))], counts)
    gone = [count for count, cell in zip(counts, table.row_totals, strict=True) if cell is None]
    assert all(count in gone for count in counts if 0 < count < SMALLEST_SHOWN)
    assert table.total is None or not gone or (len(gone) > 1 and sum(gone) >= SMALLEST_SHOWN)


def test_large_counts_are_all_shown():
    table = named([[10, 20], [30, 0]])
    assert table.cells == ((10, 20, 30), (30, 0, 30), (40, 20, 60)) and not table.hides


def test_one_small_count_takes_three_others_with_it():
    table = named([[2, 20, 30], [9, 40, 50], [60, 70, 80]])
    assert [[cell is None for cell in line] for line in table.cells] == [
        [True, True, False, False], [True, True, False, False], [False] * 4, [False] * 4]


def test_a_count_that_stands_alone_is_told_from_five_on():
    assert [few(count) for count in (0, 1, 4, 5)] == [0, None, None, 5]
