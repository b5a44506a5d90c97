"""Entry point: parse the command line, run a command or the interface, and map errors to exit codes."""

import contextlib
import errno
import gc
import os
import sys
import termios
from collections.abc import Sequence

from drtui import __version__
from drtui.cli.exit_codes import INTERRUPTED, UNREACHABLE, USAGE, CommandError
from drtui.core.formatting.input_error import InputError
from drtui.splash import POOR_TERMINALS, Splash, show_splash

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing takes a tenth of the time to the first picture
    import argparse

    from drtui.cli.context import Context
    from drtui.session.prefetch import Prefetch
    from drtui.ui.options import Options


def program() -> int:
    """Run drtui as a process of its own; return the exit code."""
    # Start-up and lists create many objects that live to the end. Searching them for garbage took a fifth of the time
    # of a command, with a last search at the exit.
    gc.set_threshold(500_000)
    try:
        return main()
    finally:
        gc.freeze()


def main(argv: Sequence[str] | None = None) -> int:
    """Run drtui and return the exit code. Without `argv` it is the program itself, and may end the process."""
    if argv is not None:
        return _run_safely(list(argv))
    if sys.stderr is not None and not sys.stderr.isatty():  # a terminal shows something before this is loaded
        from drtui.cli.streams import tolerant_stream

        sys.stderr, _ = tolerant_stream(sys.stderr, line_buffering=True)
    return _exit_code(_run_safely(sys.argv[1:]))


def _run_safely(arguments: list[str]) -> int:
    """Run drtui and map every exception to an exit code."""
    _apply_no_color(arguments)
    try:
        _prepare_streams()
        with show_splash(arguments) as splash:
            code = _run(arguments, splash)
        sys.stdout.flush()
    except CommandError as error:
        _print_as_json(error, arguments)
        sys.stderr.writelines(f"drtui: {text}\n" for text in (*error.notes, error))
        return error.code
    except InputError as error:
        _print_as_json(error, arguments)
        sys.stderr.write(f"drtui: {error}\n")
        return USAGE
    except KeyboardInterrupt as error:
        _print_as_json(error, arguments)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of stdout has closed it (`drtui list | head`); the interpreter must not complain at the exit.
        _discard_output()
        return 0
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG, errno.EBADF}:
            return _report_crash(error, arguments)
        _discard_output()
        sys.stderr.write(f"drtui: cannot write the output: {error.strerror}\n")
        return UNREACHABLE
    except Exception as error:  # noqa: BLE001 - a bug of drtui must not look like a finding
        return _report_crash(error, arguments)
    return code


def _apply_no_color(arguments: list[str]) -> None:
    """Set `NO_COLOR` for `--no-color`, before anything is coloured."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    if "--no-color" in arguments[:end]:
        os.environ["NO_COLOR"] = "1"


def _prepare_streams() -> None:
    """Replace closed standard streams by /dev/null, and let stdout print every character."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - open until the exit
    reconfigure = getattr(sys.stdout, "reconfigure", None)  # a test may have replaced it by a simpler object
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _discard_output() -> None:
    """Redirect stdout to /dev/null, so that the rest of its buffer is discarded."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_as_json(error: BaseException, arguments: Sequence[str]) -> None:
    """Print an error as JSON to stdout, if the arguments ask for JSON."""
    from drtui.cli.failures import error_document, is_json_requested

    if is_json_requested(arguments):
        with contextlib.suppress(OSError):
            sys.stdout.write(error_document(error))
            sys.stdout.flush()


def _report_crash(error: Exception, arguments: Sequence[str]) -> int:
    """Report in one line that drtui itself failed, and save the crash report."""
    import logging

    from drtui.crash_report import EX_SOFTWARE, crash_report, error_name
    from drtui.session.local_files import write_crash_report  # the failure may have been an import

    _silence_libraries()
    _print_as_json(error, arguments)
    report = crash_report(error)
    logging.getLogger("drtui").error("drtui failed: %s", report)
    try:
        outcome = f"The report, without secrets, is in {write_crash_report(report)}"
    except OSError as unwritable:
        outcome = f"No report could be written ({unwritable.strerror}). The error came from\n{report}"
    sys.stderr.write(f"drtui: internal error: {error_name(error)}. {outcome}\n")
    return EX_SOFTWARE


def _run(arguments: list[str], splash: Splash) -> int:
    closed = getattr(sys.stdout, "name", "") == os.devnull
    if arguments == ["--version"] and not closed:
        sys.stdout.write(f"drtui {__version__}\n")
        return 0
    from drtui.cli.commands import run  # after ctrl+c is handled
    from drtui.cli.parser import COMMANDS, parser
    from drtui.cli.streams import CLOSED, run_command, run_command_to_file

    if arguments[:1] == ["check"]:
        from drtui.cli.commands.check import run as check

        _silence_libraries()
        return run_command(lambda: check(arguments), keeps_exit_code=True, is_closed=closed)
    is_command = any(word in COMMANDS for word in arguments[:1])
    if closed and not is_command:
        raise CommandError(CLOSED, UNREACHABLE)
    general_options = [word for word in arguments if word in {"-h", "--help", "--version"}]
    if is_command or general_options:
        parsed = parser(arguments[0]).parse_args(arguments if is_command else general_options)
        _silence_libraries()
        if getattr(parsed, "into", "-") != "-":
            return run_command_to_file(parsed.into, lambda: run(parsed), public=parsed.format == "prometheus")
        return run_command(lambda: run(parsed), is_closed=closed)
    from drtui.cli.first_word import parse_interface_arguments

    parsed = parse_interface_arguments(arguments)
    _silence_libraries()
    if parsed.plain:
        from drtui.cli.line_mode.loop import run as run_shell

        return run_shell(parsed)
    return _open_interface(parsed, arguments, splash)


def _silence_libraries() -> None:
    """Keep log messages of libraries off the screen."""
    import logging

    logging.lastResort = logging.NullHandler()


def _open_interface(parsed: "argparse.Namespace", words: Sequence[str], splash: Splash) -> int:
    """Open the interface."""
    from msgspec.structs import replace

    from drtui.cli.context import check_target, resolve_context, with_key_password

    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        check_target(parsed)
        raise CommandError("the interface needs a terminal. In pipes and scripts use commands; see drtui --help.")
    if os.environ.get("TERM", "") in POOR_TERMINALS:
        raise CommandError(
            "this terminal cannot move its cursor (TERM). Use --plain or a command such as drtui list, or set TERM."
        )
    _ensure_terminal_size()
    context = resolve_context(parsed)
    context = replace(context, access=with_key_password(context.access, before=splash.end))
    if context.target is not None:
        address = context.target.address if context.target.is_site and context.access.remember else None
        url, is_fetching = address.url if address else None, not context.access.offline
        splash.show_site(url, context.target.location, context.rpo, context.now, is_fetching=is_fetching)
    from drtui.session.prefetch import start_prefetch

    with start_prefetch(context.target, context.access, context.fixed_now) as prefetch:
        from drtui.ui.app import run

        return run(_options(parsed, words, context, prefetch), splash.release)


def _options(
    parsed: "argparse.Namespace", words: Sequence[str], context: "Context", prefetch: "Prefetch | None"
) -> "Options":
    """Return the options of the interface."""
    from drtui.keybindings import apply_user_keys
    from drtui.ui.options import Options

    return Options(
        target=context.target,
        access=context.access,
        command_line=context.own_access,
        now=context.fixed_now,
        zone=context.zone,
        is_zone_chosen=hasattr(parsed, "tz"),
        rpo=context.rpo_option,
        plain=context.plain,
        mouse=context.settings.mouse and not parsed.no_mouse,
        theme=parsed.theme or context.settings.theme,
        commands=apply_user_keys(context.settings.keys),
        arguments=tuple(words),
        prefetch=prefetch,
        allow_changes=parsed.allow_changes,
    )


def _ensure_terminal_size() -> None:
    """Set a size for a terminal without one (a serial line, a container): with 0x0 Textual paints without end."""
    with contextlib.suppress(OSError):
        if 0 in os.get_terminal_size(sys.stdout.fileno()):
            termios.tcsetwinsize(sys.stdout.fileno(), (24, 80))


def _exit_code(code: int) -> int:
    """Return the exit code. If threads still wait for a name server or a locked file, exit the process at once."""
    threading = sys.modules.get("threading")  # not imported means no threads
    if threading is not None and threading.active_count() > 1:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(program())
