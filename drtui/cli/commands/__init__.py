"""The commands, one module for each family: `answer_…` for a command about one site, `run_…` for any other."""

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from drtui.cli.parser import COMMANDS

if TYPE_CHECKING:
    from drtui.cli.loading import Site
    from drtui.cli.output import Answer


def run(arguments: argparse.Namespace) -> int:
    """Run a command and return its exit code.

    Raises:
        CommandError: the command failed.
    """
    if COMMANDS[arguments.command].formats:
        from drtui.cli.loading import run_site_command

        return run_site_command(arguments, answer_site_command)
    return int(_function("run", arguments.command)(arguments))


def answer_site_command(site: "Site", arguments: argparse.Namespace) -> "Answer":
    """Return the answer of a command about one site.

    Raises:
        CommandError: the command failed.
    """
    answer: Answer = _function("answer", arguments.command)(site, arguments)
    return answer


def _function(verb: str, command: str) -> Callable[..., Any]:
    """Return a function of a command; only the module of that command is imported."""
    function: Callable[..., Any] = getattr(import_module(f"{__name__}.{COMMANDS[command].module}"), f"{verb}_{command}")
    return function
