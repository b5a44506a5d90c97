"""`drtui paths` and `drtui keys`: the files and keys of drtui."""

import argparse
import sys

from drtui.cli.exit_codes import FINE
from drtui.keybindings import apply_user_keys, key_table
from drtui.session.profiles import load_config


def run_paths(_: argparse.Namespace) -> int:
    """Print the files and folders of drtui."""
    from drtui.session.local_files import all_paths

    for name, path in all_paths().items():
        sys.stdout.write(f"{name:<8}{path}\n")
    return FINE


def run_keys(_: argparse.Namespace) -> int:
    """Print the keys of the interface.

    Raises:
        SettingsError: the configuration cannot be used.
        KeysError: its keys cannot be used.
    """
    group = ""
    for heading, keys, meaning in key_table(apply_user_keys(load_config().keys)):
        if heading != group:
            sys.stdout.write(f"{heading}\n")
            group = heading
        sys.stdout.write(f"  {keys:<20}{meaning}\n")
    return FINE
