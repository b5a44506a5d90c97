"""Which restore point a person means by what was typed."""

from collections.abc import Sequence
from difflib import get_close_matches

from drtui.cli.errors import USAGE, CommandError
from drtui.model.catalog import RestorePoint
from drtui.model.text import cut_middle

LIKENESS = 0.5
"""From which on a name is worth suggesting."""
MOST = 3
"""Names that are suggested at once."""
LONGEST = 80
"""Cells of a suggested name."""


def point_named(
    points: Sequence[RestorePoint], typed: str, store: str | None = None, *, otherwise: int = USAGE, unlisted: str = ""
) -> RestorePoint:
    """The restore point of that name, or of `STORE/NAME`; of several that in `store`.

    Raises:
        CommandError: there is none, with the exit code `otherwise`, or there are several. `unlisted` is why there may
            be one all the same.
    """
    named = [p for p in points if typed in {p.backup.name, _whole(p)}]
    chosen = [p for p in named if p.backup.store == store] or named
    if not chosen:
        but = f", but {unlisted}" if unlisted else ""
        raise CommandError(f"no restore point is called {typed!r}{but}; {_hint(points, typed)}", otherwise)
    if len(chosen) > 1:
        stores = ", ".join(p.backup.store for p in chosen)
        raise CommandError(f"several stores have {typed!r}: say which with --store ({stores}), or as STORE/NAME")
    return chosen[0]


def _whole(point: RestorePoint) -> str:
    return f"{point.backup.store}/{point.backup.name}"


def _hint(points: Sequence[RestorePoint], typed: str) -> str:
    """The names that are nearest to it."""
    names = dict.fromkeys(p.backup.name for p in points) | (dict.fromkeys(map(_whole, points)) if "/" in typed else {})
    # One that begins so, or holds it, is nearer than one that is only like it.
    holding = sorted((name for name in names if typed in name), key=lambda name: name.index(typed))
    near = holding[:MOST] or get_close_matches(typed, names, n=MOST, cutoff=LIKENESS)
    return f"did you mean {' or '.join(cut_middle(name, LONGEST) for name in near)}?" if near else "see drtui list"
