"""`drtui monitoring`: print ready files for monitoring systems."""

import argparse
import sys

from drtui.cli.exit_codes import FINE
from drtui.output.monitoring_pack import monitoring_text


def run_monitoring(arguments: argparse.Namespace) -> int:
    """Print the file."""
    sys.stdout.write(monitoring_text(arguments.part))
    return FINE
