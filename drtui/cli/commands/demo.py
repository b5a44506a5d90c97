"""`drtui demo`: list the scenarios, or serve the simulated site over HTTP."""

import argparse
import sys

from drtui.cli.exit_codes import FINE, CommandError
from drtui.cli.timezone import local_zone
from drtui.core.formatting.times import parse_time
from drtui.demo.faults import parse_fault
from drtui.demo.scenarios import PASSCODE, SCENARIOS


def run_demo(arguments: argparse.Namespace) -> int:
    """Run `demo list` or `demo serve`."""
    if arguments.demo_command == "list":
        for name, summary in SCENARIOS.items():
            sys.stdout.write(f"{name:<14}{summary}\n")
        return FINE
    return _serve(arguments)


def _serve(arguments: argparse.Namespace) -> int:
    """Serve a scenario until interrupted."""
    try:
        from drtui.demo.members import account_lines
        from drtui.demo.server import Served, serve
    except ModuleNotFoundError as error:
        raise CommandError(
            f"'demo serve' needs {error.name}, which is not installed. Install it: python -m pip install 'drtui[serve]'"
        ) from error

    def ready(where: Served) -> None:
        sys.stdout.write(f"{where.url}\n")
        for name, path in (("ca-file", where.ca_file), ("cert", where.cert), ("key", where.key)):
            if path is not None:
                sys.stdout.write(f"{name} {path}\n")
        sys.stdout.flush()
        if arguments.quiet:
            return
        sys.stderr.write(
            f"drtui: passcode of the backups {PASSCODE}; stop with ctrl+c. Accounts (user, password, kind):\n"
        )
        sys.stderr.write("".join(f"  {line}\n" for line in account_lines()))

    try:
        now = parse_time(arguments.now, local_zone()) if hasattr(arguments, "now") else None
        faults = parse_fault(arguments.fault)
        serve(
            arguments.scenario,
            port=arguments.port,
            tls=arguments.tls,
            client_certificate=arguments.client_certificate,
            now=now,
            faults=faults,
            ready=ready,
        )
    except OSError as error:
        raise CommandError(f"Cannot use port {arguments.port}: {error.strerror}") from error
    return FINE
