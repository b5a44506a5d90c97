"""`drtui paths` and `drtui keys`: the files and keys of drtui."""

import argparse
import sys
from collections.abc import Callable
from typing import TypeVar

from drtui.cli.exit_codes import FINE, CommandError
from drtui.core.model.config import SettingsError
from drtui.keybindings import KeysError, apply_user_keys, key_table
from drtui.session.profiles import load_config

T = TypeVar("T")


def run(arguments: argparse.Namespace) -> int:
    """Run a command and return its exit code.

    Raises:
        CommandError: the command failed.
    """
    return COMMANDS[arguments.command](arguments)


def _paths(_: argparse.Namespace) -> int:
    from drtui.session.local_files import all_paths

    for name, path in all_paths().items():
        sys.stdout.write(f"{name:<8}{path}\n")
    return FINE


def _keys(_: argparse.Namespace) -> int:
    group = ""
    try:
        commands = apply_user_keys(load_config().keys)
    except (SettingsError, KeysError) as error:
        raise CommandError(str(error)) from error
    for heading, keys, meaning in key_table(commands):
        if heading != group:
            sys.stdout.write(f"{heading}\n")
            group = heading
        sys.stdout.write(f"  {keys:<20}{meaning}\n")
    return FINE


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "paths": _paths,
    "keys": _keys,
}
