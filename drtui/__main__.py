"""The entry: parse, choose headless or interface, map errors to exit codes. Imports the interface only when needed."""

import contextlib
import errno
import gc
import os
import sys
import termios
from collections.abc import Sequence

from drtui import __version__
from drtui.cli.exit_codes import INTERRUPTED, UNREACHABLE, CommandError
from drtui.splash import POOR_TERMINALS, Splash, show_splash

TYPE_CHECKING = False
if TYPE_CHECKING:  # loading typing takes a tenth of the time until something is on the screen
    import argparse

    from drtui.cli.context import Context
    from drtui.session.prefetch import Prefetch
    from drtui.ui.options import Options


def program() -> int:
    """Run drtui as a process of its own; the exit code."""
    # Much is made at the start and by reading a list, and nearly all of it stays. A fifth of the time of a command went
    # into looking through it for garbage, again and again, and once more at the end.
    gc.set_threshold(500_000)
    try:
        return main()
    finally:
        gc.freeze()


def main(argv: Sequence[str] | None = None) -> int:
    """Run drtui; the exit code. Without `argv` it is the program itself, which ends with it."""
    if argv is not None:
        return _ended(list(argv))
    if sys.stderr is not None and not sys.stderr.isatty():  # a terminal has something to show before this is loaded
        from drtui.cli.streams import tolerant_stream  # noqa: PLC0415 - only the program itself has such streams

        sys.stderr, _ = tolerant_stream(sys.stderr, line_buffering=True)
    return _left(_ended(sys.argv[1:]))


def _ended(arguments: list[str]) -> int:
    """How it ended, whatever happened."""
    try:
        _with_streams()
        with show_splash(arguments) as said:
            code = _run(arguments, said)
        sys.stdout.flush()
    except CommandError as error:
        sys.stderr.write(f"drtui: {error}\n")
        return error.code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever reads stdout has had enough (`drtui list | head`); the interpreter must not complain at its end.
        _discard_output()
        return 0
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG, errno.EBADF}:
            return _crashed(error)
        _discard_output()
        sys.stderr.write(f"drtui: the output could not be written: {error.strerror}\n")
        return UNREACHABLE
    except Exception as error:  # noqa: BLE001 - whatever it is, it is ours, and must not look like a finding
        return _crashed(error)
    return code


def _with_streams() -> None:
    """Give the standard streams something where they are closed, and let every character through."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - to the end
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - to the end
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - to the end
    reconfigure = getattr(sys.stdout, "reconfigure", None)  # a test may have put something simpler in its place
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _discard_output() -> None:
    """Send what is still to be written nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _crashed(error: Exception) -> int:
    """Tell in one line that drtui itself failed, and put the report where it can be sent from."""
    import logging  # noqa: PLC0415 - not needed to say the first thing

    from drtui.crash_report import SOFTWARE, crash_report, error_name  # noqa: PLC0415 - seldom needed
    from drtui.session.local_files import save_crash  # noqa: PLC0415 - what failed may have been an import

    _quiet()
    told = crash_report(error)
    logging.getLogger("drtui").error("drtui failed: %s", told)
    try:
        where = f"the report, without secrets, is in {save_crash(told)}"
    except OSError as unwritable:
        where = f"no report could be written ({unwritable.strerror}); it came from\n{told}"
    sys.stderr.write(f"drtui: a failure of drtui itself, {error_name(error)}; {where}\n")
    return SOFTWARE


def _run(arguments: list[str], said: Splash) -> int:
    closed = getattr(sys.stdout, "name", "") == os.devnull
    if arguments == ["--version"] and not closed:
        sys.stdout.write(f"drtui {__version__}\n")
        return 0
    from importlib import import_module  # noqa: PLC0415 - not needed to say the first thing

    from drtui.cli.parser import COMMANDS, interface_parser, parser  # noqa: PLC0415 - after ctrl+c is dealt with
    from drtui.cli.streams import CLOSED, run_command, run_command_to_file  # noqa: PLC0415 - likewise

    if arguments[:1] == ["check"]:
        from drtui.cli.commands.check import run as check  # noqa: PLC0415 - the interface has no use for it

        _quiet()
        return run_command(lambda: check(arguments), keeps_exit_code=True, is_closed=closed)
    is_command = any(word in COMMANDS for word in arguments[:1])
    if closed and not is_command:
        raise CommandError(CLOSED, UNREACHABLE)
    asked = [word for word in arguments if word in {"-h", "--help", "--version"}]
    if is_command or asked:
        parsed = parser(arguments[0]).parse_args(arguments if is_command else asked)
        _quiet()
        run = import_module(f"drtui.cli.commands.{COMMANDS[parsed.command]}").run
        if getattr(parsed, "into", "-") != "-":
            return run_command_to_file(parsed.into, lambda: int(run(parsed)), public=parsed.format == "prometheus")
        return run_command(lambda: int(run(parsed)), is_closed=closed)
    parsed = interface_parser().parse_args(arguments)
    _quiet()
    if parsed.plain:
        from drtui.cli.shell.loop import run as talk  # noqa: PLC0415 - the interface has no use for it

        return talk(parsed)
    return _interface(parsed, arguments, said)


def _quiet() -> None:
    """What libraries have to say must not end up on the screen."""
    import logging  # noqa: PLC0415 - not needed to say the first thing

    logging.lastResort = logging.NullHandler()


def _interface(parsed: "argparse.Namespace", words: Sequence[str], said: Splash) -> int:
    """Open the interface."""
    from drtui.cli.context import resolve_context  # noqa: PLC0415 - see above

    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        raise CommandError("the interface needs a terminal; for pipes there are commands: see drtui --help")
    if os.environ.get("TERM", "") in POOR_TERMINALS:
        raise CommandError(
            "this terminal cannot move its cursor (TERM): give --plain, use commands, such as drtui list, or set TERM"
        )
    _sized()
    found = resolve_context(parsed, ask=False)
    if found.target is not None:
        address = found.target.address if found.target.is_site and found.access.remember else None
        url, asking = address.url if address else None, not found.access.offline
        said.show_site(url, found.target.place, found.rpo, found.now, asking=asking)
    from drtui.session.prefetch import start_prefetch  # noqa: PLC0415 - see above

    with start_prefetch(found.target, found.access, found.fixed_now) as ahead:
        from drtui.ui.app import UnknownThemeError, run  # noqa: PLC0415 - Textual comes with it

        try:
            return run(_options(parsed, words, found, ahead), said.release)
        except UnknownThemeError as error:
            raise CommandError(str(error)) from error


def _options(
    parsed: "argparse.Namespace", words: Sequence[str], found: "Context", ahead: "Prefetch | None"
) -> "Options":
    """What the interface is told."""
    from drtui.keybindings import KeysError, apply_user_keys  # noqa: PLC0415 - see above
    from drtui.ui.options import Options  # noqa: PLC0415 - see above

    try:
        commands = apply_user_keys(found.settings.keys)
    except KeysError as error:
        raise CommandError(str(error)) from error
    return Options(
        target=found.target,
        access=found.access,
        command_line=found.own_access,
        now=found.fixed_now,
        zone=found.zone,
        is_zone_chosen=hasattr(parsed, "tz"),
        rpo=found.rpo_option,
        plain=found.plain,
        mouse=found.settings.mouse and not parsed.no_mouse,
        theme=parsed.theme or found.settings.theme,
        commands=commands,
        arguments=tuple(words),
        prefetch=ahead,
    )


def _sized() -> None:
    """Give a terminal a size that has none (a serial line, a container): over 0x0 Textual paints without end."""
    with contextlib.suppress(OSError):
        if 0 in os.get_terminal_size(sys.stdout.fileno()):
            termios.tcsetwinsize(sys.stdout.fileno(), (24, 80))


def _left(code: int) -> int:
    """The exit code; where a thread still waits for a name server or a locked file, the end does not wait for it."""
    threading = sys.modules.get("threading")  # where nobody has loaded it, there are none
    if threading is not None and threading.active_count() > 1:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(program())
