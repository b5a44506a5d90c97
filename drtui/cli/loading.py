"""Fetch and assess a site for a command, and find restore points by name."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from drtui.cli.context import Context, sign_in_options
from drtui.cli.exit_codes import FINDINGS, USAGE, CommandError
from drtui.cli.messages import print_message
from drtui.cli.output import LISTS, exit_code_of, failure_lines, failures_exit_code, failures_of
from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.rpo import lists_incomplete_reason
from drtui.core.formatting.text import cut_middle, escape, sanitize
from drtui.core.model.auth import SignIn
from drtui.core.model.site_clock import skew_text
from drtui.core.model.site_state import Fetched, SiteState
from drtui.core.summary.freshness import stale_data_warning
from drtui.core.summary.labels import level_label
from drtui.core.verdict.restore_points import RestorePoint
from drtui.session import Session, runner

T = TypeVar("T")


class LoadedSite(NamedTuple):
    """A site that was fetched."""

    context: Context
    """The context of the command, by the site's clock."""
    assessment: Assessment
    saved: SiteState | None = None
    """The saved state from before the fetch."""


class Site:
    """The site that a command is about. It is fetched on demand: a command checks its options before.

    Args:
        context: the context of the command.
        loaded: the site, if it was fetched already.
        extras: names of the `EXTRAS` to fetch.
        sign_in: the facts about the sign-in for a site that was fetched already.
    """

    def __init__(
        self,
        context: Context,
        loaded: LoadedSite | None = None,
        extras: tuple[str, ...] = (),
        sign_in: SignIn | None = None,
    ) -> None:
        self.context, self.sign_in = context, sign_in or SignIn()
        self._loaded = loaded
        self._extras = extras

    def load(self) -> LoadedSite:
        """Return the site; fetch it once."""
        if self._loaded is None:
            self._loaded, self.sign_in = _fetch(self.context, self._extras)
        return self._loaded


def _fetch(context: Context, extras: tuple[str, ...]) -> tuple[LoadedSite, SignIn]:
    """Fetch and assess a site, and print warnings about its data; return the facts about the sign-in as well."""
    target, access = sign_in_options(context)

    async def read() -> tuple[Session, SiteState, SignIn]:
        async with Session(target, access, now=context.fixed_now, extras=extras) as session:
            return session, await session.fetch_or_cached(), session.sign_in

    session, site_state, sign_in = runner.run(read())
    if session.history_failure:
        print_message(session.history_failure)
    context = replace(context, now=site_state.site_time(context.now))
    clocks = skew_text(site_state.clock_offset)
    if clocks:
        print_message(clocks)
    if site_state.is_saved:
        print_message(stale_data_warning(site_state, context.now, context.zone))
    assessment = session.assess(site_state, context.now, context.rpo)
    return LoadedSite(context, assessment, session.saved), sign_in


def require(answer: Fetched[T] | None, resource: str = "stores") -> T:
    """Return the value of the answer of a resource that a command needs.

    Raises:
        CommandError: the value could not be fetched, or a saved answer does not contain it.
    """
    if answer is None:
        raise CommandError("The saved answer does not contain this. Give the address of the site.", FINDINGS)
    if answer.value is not None:
        return answer.value
    if answer.failure is None:
        raise AssertionError("an answer is a value or a failure")
    raise CommandError(answer.failure.line, exit_code_of(answer.failure), failures=[(resource, answer.failure)])


MIN_SIMILARITY = 0.5
"""The least similarity of a name that is suggested, 0 to 1."""


MAX_SUGGESTIONS = 3
"""The largest number of names suggested at once."""


MAX_CHOICES = 6
"""The largest number of restore points of one name that an error lists."""


MAX_NAME_CELLS = 80
"""The largest width of a suggested name, cells."""


def find_restore_point(
    assessment: Assessment, name: str, *, only_in: str | None = None, prefer: str | None = None, exit_code: int = USAGE
) -> RestorePoint:
    """Return the restore point of that name, label or `STORE/NAME`.

    Args:
        assessment: the site.
        name: the typed name.
        only_in: the only store to search.
        prefer: the store to prefer if several have the name.
        exit_code: the exit code if no restore point matches, and all lists could be fetched.

    Raises:
        CommandError: the stores are unknown, or no restore point matches, or several do.
    """
    chosen = find_restore_points(assessment, name, only_in=only_in, prefer=prefer, exit_code=exit_code)
    if len(chosen) > 1:
        several = f"{len(chosen)} restore points in {chosen[0].backup.store} have the name {name!r}"
        named_by = _choices([p.label for p in chosen], chosen)
        notes = failure_lines(assessment.site_state, LISTS)
        failures = failures_of(assessment.site_state, LISTS)
        raise CommandError(f"{several}. Name one of them: {named_by}", notes=notes, failures=failures)
    return chosen[0]


def find_restore_points(
    assessment: Assessment, name: str, *, only_in: str | None = None, prefer: str | None = None, exit_code: int = USAGE
) -> tuple[RestorePoint, ...]:
    """Return the restore points of that name in one store: several only if the store has several records of it.

    Raises:
        CommandError: the stores are unknown, or no restore point matches, or several stores have one.
    """
    site_state = assessment.site_state
    require(site_state.stores)
    points = [p for p in assessment.points if only_in is None or p.backup.store == sanitize(only_in)]
    named: list[RestorePoint] = []
    for spelled in dict.fromkeys((sanitize(name), escape(name))):  # displayed spelling, then that of the server
        named = named or [
            p for p in points if spelled in {p.backup.name, _qualified_name(p.backup.store, p.backup.name)}
        ]
        named = named or [p for p in points if spelled in {p.label, _qualified_name(*p.id)}]
    chosen = [p for p in named if prefer is not None and p.backup.store == sanitize(prefer)] or named
    notes, failures = failure_lines(site_state, LISTS), failures_of(site_state, LISTS)
    if not chosen:
        why_incomplete = lists_incomplete_reason(site_state)
        but = f", but {why_incomplete}" if why_incomplete else ""
        code = failures_exit_code(site_state, LISTS) or exit_code
        raise CommandError(f"No restore point {name!r}{but}. {_hint(points, name)}", code, notes, failures)
    stores = dict.fromkeys(p.backup.store for p in chosen)
    if len(stores) > 1:
        named_by = _choices([_qualified_name(*p.id) for p in chosen], chosen)
        raise CommandError(
            f"Several stores have {name!r}. Choose one with --store ({', '.join(stores)}), "
            f"or write STORE/NAME: {named_by}",
            notes=notes,
            failures=failures,
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
