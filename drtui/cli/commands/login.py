"""`drtui login`: sign in in a browser, and print the access token to a pipe."""

import argparse
import sys

from drtui.cli.context import resolve_context, sign_in_options
from drtui.cli.exit_codes import FINE, CommandError
from drtui.cli.messages import print_hint
from drtui.core.formatting.times import format_full

EXAMPLE = "export DRTUI_TOKEN=$(drtui login {target})"


def run_login(arguments: argparse.Namespace) -> int:
    """Print an access token. The refresh token is forgotten, and nothing is revoked.

    Raises:
        CommandError: stdout is a terminal, there is no site to sign in to, or the sign-in failed.
    """
    if sys.stdout.isatty():
        example = EXAMPLE.format(target=arguments.target or "prod")
        raise CommandError(f"The token would be shown on the screen. Write {example}")
    arguments.sso = True
    context = resolve_context(arguments)
    for option in ("offline", "now"):
        if hasattr(arguments, option):
            raise CommandError(f"--{option} is about saved data or another moment; login asks the site.")
    if context.target is not None and not context.target.is_site:
        raise CommandError("login needs a site: a file or a simulated site has no sign-in.")
    target, access = sign_in_options(context)
    grant = access.grant
    if grant is None:
        raise AssertionError("a finished single sign-on has tokens")
    sys.stdout.write(f"{grant.access_token.reveal()}\n")
    end = f"until {format_full(grant.expires, context.zone)}" if grant.expires is not None else "for an unknown time"
    print_hint(f"Signed in to {target.location} as {grant.user or 'an unknown user'}. The token is good {end}.")
    return FINE
