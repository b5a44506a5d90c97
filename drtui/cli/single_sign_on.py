"""Sign in by single sign-on for a command: show the address, read the code, exchange it."""

import os
import sys

from drtui.cli.exit_codes import REFUSED, UNREACHABLE, USAGE, CommandError
from drtui.cli.progress import POOR_TERMINALS
from drtui.cli.prompts import accept_any_bytes, ask_hidden
from drtui.core.model.auth import OAuthGrant
from drtui.core.model.failure import FailureKind
from drtui.core.wire.oauth import MAX_CODE
from drtui.session import ConnectionOptions, Target, runner
from drtui.session.single_sign_on import SingleSignOn

INSTRUCTIONS = """\
To sign in to {site}, open this address in a browser on any machine:

{link}

After the sign-in the browser shows a code. Paste it here, or the page's address.
If it shows an error instead, paste that.
"""

UNHIDDEN = "The code cannot be entered without echo here. Give --code-file -."

MAX_LINE = 4 * MAX_CODE
"""Limit for a pasted line, characters: the address of a page with a code, percent-encoded."""


def sign_in_in_browser(target: Target, access: ConnectionOptions, *, reads_code: bool) -> OAuthGrant:
    """Show the address of a single sign-on on stderr, read the code and return the tokens.

    Args:
        target: the site.
        access: how to connect, with the client id.
        reads_code: True to read the code from standard input; else it is typed on the terminal without echo.

    Raises:
        CommandError: there is no client id or no terminal, or the sign-in failed.
    """
    from drtui.api.errors import ApiError

    try:
        sign_on = SingleSignOn(target, access)
    except ApiError as error:
        raise CommandError(error.failure.line, USAGE, failures=[(None, error.failure)]) from None
    if not reads_code and not sys.stdin.isatty():
        raise CommandError("No terminal to type the code of the sign-in. Give --code-file -, or a token instead.")
    sys.stderr.write(INSTRUCTIONS.format(site=target.location, link=_link(sign_on.url)))
    sys.stderr.flush()
    accept_any_bytes()
    pasted = sys.stdin.readline(MAX_LINE) if reads_code else ask_hidden("Code (it is not shown): ", UNHIDDEN)
    try:
        return runner.run(sign_on.finish(pasted))
    except ApiError as error:
        failure = error.failure
    code = REFUSED if failure.kind is FailureKind.REFUSED else UNREACHABLE
    raise CommandError(failure.line, code, failures=[(None, failure)])


def _link(url: str) -> str:
    """Return an address, as a link (OSC 8) where stderr is a terminal that ignores unknown sequences."""
    if not sys.stderr.isatty() or os.environ.get("TERM", "") in POOR_TERMINALS:
        return url
    return f"\x1b]8;;{url}\x1b\\{url}\x1b]8;;\x1b\\"
