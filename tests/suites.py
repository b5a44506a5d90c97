"""Which values of a matrix the default suite tries."""

from collections.abc import Collection, Iterable

import pytest


def in_full(values: Iterable[object], *, but: Collection[object]) -> list[object]:
    """Return the values of one parameter, marked `full` all but those of `but`, which the default suite tries too."""
    every = list(values)
    assert all(each in every for each in but)
    return [pytest.param(each, marks=() if each in but else pytest.mark.full) for each in every]
