"""Fetch and assess a site for a command, and find restore points by name."""

import argparse
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TypeVar

from msgspec.structs import replace

from drtui.cli.context import Context, resolve_context
from drtui.cli.exit_codes import FINDINGS, USAGE, CommandError
from drtui.cli.output import exit_code_of, print_message, report_failures
from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.analysis.rpo import lists_incomplete_reason
from drtui.core.formatting.text import cut_middle, escape, sanitize
from drtui.core.model.site_clock import skew_text
from drtui.core.model.site_state import Fetched, SiteState
from drtui.core.summary.freshness import stale_data_warning
from drtui.core.summary.labels import level_label
from drtui.core.verdict.restore_points import RestorePoint
from drtui.session import Session, runner

T = TypeVar("T")


def load_assessment(arguments: argparse.Namespace) -> tuple[Context, Assessment]:
    """Resolve the target, fetch it once and return the context and the assessment."""
    context, assessment, _ = assess_with_cache(resolve_context(arguments, ask=True))
    return context, assessment


def assess_with_cache(context: Context) -> tuple[Context, Assessment, SiteState | None]:
    """Fetch a site once; return the context by the site's clock, the assessment, and the saved state from before."""
    target = context.target
    if target is None:
        raise CommandError("No TARGET. Give an address, a file with a saved answer, or --demo.")

    async def read() -> tuple[Session, SiteState]:
        async with Session(target, context.access, now=context.fixed_now) as session:
            return session, await session.fetch_or_cached()

    session, site_state = runner.run(read())
    if session.history_failure:
        print_message(session.history_failure)
    context = replace(context, now=site_state.site_time(context.now))
    clocks = skew_text(site_state.clock_offset)
    if clocks:
        print_message(clocks)
    if site_state.is_saved:
        print_message(stale_data_warning(site_state, context.now, context.zone))
    assessment = assess(site_state, context.now, context.rpo)
    session.save_last_known(assessment)
    return context, assessment, session.saved


def require(answer: Fetched[T] | None) -> T:
    """Return the value of an answer that a command needs.

    Raises:
        CommandError: the value could not be fetched, or a saved answer does not contain it.
    """
    if answer is None:
        raise CommandError("The saved answer does not contain this. Give the address of the site.", FINDINGS)
    if answer.value is not None:
        return answer.value
    if answer.failure is None:
        raise AssertionError("an answer is a value or a failure")
    raise CommandError(answer.failure.line, exit_code_of(answer.failure))


def require_restore_point(arguments: argparse.Namespace, assessment: Assessment) -> tuple[RestorePoint, int]:
    """Return the restore point that the arguments name, and the exit code for lists that could not be fetched.

    Raises:
        CommandError: no restore point, or more than one, has the name.
    """
    points, code, unlisted = _points_in_store(arguments, assessment)
    return find_restore_point(points, arguments.backup, exit_code=code or FINDINGS, incomplete_reason=unlisted), code


def restore_points_named(arguments: argparse.Namespace, assessment: Assessment) -> tuple[tuple[RestorePoint, ...], int]:
    """Return the restore points of that name in one store, and the exit code for lists that could not be fetched.

    Raises:
        CommandError: no restore point has the name, or several stores have one.
    """
    points, code, unlisted = _points_in_store(arguments, assessment)
    return find_restore_points(points, arguments.backup, exit_code=code or FINDINGS, incomplete_reason=unlisted), code


def _points_in_store(arguments: argparse.Namespace, assessment: Assessment) -> tuple[list[RestorePoint], int, str]:
    """Return the restore points of the requested store, an exit code for failures, and why the list is incomplete."""
    require(assessment.site_state.stores)
    code = report_failures(assessment.site_state, "stores", "backups of")
    store = None if arguments.store is None else sanitize(arguments.store)
    points = [p for p in assessment.points if store in {None, p.backup.store}]
    return points, code, lists_incomplete_reason(assessment.site_state)


MIN_SIMILARITY = 0.5
"""The least similarity of a name that is suggested, 0 to 1."""


MAX_SUGGESTIONS = 3
"""The largest number of names suggested at once."""


MAX_CHOICES = 6
"""The largest number of restore points of one name that an error lists."""


MAX_NAME_CELLS = 80
"""The largest width of a suggested name, cells."""


def find_restore_point(
    points: Sequence[RestorePoint],
    name: str,
    store: str | None = None,
    *,
    exit_code: int = USAGE,
    incomplete_reason: str = "",
) -> RestorePoint:
    """Return the restore point of that name, label or `STORE/NAME`; prefer `store` if several stores have one.

    Raises:
        CommandError: no restore point matches (with `exit_code`), or several match. `incomplete_reason` says why a
            matching restore point may exist all the same.
    """
    chosen = find_restore_points(points, name, store, exit_code=exit_code, incomplete_reason=incomplete_reason)
    if len(chosen) > 1:
        several = f"{len(chosen)} restore points in {chosen[0].backup.store} have the name {name!r}"
        raise CommandError(f"{several}. Name one of them: {_choices([p.label for p in chosen], chosen)}")
    return chosen[0]


def find_restore_points(
    points: Sequence[RestorePoint],
    name: str,
    store: str | None = None,
    *,
    exit_code: int = USAGE,
    incomplete_reason: str = "",
) -> tuple[RestorePoint, ...]:
    """Return the restore points of that name in one store: several only if the store has several records of it.

    Raises:
        CommandError: no restore point matches (with `exit_code`), or several stores have one. `incomplete_reason` says
            why a matching restore point may exist all the same.
    """
    named: list[RestorePoint] = []
    for spelled in dict.fromkeys((sanitize(name), escape(name))):  # displayed spelling, then that of the server
        named = named or [
            p for p in points if spelled in {p.backup.name, _qualified_name(p.backup.store, p.backup.name)}
        ]
        named = named or [p for p in points if spelled in {p.label, _qualified_name(*p.id)}]
    chosen = [p for p in named if store is not None and p.backup.store == sanitize(store)] or named
    if not chosen:
        but = f", but {incomplete_reason}" if incomplete_reason else ""
        raise CommandError(f"No restore point {name!r}{but}. {_hint(points, name)}", exit_code)
    stores = dict.fromkeys(p.backup.store for p in chosen)
    if len(stores) > 1:
        named_by = _choices([_qualified_name(*p.id) for p in chosen], chosen)
        raise CommandError(
            f"Several stores have {name!r}. Choose one with --store ({', '.join(stores)}), "
            f"or write STORE/NAME: {named_by}"
        )
    return tuple(chosen)


def _qualified_name(store: str, name: str) -> str:
    return f"{store}/{name}"


def _choices(labels: Sequence[str], points: Sequence[RestorePoint]) -> str:
    """Return the labels that tell restore points apart, each with its verdict."""
    choices = [f"{label} ({level_label(p.verdict.level).word})" for label, p in zip(labels, points, strict=True)]
    return ", ".join(choices[:MAX_CHOICES]) + (", ..." if len(choices) > MAX_CHOICES else "")


def _hint(points: Sequence[RestorePoint], name: str) -> str:
    """Return the most similar names as advice."""
    names = dict.fromkeys(p.backup.name for p in points)
    if "/" in name:
        names |= dict.fromkeys(_qualified_name(p.backup.store, p.backup.name) for p in points)
    # A name that contains the typed text is a better suggestion than one that is only similar.
    containing = sorted(
        (other_name for other_name in names if name in other_name), key=lambda other_name: other_name.index(name)
    )
    near = containing[:MAX_SUGGESTIONS] or get_close_matches(name, names, n=MAX_SUGGESTIONS, cutoff=MIN_SIMILARITY)
    suggestions = " or ".join(cut_middle(suggestion, MAX_NAME_CELLS) for suggestion in near)
    return f"Did you mean {suggestions}?" if near else "See drtui list."
