"""Judge what an account gets from a site: sign-in, token, privileges, mode, release, answers."""

from collections.abc import Mapping

from msgspec import Struct

from drtui.core.formatting.durations import MINUTE, SECOND, format_duration
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import format_utc
from drtui.core.model.account import ADMIN_PRIVILEGE, Account, SiteMode
from drtui.core.model.auth import SignInMethod
from drtui.core.model.diagnosis import Fact, Step
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.requests import Request
from drtui.core.model.site import Release, Site
from drtui.core.model.site_state import BACKUPS_OF
from drtui.core.summary.account_text import role_text
from drtui.core.summary.diagnosis_steps import facts, failed, ok, unknown, warning

SHORT_LIFE = 5 * MINUTE
"""Milliseconds of life that are left of a token below which it is a warning."""

SLOW = 10 * SECOND
"""Milliseconds from which on an answer is slow."""

MAX_PRIVILEGES = 12
"""Privileges that are listed as evidence."""

NEEDED = {
    "site": "the administrator API",
    "stores": "backup stores",
    "status": "the last operation",
    "settings": "settings",
    "schedules": "schedules",
    "data": "data stores",
}
"""Resources whose privileges are listed, with their names for people."""

OPTIONAL = frozenset({"account", "mode", "about", "data"})
"""Resources that a release may lack, or refuse, without harm to anything else."""

HARMLESS = frozenset({FailureKind.MISSING, FailureKind.REFUSED})
"""Kinds of failure of an optional resource that need no attention."""

ESSENTIAL = ("site", "stores", BACKUPS_OF)
"""Beginnings of the names of resources without which drtui knows no restore points."""

METHODS: dict[SignInMethod | None, str] = {
    SignInMethod.TOKEN: "a given token",
    SignInMethod.PASSWORD: "the password",
    SignInMethod.SINGLE_SIGN_ON: "single sign-on",
}

SECURITY = "Backups and stores need the privilege Security and infrastructure."
"""See docs/api.md#root."""

SCHEDULES = "Only the default administrator role reads and changes schedules."
"""See docs/api.md#schedules."""


class ResourceAnswer(Struct, frozen=True):
    """The answer of one resource to a diagnosis."""

    failure: Failure | None = None
    requests: tuple[Request, ...] = ()
    """The requests that were sent for it, sign-ins included."""

    @property
    def duration(self) -> int:
        """Milliseconds of all requests together."""
        return sum(request.duration for request in self.requests)

    @property
    def text(self) -> str:
        """Status, time and bytes of each request, and the failure."""
        sent = ", ".join(map(_request_text, self.requests))
        return f"{sent}: {self.failure.summary}" if self.failure is not None else sent


def _request_text(request: Request) -> str:
    """Return status, time and bytes of a request."""
    sign_in = "sign-in " if request.method == "POST" else ""
    return f"{sign_in}{request.status or 'no answer'} in {request.duration} ms, {request.size:,} bytes"


Answers = Mapping[str, ResourceAnswer]
"""The answers of a diagnosis by the name of the resource, in the order in which they were asked."""


def sign_in_failure(failure: Failure, *, token_given: bool, referer: str, challenge: str) -> Step:
    """Return the step of a sign-in that failed.

    Args:
        failure: the failure of the first request with a token, or of the sign-in before it.
        token_given: True if a person gave the token, so that no new one can be requested.
        referer: the referer that was sent.
        challenge: sign-in that a web tier asks for; empty if it asks for none.
    """
    evidence = facts({"referer": referer, "WWW-Authenticate": challenge})
    if failure.code == "498" and token_given:
        return failed(
            "sign-in",
            failure,
            evidence,
            summary=f"token not valid: expired, or bound to another referer than '{referer}'",
            cause="A token works only with its referer and until it expires.",
            advice="Give its referer with --referer, or get a new token.",
        )
    if failure.code == "499" and token_given:
        return failed(
            "sign-in",
            failure,
            evidence,
            summary="token was sent, but did not reach the site",
            cause="A gateway removed its header.",
            advice="Try --auth-header authorization, or have the gateway pass the header.",
        )
    return failed("sign-in", failure, evidence)


def token_step(expires: int | None, now: int, *, can_renew: bool) -> Step:
    """Return the step of the end of the token; `expires` and `now` in epoch ms."""
    if expires is None and not can_renew:
        return ok("token", "given token; the site reports an expiry only for tokens it issues itself")
    if expires is None:
        return unknown("token", "expiry of the token unknown: it contradicts this machine's clock (see Clocks)")
    left = expires - now
    evidence = facts({"ends": format_utc(expires), "renewed": "by itself" if can_renew else "only by signing in again"})
    if left < SHORT_LIFE:
        return warning(
            "token",
            f"token expires in {format_duration(max(0, left))}",
            evidence,
            cause="The site limits the lifetime of tokens.",
            advice="Ask for a longer token lifetime in the site's security settings.",
        )
    return ok("token", f"token expires in {format_duration(left)}, {format_utc(expires)}", evidence)


def account_step(account: Account | None, account_failure: Failure | None, answers: Answers) -> Step:
    """Return the step of the account: its role, and which of the needed privileges the answers prove."""
    refused = {
        name: answer.failure
        for name, answer in answers.items()
        if name not in OPTIONAL and answer.failure is not None and answer.failure.kind is FailureKind.REFUSED
    }
    who = _account_text(account)
    evidence = (*_account_facts(account, account_failure), *_privilege_facts(answers))
    essential = next((name for name in refused if name.startswith(ESSENTIAL)), None)
    if essential is not None:
        name = NEEDED.get(essential, essential)
        summary = f"{who} has no permission to read {name}"
        return failed("account", refused[essential], evidence, summary=summary, cause=SECURITY, advice=_ADVICE)
    if refused:
        names = " and ".join(NEEDED.get(name, name) for name in refused)
        needs = SCHEDULES if "schedules" in refused else SECURITY
        return warning("account", f"{who} may not read {names}", evidence, cause=needs, advice=_ADVICE)
    if account is None:
        reason = account_failure.summary if account_failure is not None else "not asked"
        return unknown("account", f"privileges suffice; role unknown: {reason}", evidence)
    if account.is_administrator is False:
        summary = f"{who} may read everything; {SCHEDULES[0].lower()}{SCHEDULES[1:]}"
        return ok("account", summary, evidence)
    return ok("account", f"{who}, may read everything", evidence)


_ADVICE = "Sign in with an administrator account, or have the privilege added to the role."


def _account_text(account: Account | None) -> str:
    if account is None:
        return "the account"
    return f"{account.user} ({role_text(account)})" if account.role else account.user


def _account_facts(account: Account | None, failure: Failure | None) -> tuple[Fact, ...]:
    """Return the evidence about user, role and privileges."""
    if account is None:
        return facts({"account": failure.summary if failure is not None else "not asked"})
    admin = [name for name in account.privileges if name.startswith(ADMIN_PRIVILEGE)]
    listed = ", ".join(admin[:MAX_PRIVILEGES]) + (" ..." if len(admin) > MAX_PRIVILEGES else "")
    return facts(
        {
            "user": account.user,
            "role": role_text(account),
            "privileges": plural(len(account.privileges), "privilege", "privileges"),
            "administrative": listed or "none",
        }
    )


def _privilege_facts(answers: Answers) -> tuple[Fact, ...]:
    """Return which resources the site let the account read."""

    def access(name: str) -> str:
        failure = answers[name].failure
        if failure is None:
            return "allowed"
        return "refused" if failure.kind is FailureKind.REFUSED else f"unknown ({failure.summary})"

    return tuple(Fact(NEEDED[name], access(name)) for name in NEEDED if name in answers)


def mode_step(mode: SiteMode | None, failure: Failure | None) -> Step:
    """Return the step of the mode of the site."""
    if mode is None:
        if failure is not None and failure.kind is FailureKind.MISSING:
            return ok("mode", "this release reports no read-only mode")
        reason = failure.summary if failure is not None else "not asked"
        return unknown("mode", f"read-only mode unknown: {reason}")
    if mode.is_read_only:
        message = f": {mode.message}" if mode.message else ""
        return warning(
            "mode",
            f"the site is in read-only mode{message}",
            cause="Sites are read-only during updates and upgrades.",
            advice="Wait until it ends: the site refuses changes, and scheduled backups may fail.",
        )
    return ok("mode", "the site accepts changes")


def release_step(site: Site | None, failure: Failure | None, *, old_layout: bool | None) -> Step:
    """Return the step of release and layout."""
    layout = {True: "10.9 (one list of backups)", False: "10.9.1 and later (stores)", None: "unknown"}[old_layout]
    release: Release | None = site.release if site is not None else None
    evidence = facts({"release": release, "layout": layout, "resources": len(site.resources) if site else None})
    if release is None:
        reason = failure.summary if failure is not None else "not reported by the site"
        return unknown(
            "release",
            f"release unknown: {reason}",
            evidence,
            advice="Verdicts that depend on the release are unknown.",
        )
    return ok("release", f"{release}, layout of {layout}", evidence)


def resources_step(answers: Answers) -> Step:
    """Return the step of all resources: answer, time and bytes of each."""
    evidence = tuple(Fact(name, answer.text) for name, answer in answers.items())
    failures = {
        name: answer.failure
        for name, answer in answers.items()
        if answer.failure is not None and not (name in OPTIONAL and answer.failure.kind in HARMLESS)
    }
    essential = next((name for name in failures if name.startswith(ESSENTIAL)), None)
    if essential is not None:
        return failed("resources", failures[essential], evidence)
    total = plural(len(answers), "resource", "resources")
    if failures:
        name, failure = next(iter(failures.items()))
        return warning(
            "resources",
            f"{len(failures)} of {total} cannot be read; {name}: {failure.summary}",
            evidence,
            cause=failure.cause,
            advice=failure.advice,
        )
    slowest = max(answers, key=lambda name: answers[name].duration)
    duration = answers[slowest].duration
    size = sum(request.size for answer in answers.values() for request in answer.requests)
    if duration >= SLOW:
        return warning(
            "resources",
            f"{slowest} took {duration / SECOND:.0f} s",
            evidence,
            cause="The site is overloaded or the network is slow.",
            advice="Use a longer --timeout, and check the load of the site.",
        )
    return ok("resources", f"{total} read, {size:,} bytes; slowest: {slowest}, {duration} ms", evidence)
