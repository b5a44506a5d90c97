"""The commands, one module for each family: `answer_…` for a command about one site, `run_…` for any other."""

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from drtui.cli.messages import set_quiet
from drtui.cli.parser import COMMANDS

if TYPE_CHECKING:
    from drtui.cli.loading import Site
    from drtui.cli.output import Answer


def run(arguments: argparse.Namespace) -> int:
    """Run a command and return its exit code.

    Raises:
        CommandError: the command failed.
    """
    command = COMMANDS[arguments.command]
    set_quiet(arguments.quiet)
    if not command.formats:
        return int(_function("run", arguments.command)(arguments))
    if getattr(arguments, "watch", None) is not None:
        from drtui.cli.watch.loop import run_watch

        return run_watch(arguments, command.extras)
    from drtui.cli.context import resolve_context
    from drtui.cli.loading import Site
    from drtui.cli.output import print_answer

    site = Site(resolve_context(arguments), extras=command.extras)
    answer = answer_site_command(site, arguments)
    context, assessment, _ = site.load()
    return print_answer(answer, context, assessment, arguments.format)


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
