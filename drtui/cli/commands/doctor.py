"""`drtui doctor`: the connection to a site step by step, with the cause and the next step of what fails."""

import argparse
import asyncio
import contextlib
import sys
import termios
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from drtui.cli.context import Context, resolve_for_diagnosis, sign_in_options, with_key_password
from drtui.cli.exit_codes import CommandError
from drtui.core.model.diagnosis import Diagnosis, Step
from drtui.core.summary.diagnosis import diagnosis_text
from drtui.core.summary.diagnosis_steps import misconfigured
from drtui.output.doctor import diagnosis_json, step_lines
from drtui.session import ConnectionOptions, now_ms, runner
from drtui.session.doctor import NoCredentials, diagnose


def run_doctor(arguments: argparse.Namespace) -> int:
    """Diagnose a target, print its steps, and return the exit code of the first that failed.

    Raises:
        CommandError: an option is invalid.
    """
    if hasattr(arguments, "offline"):
        raise CommandError("doctor asks the site. Leave out --offline.")
    context, problems = resolve_for_diagnosis(arguments)
    if context.target is not None and context.target.is_site:
        context = replace(context, access=with_key_password(context.access))
    given = [misconfigured(name, text, advice=_ADVICE.get(name, "")) for name, text in problems.items()]
    diagnosis = runner.run(_diagnose(context, given, arguments))
    if arguments.format == "json":
        sys.stdout.write(diagnosis_json(diagnosis, context.zone))
    else:
        _print_lines(("", diagnosis_text(diagnosis)[0]))
    return diagnosis.exit_code


_ADVICE = {"configuration": "Correct the file or the option; the steps below go on without it."}


async def _diagnose(context: Context, given: Iterable[Step], arguments: argparse.Namespace) -> Diagnosis:
    """Return the diagnosis; print each step when it is done, unless it is printed as JSON."""
    location = context.target.location if context.target is not None else ""
    diagnosis = Diagnosis(location, now_ms())

    async def sign_in(options: ConnectionOptions) -> ConnectionOptions:
        with _restored_terminal():
            return await asyncio.to_thread(_ask, replace(context, access=options))

    async for step in diagnose(context.target, context.access, sign_in=sign_in, now=context.fixed_now, given=given):
        diagnosis = replace(diagnosis, steps=(*diagnosis.steps, step))
        if arguments.format == "text":
            _print_lines(step_lines(step, plain=context.plain, verbose=arguments.verbose))
    return diagnosis


def _ask(context: Context) -> ConnectionOptions:
    """Return complete options; ask for a password at a terminal. Blocks.

    Raises:
        NoCredentials: nobody can be asked, or a sign-in in a browser failed.
    """
    try:
        return sign_in_options(context)[1]
    except CommandError as error:
        raise NoCredentials(str(error), error.code) from None
    except EOFError:
        raise NoCredentials("No password was entered.") from None


@contextlib.contextmanager
def _restored_terminal() -> Iterator[None]:
    """Restore the terminal after the block: a thread that reads without echo is abandoned when interrupted."""
    try:
        modes = termios.tcgetattr(sys.stdin.fileno())
    except (OSError, ValueError, termios.error):
        modes = None
    try:
        yield
    finally:
        if modes is not None:
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, modes)


def _print_lines(lines: Iterable[str]) -> None:
    """Print lines to standard output at once: the next step may take long."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()
