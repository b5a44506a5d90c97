"""Which restore point a person means by what was typed."""

from collections.abc import Sequence
from difflib import get_close_matches

from drtui.cli.exit_codes import USAGE, CommandError
from drtui.core.formatting.text import clean, cut_middle, escape
from drtui.core.summary.labels import mark_of
from drtui.core.verdict.restore_points import RestorePoint

LIKENESS = 0.5
"""From which on a name is worth suggesting."""
MOST = 3
"""Names that are suggested at once."""
MOST_CHOICES = 6
"""Restore points of one name that are listed to choose from."""
LONGEST = 80
"""Cells of a suggested name."""


def point_named(
    points: Sequence[RestorePoint], typed: str, store: str | None = None, *, otherwise: int = USAGE, unlisted: str = ""
) -> RestorePoint:
    """The restore point of that name or label, or of `STORE/NAME`; of several that in `store`.

    Raises:
        CommandError: there is none, with the exit code `otherwise`, or there are several. `unlisted` is why there may
            be one all the same.
    """
    chosen = points_named(points, typed, store, otherwise=otherwise, unlisted=unlisted)
    if len(chosen) > 1:
        several = f"{len(chosen)} restore points in {chosen[0].backup.store} are called {typed!r}"
        raise CommandError(f"{several}; say which: {_choices([p.label for p in chosen], chosen)}")
    return chosen[0]


def points_named(
    points: Sequence[RestorePoint], typed: str, store: str | None = None, *, otherwise: int = USAGE, unlisted: str = ""
) -> tuple[RestorePoint, ...]:
    """Return the restore points of that name in one store: several only if the store has several records of it.

    Raises:
        CommandError: there is none, with the exit code `otherwise`, or several stores have one. `unlisted` is why there
            may be one all the same.
    """
    named: list[RestorePoint] = []
    for spelled in dict.fromkeys((clean(typed), escape(typed))):  # as it is shown, then as the server has it
        named = named or [p for p in points if spelled in {p.backup.name, _whole(p.backup.store, p.backup.name)}]
        named = named or [p for p in points if spelled in {p.label, _whole(*p.id)}]
    chosen = [p for p in named if store is not None and p.backup.store == clean(store)] or named
    if not chosen:
        but = f", but {unlisted}" if unlisted else ""
        raise CommandError(f"no restore point is called {typed!r}{but}; {_hint(points, typed)}", otherwise)
    stores = dict.fromkeys(p.backup.store for p in chosen)
    if len(stores) > 1:
        named_by = _choices([_whole(*p.id) for p in chosen], chosen)
        raise CommandError(
            f"several stores have {typed!r}: say which with --store ({', '.join(stores)}), or as STORE/NAME: {named_by}"
        )
    return tuple(chosen)


def _whole(store: str, name: str) -> str:
    return f"{store}/{name}"


def _choices(labels: Sequence[str], points: Sequence[RestorePoint]) -> str:
    """Return the labels by which restore points can be told apart, each with its verdict."""
    told = [f"{label} ({mark_of(p.verdict.level).word})" for label, p in zip(labels, points, strict=True)]
    return ", ".join(told[:MOST_CHOICES]) + (", ..." if len(told) > MOST_CHOICES else "")


def _hint(points: Sequence[RestorePoint], typed: str) -> str:
    """The names that are nearest to it."""
    names = dict.fromkeys(p.backup.name for p in points)
    if "/" in typed:
        names |= dict.fromkeys(_whole(p.backup.store, p.backup.name) for p in points)
    # One that begins so, or holds it, is nearer than one that is only like it.
    holding = sorted((name for name in names if typed in name), key=lambda name: name.index(typed))
    near = holding[:MOST] or get_close_matches(typed, names, n=MOST, cutoff=LIKENESS)
    return f"did you mean {' or '.join(cut_middle(name, LONGEST) for name in near)}?" if near else "see drtui list"
