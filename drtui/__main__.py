"""The entry: parse, choose headless or interface, map errors to exit codes. Imports the interface only when needed."""

import argparse
import os
import sys
import threading
from collections.abc import Sequence

from drtui.cli.errors import INTERRUPTED, CommandError


def main(argv: Sequence[str] | None = None) -> int:
    """Run drtui; the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except CommandError as error:
        sys.stderr.write(f"drtui: {error}\n")
        return error.code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever reads stdout has had enough (`drtui list | head`); the interpreter must not complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _run(arguments: list[str]) -> int:
    from drtui.cli.arguments import COMMANDS, interface_parser, parser  # noqa: PLC0415 - after ctrl+c is dealt with

    headless = any(word in COMMANDS for word in arguments[:1]) or {"-h", "--help", "--version"} & set(arguments)
    if arguments[:1] == ["check"]:
        from drtui.cli.check import run as check  # noqa: PLC0415 - the interface has no use for it

        return check(arguments)
    if headless:
        from drtui.cli.commands import run  # noqa: PLC0415 - the interface has no use for it

        return run(parser().parse_args(arguments))
    return _interface(interface_parser().parse_args(arguments))


def _interface(parsed: argparse.Namespace) -> int:
    """Open the interface."""
    from drtui.cli.context import context  # noqa: PLC0415 - see above
    from drtui.ui.app import run  # noqa: PLC0415 - Textual comes with it
    from drtui.ui.options import Options  # noqa: PLC0415

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CommandError("the interface needs a terminal; for pipes there are commands: see drtui --help")
    found = context(parsed, ask=False)
    options = Options(
        target=found.target,
        access=found.access,
        now=found.fixed_now,
        zone=found.zone,
        rpo=found.rpo,
        plain=found.plain,
        mouse=not parsed.no_mouse,
        theme=parsed.theme,
    )
    try:
        return _left(run(options))
    except ValueError as error:
        raise CommandError(str(error)) from error


def _left(code: int) -> int:
    """The exit code; where a thread still waits for a name server or a locked file, the end does not wait for it."""
    if threading.active_count() > 1:
        sys.stdout.flush()
        os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(main())
