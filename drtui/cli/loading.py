"""What all commands share: one look, what it says to standard output, and what is said beside it."""

import argparse
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TypeVar

from msgspec.structs import replace

from drtui.cli.context import Context, context
from drtui.cli.exit_codes import FINDINGS, USAGE, CommandError
from drtui.cli.output import exit_code_of, print_message, report_failures
from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.analysis.rpo import lists_incomplete_reason
from drtui.core.formatting.text import cut_middle, escape, sanitize
from drtui.core.model.site_clock import skew_text
from drtui.core.model.site_state import Fetched, SiteState
from drtui.core.summary.freshness import stale_data_warning
from drtui.core.summary.headline import last_known_of
from drtui.core.summary.labels import level_label
from drtui.core.verdict.restore_points import RestorePoint
from drtui.session import Session, runner, save_last_known

T = TypeVar("T")


def load(arguments: argparse.Namespace) -> tuple[Context, Assessment]:
    """One look, and what is to be thought of it."""
    found, judged, _ = assess_with_cache(context(arguments, ask=True))
    return found, judged


def assess_with_cache(found: Context) -> tuple[Context, Assessment, SiteState | None]:
    """Look once; return the context by the site's clock, the judgement, and what had been saved of the site before."""
    target = found.target
    if target is None:
        raise CommandError("no TARGET: give an address, a file with a saved answer, or --demo")

    async def read() -> tuple[SiteState, SiteState | None]:
        async with Session(target, found.access, now=found.fixed_now) as session:
            reading = await session.fetch_or_cached()
            if session.history_trouble:
                print_message(session.history_trouble)
            return reading, session.saved

    reading, saved = runner.run(read())
    found = replace(found, now=reading.site_time(found.now))
    clocks = skew_text(reading.clock_offset)
    if clocks:
        print_message(clocks)
    if reading.is_saved:
        print_message(stale_data_warning(reading, found.now, found.zone))
    judged = assess(reading, found.now, found.rpo)
    told = last_known_of(judged)
    if told is not None:
        save_last_known(target, found.access, told)
    return found, judged, saved


def require(answer: Fetched[T] | None) -> T:
    """The value of an answer without which the command makes no sense.

    Raises:
        CommandError: it could not be read, or a saved answer does not hold it.
    """
    if answer is None:
        raise CommandError("a saved answer does not say that: give the address of the site", FINDINGS)
    if answer.value is not None:
        return answer.value
    if answer.failure is None:
        raise AssertionError("an answer is a value or a trouble")
    raise CommandError(answer.failure.line, exit_code_of(answer.failure))


def require_restore_point(arguments: argparse.Namespace, judged: Assessment) -> tuple[RestorePoint, int]:
    """The restore point that was named, and the exit code for what could not be read.

    Raises:
        CommandError: there is none, or there are several.
    """
    points, code, unlisted = _within(arguments, judged)
    return find_restore_point(points, arguments.backup, otherwise=code or FINDINGS, unlisted=unlisted), code


def restore_points_named(arguments: argparse.Namespace, judged: Assessment) -> tuple[tuple[RestorePoint, ...], int]:
    """Return the restore points of that name in one store, and the exit code for what could not be read.

    Raises:
        CommandError: there is none, or several stores have one.
    """
    points, code, unlisted = _within(arguments, judged)
    return find_restore_points(points, arguments.backup, otherwise=code or FINDINGS, unlisted=unlisted), code


def _within(arguments: argparse.Namespace, judged: Assessment) -> tuple[list[RestorePoint], int, str]:
    """Return the restore points of the store asked for, the exit code for what was not read, and why more may exist."""
    require(judged.site_state.stores)
    code = report_failures(judged.site_state, "stores", "backups of")
    store = None if arguments.store is None else sanitize(arguments.store)
    points = [p for p in judged.points if store in {None, p.backup.store}]
    return points, code, lists_incomplete_reason(judged.site_state)


LIKENESS = 0.5
"""From which on a name is worth suggesting."""


MOST = 3
"""Names that are suggested at once."""


MOST_CHOICES = 6
"""Restore points of one name that are listed to choose from."""


LONGEST = 80
"""Cells of a suggested name."""


def find_restore_point(
    points: Sequence[RestorePoint], typed: str, store: str | None = None, *, otherwise: int = USAGE, unlisted: str = ""
) -> RestorePoint:
    """The restore point of that name or label, or of `STORE/NAME`; of several that in `store`.

    Raises:
        CommandError: there is none, with the exit code `otherwise`, or there are several. `unlisted` is why there may
            be one all the same.
    """
    chosen = find_restore_points(points, typed, store, otherwise=otherwise, unlisted=unlisted)
    if len(chosen) > 1:
        several = f"{len(chosen)} restore points in {chosen[0].backup.store} are called {typed!r}"
        raise CommandError(f"{several}; say which: {_choices([p.label for p in chosen], chosen)}")
    return chosen[0]


def find_restore_points(
    points: Sequence[RestorePoint], typed: str, store: str | None = None, *, otherwise: int = USAGE, unlisted: str = ""
) -> tuple[RestorePoint, ...]:
    """Return the restore points of that name in one store: several only if the store has several records of it.

    Raises:
        CommandError: there is none, with the exit code `otherwise`, or several stores have one. `unlisted` is why there
            may be one all the same.
    """
    named: list[RestorePoint] = []
    for spelled in dict.fromkeys((sanitize(typed), escape(typed))):  # as it is shown, then as the server has it
        named = named or [p for p in points if spelled in {p.backup.name, _whole(p.backup.store, p.backup.name)}]
        named = named or [p for p in points if spelled in {p.label, _whole(*p.id)}]
    chosen = [p for p in named if store is not None and p.backup.store == sanitize(store)] or named
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
    told = [f"{label} ({level_label(p.verdict.level).word})" for label, p in zip(labels, points, strict=True)]
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
