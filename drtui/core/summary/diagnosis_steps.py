"""Build the steps of a diagnosis, and words that several of them share."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from drtui.core.model.diagnosis import Fact, Step, StepResult
from drtui.core.model.failure import Failure, FailureKind

CONFIGURATION_ERROR, UNREACHABLE, REFUSED = 2, 3, 4
"""Exit codes of failed steps; they are those of every command."""

TITLES = {
    "configuration": "Configuration",
    "target": "Target",
    "name": "Host name",
    "proxy": "Proxy",
    "tcp": "Connection",
    "tls": "TLS",
    "context": "Context path",
    "clock": "Clocks",
    "sign-in": "Sign-in",
    "token": "Token",
    "account": "Account",
    "mode": "Mode",
    "release": "Release",
    "resources": "Answers",
    "history": "History",
    "terminal": "Terminal",
    "versions": "Versions",
}
"""Steps in their order, with their names for people."""


def facts(values: Mapping[str, object]) -> tuple[Fact, ...]:
    """Return evidence from values by their names; values without text are left out."""
    return tuple(Fact(name, str(value)) for name, value in values.items() if value not in {None, ""})


def ok(name: str, summary: str, evidence: Iterable[Fact] = ()) -> Step:
    """Return a step that works."""
    return Step(name, TITLES[name], StepResult.OK, summary, tuple(evidence))


def unknown(name: str, summary: str, evidence: Iterable[Fact] = (), cause: str = "", advice: str = "") -> Step:
    """Return a step whose result does not tell."""
    return Step(name, TITLES[name], StepResult.UNKNOWN, summary, tuple(evidence), cause, advice)


def warning(name: str, summary: str, evidence: Iterable[Fact] = (), cause: str = "", advice: str = "") -> Step:
    """Return a step that works and needs attention."""
    return Step(name, TITLES[name], StepResult.WARNING, summary, tuple(evidence), cause, advice)


def skipped(name: str, reason: str) -> Step:
    """Return a step that was not tried."""
    return Step(name, TITLES[name], StepResult.SKIPPED, f"skipped: {reason}")


def misconfigured(name: str, summary: str, evidence: Iterable[Fact] = (), cause: str = "", advice: str = "") -> Step:
    """Return a step that failed because of the configuration or the command line."""
    return Step(name, TITLES[name], StepResult.FAILED, summary, tuple(evidence), cause, advice, CONFIGURATION_ERROR)


def failed(
    name: str, failure: Failure, evidence: Iterable[Fact] = (), *, summary: str = "", cause: str = "", advice: str = ""
) -> Step:
    """Return a step that failed as a request fails in any other command; `summary` and so on replace its own."""
    server = f": {failure.server_message}" if failure.server_message else ""
    summary = (summary or failure.summary) + server
    return Step(
        name,
        TITLES[name],
        StepResult.FAILED,
        summary,
        tuple(evidence),
        cause or failure.cause,
        advice or failure.advice,
        REFUSED if failure.kind is FailureKind.REFUSED else UNREACHABLE,
        failure=failure,
    )


def with_evidence(step: Step, evidence: Iterable[Fact]) -> Step:
    """Return a copy with more evidence."""
    return replace(step, evidence=(*step.evidence, *evidence))
