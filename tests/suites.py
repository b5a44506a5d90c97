"""Selection of the values of a matrix for the default suite."""

from collections.abc import Collection, Iterable

import pytest


def in_full(values: Iterable[object], *, but: Collection[object]) -> list[object]:
    """Return the values of one parameter, marked `full` all but those of `but`, which the default suite tries too."""
    return rows_in_full([(value,) for value in values], but=[(value,) for value in but])


def rows_in_full(rows: Iterable[tuple[object, ...]], *, but: Collection[tuple[object, ...]]) -> list[object]:
    """Return rows of a value for each of several parameters, marked `full` all but those of `but`."""
    every = list(rows)
    assert all(row in every for row in but), f"{but} are not all among {every}"
    return [pytest.param(*row, marks=() if row in but else pytest.mark.full) for row in every]
