"""Steps of a diagnosis, judged from what was observed."""

import pytest

from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.model.account import Account, SiteMode
from drtui.core.model.config_check import Finding
from drtui.core.model.connection_facts import Attempt, Certificate, FirstAnswer, ProxyChoice, TlsFacts
from drtui.core.model.diagnosis import Step, StepResult
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.requests import Request
from drtui.core.model.site import Release, Site
from drtui.core.model.site_clock import ClockSample
from drtui.core.summary import access_steps, connection_steps, local_steps
from drtui.core.summary.access_steps import ResourceAnswer
from drtui.core.summary.local_steps import ConfigurationFile, TerminalFacts
from tests.conftest import NOW

OK, WARNING, FAILED, UNKNOWN = StepResult.OK, StepResult.WARNING, StepResult.FAILED, StepResult.UNKNOWN
REFUSED_READ = Failure(FailureKind.REFUSED, "403", "this account has no permission to read this")
CLOSED = Failure(FailureKind.UNREACHABLE, "connection-refused", "h refused the connection")
NO_ROUTE = Failure(FailureKind.UNREACHABLE, "no-route", "no route to h")
LATE = Failure(FailureKind.UNREACHABLE, "timeout", "h did not answer in time")
MISSING = Failure(FailureKind.MISSING, "404", "nothing found at this address")
INVALID = Failure(FailureKind.REFUSED, "498", "the token is not valid")
ABSENT = Failure(FailureKind.REFUSED, "499", "the site requires a token")


def evidence(step: Step) -> dict[str, str]:
    return {fact.name: fact.text for fact in step.evidence}


@pytest.mark.parametrize(
    ("attempts", "result", "words"),
    [
        ((Attempt("10.0.0.1", 3),), OK, "port 443 of h is open (3 ms)"),
        ((Attempt("10.0.0.1", 3, CLOSED), Attempt("10.0.0.2", 4)), WARNING, "1 address of h cannot be reached"),
        ((Attempt("::1", 3, NO_ROUTE), Attempt("10.0.0.2", 4)), OK, "port 443 of h is open (4 ms)"),
        ((Attempt("10.0.0.1", 3, CLOSED), Attempt("10.0.0.2", 4, NO_ROUTE)), FAILED, "h refused the connection"),
    ],
)
def test_tcp_step_tells_part_from_whole_when_addresses_differ(
    attempts: tuple[Attempt, ...], result: StepResult, words: str
) -> None:
    step = connection_steps.tcp_step("h", 443, attempts, "")
    assert (step.result, step.exit_code) == (result, 3 if result is FAILED else 0)
    assert words in step.summary
    assert list(evidence(step)) == [attempt.address for attempt in attempts]


@pytest.mark.parametrize(
    ("ends", "insecure", "result", "words"),
    [
        (NOW + 400 * DAY, False, OK, "certificate of City Works valid until 2027-"),
        (NOW + 5 * DAY, False, WARNING, "in 5 d"),
        (NOW + 400 * DAY, True, WARNING, "not verified (--insecure)"),
    ],
)
def test_tls_step_warns_when_certificate_ends_or_is_not_verified(
    ends: int, insecure: bool, result: StepResult, words: str
) -> None:
    certificate = Certificate("gis", "City Works", ("gis.example.com",), NOW - DAY, ends)
    step = connection_steps.tls_step(TlsFacts("TLSv1.3", "X", certificate), ("/store",), NOW, insecure=insecure)
    assert step.result is result
    assert words in step.summary
    assert evidence(step)["issuer"] == "City Works"
    assert evidence(step)["trusted"] == "/store"


def test_tls_failure_names_the_client_certificate_when_only_the_cause_does() -> None:
    failure = Failure(FailureKind.UNREACHABLE, "client-cert", "h closed", cause="Probably a client certificate.")
    assert connection_steps.tls_failure(failure, ()).summary == "h closed; it may require a client certificate"


@pytest.mark.parametrize(
    ("ahead", "result", "words"),
    [
        (0, OK, "agree"),
        (60_000, OK, "agree"),
        (3 * HOUR, WARNING, "This machine's clock is 3 h behind the site's"),
        (-5 * MINUTE, WARNING, "This machine's clock is 5 min ahead of the site's"),
        (None, UNKNOWN, "have no date"),
    ],
)
def test_clock_step_names_the_difference_when_it_matters(ahead: int | None, result: StepResult, words: str) -> None:
    sample = None if ahead is None else ClockSample(NOW + ahead - 500, NOW, NOW)
    step = connection_steps.clock_step(sample, NOW)
    assert step.result is result
    assert words in step.summary


@pytest.mark.parametrize(
    ("answer", "gateway", "elsewhere", "result", "words", "advice"),
    [
        (FirstAnswer(status=200, asks_for_token=True), False, "", OK, "asks for a token", ""),
        (FirstAnswer(status=200), False, "", OK, "answers without a token", ""),
        (FirstAnswer(MISSING, 404), False, "https://h/b", FAILED, "nothing found", "Use https://h/b: a site"),
        (
            FirstAnswer(REFUSED_READ, 401, challenge="Basic"),
            True,
            "",
            UNKNOWN,
            "web tier in front of the site answers 401",
            "next step",
        ),
        (FirstAnswer(LATE), False, "", FAILED, "did not answer in time", ""),
    ],
)
def test_context_step_tells_a_site_from_others_when_something_answers(
    answer: FirstAnswer, gateway: bool, elsewhere: str, result: StepResult, words: str, advice: str
) -> None:
    step = connection_steps.context_step("https://h/a/admin", answer, gateway=gateway, elsewhere=elsewhere)
    assert step.result is result
    assert words in step.summary
    assert advice in step.advice


def test_proxy_step_says_why_when_one_or_none_is_used() -> None:
    used = connection_steps.proxy_step(ProxyChoice("proxy:3128", "HTTPS_PROXY is set"))
    assert used.summary == "proxy proxy:3128: HTTPS_PROXY is set"
    assert connection_steps.proxy_step(ProxyChoice("", "it is not set")).summary == "no proxy: it is not set"


@pytest.mark.parametrize(
    ("failure", "given", "words", "advice"),
    [
        (INVALID, True, "bound to another referer than 'drtui'", "--referer"),
        (INVALID, False, "the token is not valid", ""),
        (ABSENT, True, "did not reach the site", "--auth-header"),
    ],
)
def test_sign_in_failure_names_the_cause_when_a_token_is_refused(
    failure: Failure, given: bool, words: str, advice: str
) -> None:
    step = access_steps.sign_in_failure(failure, token_given=given, referer="drtui", challenge="")
    assert (step.result, step.exit_code) == (FAILED, 4)
    assert words in step.summary
    assert advice in step.advice


@pytest.mark.parametrize(
    ("expires", "can_renew", "result", "words"),
    [
        (NOW + HOUR, True, OK, "expires in 1 h"),
        (NOW + MINUTE, True, WARNING, "expires in 60 s"),
        (None, False, OK, "given"),
        (None, True, UNKNOWN, "contradicts"),
    ],
)
def test_token_step_tells_the_end_when_it_is_known(
    expires: int | None, can_renew: bool, result: StepResult, words: str
) -> None:
    step = access_steps.token_step(expires, NOW, can_renew=can_renew)
    assert step.result is result
    assert words in step.summary


ADMIN, VIEWER = Account("anna", "org_admin", ("portal:admin:x",)), Account("vera", "org_user", ("portal:user:y",))
READ = ResourceAnswer()


@pytest.mark.parametrize(
    ("account", "answers", "result", "words"),
    [
        (ADMIN, {"site": READ, "stores": READ}, OK, "anna (default administrator), may read everything"),
        (VIEWER, {"site": READ, "stores": READ}, OK, "only the default administrator role"),
        (VIEWER, {"site": READ, "schedules": ResourceAnswer(REFUSED_READ)}, WARNING, "may not read schedules"),
        (VIEWER, {"stores": ResourceAnswer(REFUSED_READ)}, FAILED, "vera (user) has no permission to read backup"),
        (None, {"backups of a": ResourceAnswer(REFUSED_READ)}, FAILED, "the account has no permission to read backups"),
        (VIEWER, {"site": READ, "data": ResourceAnswer(REFUSED_READ)}, OK, "may read everything"),
        (None, {"site": READ}, UNKNOWN, "role unknown"),
    ],
)
def test_account_step_judges_by_answers_when_roles_say_little(
    account: Account | None, answers: dict[str, ResourceAnswer], result: StepResult, words: str
) -> None:
    step = access_steps.account_step(account, None, answers)
    assert (step.result, step.exit_code) == (result, 4 if result is FAILED else 0)
    assert words in step.summary


@pytest.mark.parametrize(
    ("mode", "failure", "result", "words"),
    [
        (SiteMode(is_read_only=False), None, OK, "accepts changes"),
        (SiteMode(is_read_only=True, message="Upgrading"), None, WARNING, "read-only mode: Upgrading"),
        (None, MISSING, OK, "no read-only mode"),
        (None, REFUSED_READ, UNKNOWN, "unknown: this account"),
    ],
)
def test_mode_step_warns_when_the_site_is_read_only(
    mode: SiteMode | None, failure: Failure | None, result: StepResult, words: str
) -> None:
    step = access_steps.mode_step(mode, failure)
    assert step.result is result
    assert words in step.summary


def test_release_step_names_the_layout_when_the_release_is_known() -> None:
    site = Site(Release.parse("11.4.0"))
    assert access_steps.release_step(site, None, old_layout=False).summary.startswith("11.4.0, layout of 10.9.1")
    assert access_steps.release_step(None, LATE, old_layout=None).result is UNKNOWN


@pytest.mark.parametrize(
    ("answers", "result", "words"),
    [
        ({"site": READ, "stores": READ}, OK, "2 resources read"),
        ({"site": READ, "settings": ResourceAnswer(LATE)}, WARNING, "1 of 2 resources cannot be read; settings"),
        ({"site": READ, "backups of a": ResourceAnswer(LATE)}, FAILED, "did not answer in time"),
        (
            {"site": READ, "about": ResourceAnswer(MISSING), "data": ResourceAnswer(REFUSED_READ)},
            OK,
            "3 resources read",
        ),
        ({"site": READ, "mode": ResourceAnswer(LATE)}, WARNING, "mode: h did not answer"),
        ({"site": ResourceAnswer(None, (Request("GET", "u", 200, 12_000, 5, NOW),))}, WARNING, "site took 12 s"),
    ],
)
def test_resources_step_fails_when_restore_points_are_unknown(
    answers: dict[str, ResourceAnswer], result: StepResult, words: str
) -> None:
    step = access_steps.resources_step(answers)
    assert step.result is result
    assert words in step.summary
    assert list(evidence(step)) == list(answers)


@pytest.mark.parametrize(
    ("findings", "mode", "result", "words"),
    [
        ((), 0o600, OK, "/c, 2 sites"),
        ((), None, OK, "no file, not needed"),
        ((Finding("the same address", is_error=False),), 0o600, OK, "/c, 2 sites"),
        ((Finding("other users can change '/c'"), Finding("x")), 0o666, WARNING, "can change '/c' (and 1 more)"),
    ],
)
def test_configuration_step_warns_when_something_is_wrong(
    findings: tuple[Finding, ...], mode: int | None, result: StepResult, words: str
) -> None:
    step = local_steps.configuration_step(ConfigurationFile("/c", mode, 2, findings))
    assert step.result is result
    assert words in step.summary
    assert len(step.evidence) == (2 if mode else 1) + len(findings)


@pytest.mark.parametrize(
    ("environment", "size", "encoding", "result", "words"),
    [
        ({"TERM": "xterm-256color"}, (100, 30), "utf-8", OK, "100x30, TERM=xterm-256color, 256 colours"),
        ({"TERM": "dumb"}, (100, 30), "utf-8", WARNING, "cannot move the cursor"),
        ({"TERM": "xterm"}, (0, 0), "utf-8", OK, "80x24 assumed"),
        ({"TERM": "xterm"}, (30, 9), "utf-8", WARNING, "too small"),
        ({"TERM": "xterm"}, (80, 24), "ANSI_X3.4-1968", WARNING, "ASCII"),
        ({"TERM": "xterm"}, (None, None), "utf-8", OK, "not a terminal"),
    ],
)
def test_terminal_step_warns_when_the_interface_would_suffer(
    environment: dict[str, str], size: tuple[int | None, int | None], encoding: str, result: StepResult, words: str
) -> None:
    step = local_steps.terminal_step(TerminalFacts(environment, *size, encoding))
    assert step.result is result
    assert words in step.summary


def test_terminal_step_guesses_copies_and_links_when_the_program_is_known() -> None:
    kitty = local_steps.terminal_step(TerminalFacts({"TERM": "xterm-kitty", "TMUX": "x"}, 80, 24, "utf-8"))
    assert evidence(kitty)["copy (OSC 52)"] == "probably"
    assert "tmux" in evidence(kitty)["inside"]
    vte = local_steps.terminal_step(TerminalFacts({"TERM": "xterm", "VTE_VERSION": "7000"}, 80, 24, "utf-8"))
    assert (evidence(vte)["copy (OSC 52)"], evidence(vte)["links (OSC 8)"]) == ("unknown", "probably")
