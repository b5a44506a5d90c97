"""Steps that need a sign-in: token, account, mode, release, and the answer of each resource."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from drtui.api import probes
from drtui.api.client import AdminApi
from drtui.api.errors import ApiError
from drtui.core.model.account import Account, SiteMode
from drtui.core.model.auth import SignInMethod
from drtui.core.model.diagnosis import Step
from drtui.core.model.failure import Failure
from drtui.core.model.site import Site
from drtui.core.model.site_state import BACKUPS_OF
from drtui.core.summary import access_steps as judge
from drtui.core.summary.access_steps import ResourceAnswer
from drtui.core.summary.diagnosis_steps import facts, ok
from drtui.session.connection import Connection
from drtui.session.target import ConnectionOptions

T = TypeVar("T")


class SiteChecks:
    """The steps that need a sign-in, in order. Each resource is asked once.

    Args:
        connection: the connection to the site.
        options: how to sign in.
        is_simulated: True for a scenario, which has an account of its own.
        clock: returns the present, epoch ms.
        challenge: sign-in that a web tier asks for; empty if it asks for none.
    """

    def __init__(
        self,
        connection: Connection,
        options: ConnectionOptions,
        *,
        is_simulated: bool,
        clock: Callable[[], int],
        challenge: str,
    ) -> None:
        self._connection, self._options, self._clock = connection, options, clock
        self._is_simulated, self._challenge = is_simulated, challenge
        self._answers: dict[str, ResourceAnswer] = {}
        self._site: Site | None = None
        self._account: Account | None = None
        self._mode: SiteMode | None = None
        self._is_asked = False

    async def check_sign_in(self) -> Step:
        """Sign in and fetch the root of the API, the cheapest request that proves a token."""
        try:
            api = await self._connection.open()
        except ApiError as error:
            return judge.sign_in_failure(error.failure, token_given=False, referer="", challenge="")
        with api.refreshing(2 * self._options.timeout):
            self._site = await self._ask("site", api.site)
        failure, method = self._answers["site"].failure, api.auth_state.method
        if failure is not None and not probes.is_privilege_failure(failure):
            return judge.sign_in_failure(
                failure,
                token_given=method is SignInMethod.TOKEN,
                referer=self._options.referer,
                challenge=self._challenge,
            )
        how = judge.METHODS.get(method, "no credentials")
        if self._is_simulated:
            how = "the account of the simulated site"
        elif method is SignInMethod.PASSWORD:
            how = f"{how} of {self._options.user}"
        return ok("sign-in", f"signed in with {how}", facts({"with": how, "referer": self._options.referer}))

    async def check_token(self) -> Step:
        """Judge the end of the token."""
        state = (await self._connection.open()).auth_state
        is_given = state.method in {None, SignInMethod.TOKEN}
        return judge.token_step(state.expires, self._clock(), can_renew=not is_given)

    async def check_account(self) -> Step:
        """Ask every resource, and judge what the account may read."""
        await self._ask_all()
        return judge.account_step(self._account, self._failure("account"), self._answers)

    async def check_mode(self) -> Step:
        """Judge whether the site accepts changes."""
        await self._ask_all()
        return judge.mode_step(self._mode, self._failure("mode"))

    async def check_release(self) -> Step:
        """Judge release and layout."""
        await self._ask_all()
        return judge.release_step(
            self._site, self._failure("site"), old_layout=(await self._connection.open()).old_layout
        )

    async def check_resources(self) -> Step:
        """Judge answer, time and bytes of each resource."""
        await self._ask_all()
        return judge.resources_step(self._answers)

    def _failure(self, name: str) -> Failure | None:
        return self._answers[name].failure if name in self._answers else None

    async def _ask_all(self) -> None:
        """Ask each resource once, one after the other, so that times do not disturb each other."""
        if self._is_asked:
            return
        self._is_asked = True
        api = await self._connection.open()
        with api.refreshing(2 * self._options.timeout):
            self._account = await self._ask("account", api.account)
            self._mode = await self._ask("mode", api.mode)
            await self._ask("status", api.status)
            stores = await self._ask("stores", api.stores)
            for store in stores or ():
                await self._ask_backups(api, store.name)
            await self._ask("settings", api.settings)
            await self._ask("schedules", api.schedules)
            await self._ask("about", api.about)
            await self._ask("data", api.data_stores)

    async def _ask_backups(self, api: AdminApi, store: str) -> None:
        """Ask for the backups of one store."""
        await self._ask(BACKUPS_OF + store, lambda: api.backups(store))

    async def _ask(self, name: str, fetch: Callable[[], Awaitable[T]]) -> T | None:
        """Ask a resource, and note its requests and its failure; return its value, None if it failed."""
        requests, value, failure = self._connection.requests, None, None
        requests.clear()
        try:
            value = await fetch()
        except ApiError as error:
            failure = error.failure
        self._answers[name] = ResourceAnswer(failure, tuple(requests))
        return value
