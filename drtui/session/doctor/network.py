"""Steps on the way to a site: host name, proxy, connection, TLS, context path, clocks. They send no token."""

from collections.abc import Callable

from msgspec.structs import replace

from drtui.api import probes, tls
from drtui.api.errors import ApiError, RequestInfo
from drtui.core.model.address import Address
from drtui.core.model.config import SettingsError
from drtui.core.model.connection_facts import FirstAnswer
from drtui.core.model.diagnosis import Step
from drtui.core.model.failure import FailureKind
from drtui.core.summary import connection_steps as judge
from drtui.core.summary.diagnosis_steps import facts, failed, misconfigured, skipped
from drtui.session.connection import Connection
from drtui.session.target import ConnectionOptions

OTHER_CONTEXTS = ("arcgis", "enterprise")
"""Context paths of most sites, tried if the given one has no site."""


class NetworkChecks:
    """The steps on the way to one site, in order; each needs the one before it to have worked.

    Args:
        address: the site.
        options: how to connect.
        connection: the connection of the steps that follow, opened here.
        clock: returns the present, epoch ms.
    """

    def __init__(
        self, address: Address, options: ConnectionOptions, connection: Connection, clock: Callable[[], int]
    ) -> None:
        self._address, self._options, self._connection, self._clock = address, options, connection, clock
        self._host, self._port = "", 0
        self._request = RequestInfo(address.admin_url, address.host)
        self._addresses: tuple[str, ...] = ()
        self._answer: FirstAnswer | None = None

    @property
    def challenge(self) -> str:
        """Sign-in that a web tier asks for; empty if it asks for none, or if nothing was asked yet."""
        return self._answer.challenge if self._answer is not None else ""

    async def check_name(self) -> Step:
        """Look up the host name of the site, or of the proxy in front of it."""
        try:
            self._host, self._port, self._request, _ = probes.first_hop(self._address)
        except SettingsError:
            return skipped("name", "the variable of the proxy cannot be read, see Proxy")
        try:
            self._addresses = await probes.look_up(self._host, self._port, self._request, self._options.timeout)
        except ApiError as error:
            evidence = facts({"name": self._host, "proxy": self._request.proxy})
            return failed("name", error.failure, evidence)
        return judge.name_step(self._host, self._addresses, self._request.proxy)

    async def check_proxy(self) -> Step:
        """Find the proxy; if one is used, connect to it and through it."""
        try:
            choice = probes.first_hop(self._address).proxy
        except SettingsError as error:
            return misconfigured("proxy", str(error), advice="Correct the variable, or add the site to NO_PROXY.")
        step = judge.proxy_step(choice)
        if not choice.host:
            return step
        attempts = await probes.connect(self._addresses, self._port, self._request, self._options.timeout)
        if all(attempt.failure is not None for attempt in attempts):
            connection = judge.tcp_step(self._host, self._port, attempts, choice.host)
            return replace(connection, name=step.name, title=step.title, evidence=step.evidence + connection.evidence)
        failure = (await self._first_answer()).failure
        if failure is not None and failure.code == "proxy":
            return failed("proxy", failure, step.evidence)
        return step

    async def check_tcp(self) -> Step:
        """Open a connection to each address."""
        attempts = await probes.connect(self._addresses, self._port, self._request, self._options.timeout)
        return judge.tcp_step(self._host, self._port, attempts, self._request.proxy)

    async def check_tls(self) -> Step:
        """Shake hands as every request does, and look at the certificate."""
        if self._address.scheme == "http":
            return judge.NOT_ENCRYPTED
        answer = await self._first_answer()
        stores = () if self._options.insecure else tls.trust_stores(self._options.ca_file)
        if answer.failure is not None and judge.is_tls_failure(answer.failure):
            evidence = facts({"trusted": "; ".join(stores), "client certificate": self._options.cert})
            if not self._request.proxy:
                presented = await probes.presented_certificate(self._address, self._options.timeout)
                evidence = (*judge.certificate_facts(presented), *evidence)
            return judge.tls_failure(answer.failure, evidence)
        if answer.tls is None:
            return skipped("tls", "no answer to judge it by, see Context path")
        step = judge.tls_step(answer.tls, stores, self._clock(), insecure=self._options.insecure)
        return replace(step, evidence=(*step.evidence, *facts({"client certificate": self._options.cert})))

    async def check_context(self) -> Step:
        """Judge what answers at the address, without a token."""
        answer = await self._first_answer()
        is_gateway = answer.failure is not None and probes.is_gateway_failure(answer.failure)
        elsewhere = ""
        if answer.failure is not None and answer.failure.kind is FailureKind.MISSING:
            elsewhere = await self._find_other_context()
        return judge.context_step(self._address.admin_url, answer, gateway=is_gateway, elsewhere=elsewhere)

    async def check_clock(self) -> Step:
        """Compare the clocks by the date of the first answer."""
        return judge.clock_step((await self._first_answer()).sample, self._clock())

    async def _first_answer(self) -> FirstAnswer:
        """Return the answer to the first request; it is sent once."""
        if self._answer is None:
            try:
                api = await self._connection.open()
            except ApiError as error:
                self._answer = FirstAnswer(error.failure)
            else:
                self._answer = await probes.ask_without_token(api.transport, self._address.admin_url)
        return self._answer

    async def _find_other_context(self) -> str:
        """Return the address of a site under another context path of the same host; empty if there is none."""
        transport = (await self._connection.open()).transport
        for context in OTHER_CONTEXTS:
            other = replace(self._address, context=context)
            if other != self._address:
                answer = await probes.ask_without_token(transport, other.admin_url)
                if answer.failure is None:
                    return other.url
        return ""
