"""Advice for a command line that names no command, or not in the first place."""

import argparse
import re
from collections.abc import Sequence

from drtui.cli.exit_codes import CommandError
from drtui.cli.parser import COMMANDS


def parse_interface_arguments(words: Sequence[str]) -> argparse.Namespace:
    """Return the arguments of the interface.

    Raises:
        CommandError: they cannot be parsed; the message names the command that was probably meant.
    """
    from drtui.cli.parser import interface_parser

    try:
        return interface_parser().parse_args(list(words))
    except CommandError as error:
        advice = _command_advice(words)
        raise CommandError(advice) if advice else error from None


def _command_advice(words: Sequence[str]) -> str:
    """Return the error for a mistyped command, or for one that is not the first word; empty if there is none."""
    from difflib import get_close_matches

    end = words.index("--") if "--" in words else len(words)
    late = next((word for word in words[:end] if word in COMMANDS), "")
    if late:
        return f"The command comes first: drtui {late}. See drtui {late} --help."
    first = words[0] if words else ""
    if not re.fullmatch(r"[\w-]+", first) or first.startswith("-"):
        return ""
    near = get_close_matches(first.lower(), COMMANDS, n=1)
    return f"Unknown command {first!r}. Did you mean {near[0]}? See drtui --help." if near else ""
