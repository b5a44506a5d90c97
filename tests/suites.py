"""Which values of a matrix the default suite tries."""

from collections.abc import Collection, Iterable

import pytest
from _pytest.mark import ParameterSet


def in_full(values: Iterable[object], *, but: Collection[object]) -> list[object]:
    """Return the values of one parameter, marked `full` all but those of `but`, which the default suite tries too."""
    every = list(values)
    assert all(each in every for each in but)
    return [pytest.param(each, marks=() if each in but else pytest.mark.full) for each in every]


def some_of(values: Iterable[object], *kept: object) -> list[ParameterSet]:
    """Return parameters for all values; those that are not among `kept` are marked full.

    Raises:
        AssertionError: a value to be kept is not there.
    """
    known = list(values)
    assert all(each in known for each in kept), f"{kept} are not all among {known}"
    return [_parameters(value, is_kept=value in kept) for value in known]


def _parameters(value: object, *, is_kept: bool) -> ParameterSet:
    """Return the parameters of a test: several if the value is a plain tuple."""
    arguments = value if type(value) is tuple else (value,)
    return pytest.param(*arguments, marks=() if is_kept else pytest.mark.full)
