"""Diagnose the connection to a target step by step, with the program's own code."""

from collections.abc import AsyncIterator, Awaitable, Callable

from drtui.core.model.auth import AuthState
from drtui.core.model.diagnosis import Step, StepResult
from drtui.session.target import ConnectionOptions, Target

SignIn = Callable[[ConnectionOptions], Awaitable[ConnectionOptions | None]]
"""Asks a person for what is missing to sign in; returns completed options, or None if nobody can be asked."""


async def diagnose(
    target: Target | None,
    options: ConnectionOptions,
    *,
    auth_state: AuthState | None = None,
    sign_in: SignIn | None = None,
    now: int | None = None,
    configuration: Step | None = None,
) -> AsyncIterator[Step]:
    """Yield each step when it is done, in order: from the configuration to the versions.

    Never raises for what is wrong with the target or on the way to it: that is a step.

    Args:
        target: the site, file or scenario; None if it could not be resolved.
        options: how to connect and sign in.
        auth_state: the sign-in of a session that is open, to be used instead of a new one.
        sign_in: called once if credentials are missing when the sign-in is reached.
        now: moment that a scenario ends at, epoch ms; the present by default.
        configuration: the step of a configuration or command line that cannot be used.
    """
    del target, options, auth_state, sign_in, now  # used by the steps that follow
    yield configuration or Step("configuration", "Configuration", StepResult.UNKNOWN, "not checked yet")
