"""`drtui --plain`: the interface line by line, without boxes, colours or cursor movement.

For screen readers, which read added text and lose their place on a repainted screen, and for terminals without cursor
control. Everything goes to standard output: input and answers are one transcript.
"""

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from drtui.cli.context import resolve_context, sign_in_options
from drtui.cli.exit_codes import FINE, CommandError
from drtui.cli.line_mode.shell import Shell, summarize
from drtui.cli.prompts import accept_any_bytes
from drtui.core.analysis.changes import make_previous_lists
from drtui.core.formatting.input_error import InputError
from drtui.core.formatting.text import ELLIPSIS, wrap_cells
from drtui.core.model.site_state import EXTRAS
from drtui.core.summary.headline import build_headline
from drtui.session import Session
from drtui.session import runner as threads

LINE_CELLS = 100
"""The width at which a line is folded at a blank, cells."""


def run(arguments: argparse.Namespace) -> int:
    """Read commands until the input ends; return the exit code.

    Raises:
        CommandError: no target is given.
    """
    context = resolve_context(arguments)
    target, access = sign_in_options(context)
    with threads.Runner() as runner:
        session = Session(target, access, now=context.fixed_now, extras=EXTRAS)
        shell = Shell(context, session)
        try:
            runner.run(_begin(shell, session))
            for line in _input_lines(lambda: shell.prompt):
                word = line.partition(" ")[0]
                if word == "quit":
                    break
                if word == "refresh":
                    if _has_ended(session):
                        session = _sign_in_again(runner, shell, session)
                    runner.run(_refresh(shell, session))
                else:
                    _answer(shell, line)
        finally:
            runner.run(session.close())
    return FINE


async def _begin(shell: Shell, session: Session) -> None:
    """Print the saved state of the site, then fetch and print the live one."""
    saved = None if session.options.offline else await session.cached()
    if saved is None:
        _print_lines([f"Asking {session.target.location} ..."])
    else:
        shell.update(replace(saved, is_complete=False))
        shell.previous = make_previous_lists(saved, shell.context.now)
        _print_lines([f"{session.target.location}: {build_headline(shell.assessment)[0].text}"])
    await _refresh(shell, session)


async def _refresh(shell: Shell, session: Session) -> None:
    """Fetch the site and print a summary."""
    shell.update((await session.fetch_all()).with_fallback(shell.assessment.site_state))
    shell.previous = shell.previous.with_unlisted(shell.assessment.site_state, shell.assessment.points)
    ended = "The sign-in has ended. Type refresh to sign in again." if _has_ended(session) else ""
    _print_lines([*summarize(shell), *filter(None, [session.history_failure, ended])])


def _has_ended(session: Session) -> bool:
    """True if a single sign-on has ended and was not begun again."""
    return session.options.sso and session.auth_state is not None and session.auth_state.refusal is not None


def _sign_in_again(runner: threads.Runner, shell: Shell, session: Session) -> Session:
    """Ask for a new single sign-on, and return its session; the same one if the sign-in failed."""
    try:
        target, access = sign_in_options(shell.context)
    except CommandError as error:
        _print_lines([str(error)])
        return session
    runner.run(session.close())
    shell.session = Session(target, access, now=shell.context.fixed_now)
    return shell.session


def _answer(shell: Shell, line: str) -> None:
    """Print the answer to one input line, or why there is none."""
    try:
        _print_lines(shell.answer(line))
    except CommandError as error:
        _print_lines([*error.notes, str(error)])
    except InputError as error:
        _print_lines([str(error)])


def _print_lines(lines: Iterable[str]) -> None:
    """Print lines and flush: the reader of a pipe waits for them."""
    for line in lines:
        spelled = line.replace(ELLIPSIS, "...")  # screen readers read an ellipsis as a pause
        sys.stdout.writelines(f"{part}\n" for part in wrap_cells(spelled, LINE_CELLS))
    sys.stdout.flush()


def _input_lines(prompt: Callable[[], str]) -> Iterator[str]:
    """Yield the lines of the input; print a prompt first if a person types."""
    accept_any_bytes()
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield from (line.strip() for line in iter(sys.stdin.readline, ""))
        return
    with contextlib.suppress(ImportError):
        import readline  # to edit a line, and to have earlier ones back; not every Python has it

        readline.parse_and_bind("set enable-bracketed-paste off")  # not every terminal understands the sequence
    try:
        while True:
            yield input(prompt()).strip()
    except (EOFError, KeyboardInterrupt) as left:
        sys.stdout.write("\n")
        if isinstance(left, KeyboardInterrupt):
            raise
