"""Diagnose a target step by step: order, time limits, and which step needs which."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from drtui.core.formatting.text import sanitize
from drtui.core.model.auth import AuthState, SignInMethod
from drtui.core.model.diagnosis import Fact, Step, StepResult
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.summary.diagnosis_steps import CONFIGURATION_ERROR, TITLES, failed, misconfigured, skipped, unknown
from drtui.core.wire.known_secrets import KnownSecrets
from drtui.session.connection import Connection
from drtui.session.doctor import local
from drtui.session.target import DEMO, ConnectionOptions, Target

if TYPE_CHECKING:
    from drtui.session.doctor.network import NetworkChecks

LOGGER = logging.getLogger("drtui")

SignIn = Callable[[ConnectionOptions], Awaitable[ConnectionOptions | None]]
"""Asks a person for what is missing to sign in; returns completed options, or None if nobody can be asked.

A NoCredentials that it raises says what to give, or why the sign-in failed.
"""

Check = Callable[[], Awaitable[Step]]

LOCAL = frozenset({"configuration", "history", "terminal", "versions"})
"""Steps that are tried whatever failed before."""

NETWORK = ("name", "proxy", "tcp", "tls", "context", "clock")
"""Steps that only a site behind a network has."""

HARMLESS = LOCAL | {"clock", "token", "account", "mode", "release", "resources"}
"""Steps whose failure does not stop the ones after them."""

GRACE = 5.0
"""Seconds beyond the limits of its requests that a step may take."""

NO_CREDENTIALS = "no user and no token for this site"
GIVE_CREDENTIALS = "Give --user NAME, --sso or --token-file FILE, or set DRTUI_TOKEN."


class NoCredentials(Exception):
    """Raised if nobody can be asked, or if a sign-in in a browser failed; the message says why and what to do.

    Args:
        message: for people.
        exit_code: that of the step.
    """

    def __init__(self, message: str, exit_code: int = CONFIGURATION_ERROR) -> None:
        self.exit_code = exit_code
        super().__init__(message)


async def diagnose(
    target: Target | None,
    options: ConnectionOptions,
    *,
    auth_state: AuthState | None = None,
    sign_in: SignIn | None = None,
    now: int | None = None,
    given: Iterable[Step] = (),
) -> AsyncIterator[Step]:
    """Yield each step when it is done, in order: from the configuration to the versions.

    Never raises for what is wrong with the target or on the way to it: that is a step.

    Args:
        target: the site, file or scenario; None if it could not be resolved.
        options: how to connect and sign in.
        auth_state: the sign-in of a session that is open, to be used instead of a new one.
        sign_in: called once if credentials are missing when the sign-in is reached.
        now: moment that a scenario ends at, epoch ms; the present by default.
        given: failed steps that are known already: a configuration or a target that cannot be used.
    """
    grant = options.grant
    if grant is not None and auth_state is None:
        auth_state = AuthState(grant.access_token, grant.expires, method=SignInMethod.SINGLE_SIGN_ON)
    # Whoever signed in revokes the tokens, not this diagnosis.
    options = replace(options, offline=False, grant=None)
    diagnosis = _Diagnosis(target, options, auth_state, sign_in, now, given)
    try:
        for name in TITLES:
            yield await diagnosis.check(name)
    finally:
        await diagnosis.close()


class _Diagnosis:
    """The state of one diagnosis; see `diagnose`."""

    def __init__(
        self,
        target: Target | None,
        options: ConnectionOptions,
        auth_state: AuthState | None,
        sign_in: SignIn | None,
        now: int | None,
        given: Iterable[Step],
    ) -> None:
        self._target, self._options, self._auth_state, self._sign_in = target, options, auth_state, sign_in
        self._now = _present() if now is None else now
        self._given = {step.name: step for step in given}
        self._secrets = KnownSecrets((options.token, options.password, options.key_password))
        self._blocker: Step | None = None
        """The failed step that the ones after it need."""
        self._connections: list[Connection] = []
        self._network: NetworkChecks | None = None
        self._checks: dict[str, Check] = {}

    async def close(self) -> None:
        """Close the connections."""
        for connection in self._connections:
            await connection.close()

    async def check(self, name: str) -> Step:
        """Return a step, without secrets: tried, or skipped because of the target or of an earlier failure."""
        step = await self._result(name)
        if step.result is StepResult.FAILED and name not in HARMLESS and self._blocker is None:
            self._blocker = step
        for connection in self._connections:
            if (auth := connection.secrets) is not None:
                self._secrets = auth
        return _without_secrets(step, self._secrets)

    async def _result(self, name: str) -> Step:
        if name in self._given:
            return self._given[name]
        reason = self._why_skipped(name)
        if reason:
            return skipped(name, reason)
        started = time.monotonic()
        limit = 4 * self._options.timeout + GRACE
        try:
            async with asyncio.timeout(limit if name != "sign-in" else None):
                step = await self._find_check(name)()
        except TimeoutError:
            step = failed(name, Failure(FailureKind.UNREACHABLE, "timeout", f"no result within {limit:g} s"))
        except Exception as error:  # noqa: BLE001 - a diagnosis must not end at the first odd machine
            from drtui.crash_report import crash_report, error_name

            LOGGER.error("%s: %s", name, crash_report(error))  # noqa: TRY400 - a traceback could show a secret
            step = unknown(
                name,
                f"could not be checked: {error_name(error)}",
                cause="A bug in drtui.",
                advice="Please report it, with the log that --log-file FILE writes.",
            )
        return replace(step, duration=round((time.monotonic() - started) * 1000))

    def _why_skipped(self, name: str) -> str:
        """Return why a step is not tried; empty if it is."""
        if name in LOCAL:
            return ""
        if self._blocker is not None:
            return f"{self._blocker.title} failed"
        if self._target is None:
            return "no site was named" if name != "target" else ""
        if name == "target":
            return ""
        if self._target.file is not None:
            return "a file is read, and no site asked"
        if self._target.scenario is not None and name in NETWORK:
            return "the simulated site runs inside drtui"
        return ""

    def _find_check(self, name: str) -> Check:
        """Return the function of a step. Network and sign-in are imported when they are reached."""
        if name in {*LOCAL, "target"}:
            return lambda: asyncio.to_thread(self._check_locally, name)
        if name == "sign-in":
            return self._check_sign_in
        if name not in self._checks:
            from drtui.session.doctor.network import NetworkChecks

            address = self._target.address if self._target is not None else None
            network = NetworkChecks(address or DEMO, self._options, self._connect(self._options), _present)
            self._network = network
            self._checks |= {step: getattr(network, f"check_{step}") for step in NETWORK}
        return self._checks[name]

    def _check_locally(self, name: str) -> Step:
        """Return a step about this machine. Blocks."""
        match name:
            case "configuration":
                return local.check_configuration()
            case "target":
                return local.check_target(self._target, self._now)
            case "history":
                return local.check_history(self._target, self._options, self._now)
            case "terminal":
                return local.check_terminal()
            case _:
                return local.check_versions()

    def _connect(self, options: ConnectionOptions) -> Connection:
        """Return a connection that sends each request once."""
        if self._target is None:
            raise AssertionError("steps of a site need a target")
        if self._connections and options is self._options:
            return self._connections[0]
        connection = Connection(self._target, options, self._now, _present, attempts=1)
        connection.resume(self._auth_state, {})
        self._connections.append(connection)
        return connection

    async def _check_sign_in(self) -> Step:
        """Ask for missing credentials, and sign in."""
        from drtui.session.doctor.site import SiteChecks

        is_simulated = self._target is not None and self._target.scenario is not None
        has_token = self._auth_state is not None and self._auth_state.token is not None
        options = self._options
        if not (is_simulated or has_token or self._options.can_sign_in):
            try:
                completed = await self._sign_in(options) if self._sign_in is not None else None
            except NoCredentials as error:
                if error.exit_code != CONFIGURATION_ERROR:
                    return replace(misconfigured("sign-in", str(error)), exit_code=error.exit_code)
                return misconfigured("sign-in", "not tried: no credentials", advice=str(error))
            if completed is None or not completed.can_sign_in:
                return misconfigured("sign-in", f"not tried: {NO_CREDENTIALS}", advice=GIVE_CREDENTIALS)
            options = completed
        self._secrets.add(options.token)
        self._secrets.add(options.password)
        challenge = self._network.challenge if self._network is not None else ""
        site = SiteChecks(
            self._connect(options), options, is_simulated=is_simulated, clock=_present, challenge=challenge
        )
        self._checks |= {
            step: getattr(site, f"check_{step}") for step in ("token", "account", "mode", "release", "resources")
        }
        return await site.check_sign_in()


def _present() -> int:
    """Return the present, epoch ms."""
    return time.time_ns() // 1_000_000


def _without_secrets(step: Step, secrets: KnownSecrets) -> Step:
    """Return a step with known secrets masked in every text, and no characters that control a terminal."""

    def clean(text: str) -> str:
        return sanitize(" ".join(secrets.hide(text).split()))

    return replace(
        step,
        summary=clean(step.summary),
        evidence=tuple(Fact(clean(fact.name), clean(fact.text)) for fact in step.evidence),
        cause=clean(step.cause),
        advice=clean(step.advice),
    )
