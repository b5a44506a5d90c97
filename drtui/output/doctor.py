"""A diagnosis as text and as JSON."""

import datetime as dt
from collections.abc import Iterator

from drtui.core.formatting.text import pad, width
from drtui.core.model.diagnosis import Diagnosis, Step, StepResult
from drtui.core.summary.diagnosis import step_label
from drtui.core.summary.diagnosis_steps import TITLES
from drtui.output.formats import SCHEMA, Row, json_text, moment_object

TITLE_CELLS = max(map(width, TITLES.values()))
"""Width of the column of titles, cells."""

INDENT = "     "


def step_lines(step: Step, *, plain: bool, verbose: bool) -> Iterator[str]:
    """Yield the line of a step, and indented lines of what is wrong with it; with `verbose` its evidence too."""
    label = step_label(step.result)
    mark = label.ascii if plain else label.symbol
    yield f"{pad(mark, 2)} {pad(step.title, TITLE_CELLS)}  {step.summary}"
    has_problem = step.result in {StepResult.FAILED, StepResult.WARNING, StepResult.UNKNOWN}
    if has_problem or verbose:
        yield from (f"{INDENT}{fact.name}: {fact.text}" for fact in step.evidence)
    if step.failure is not None and step.failure.request:
        yield f"{INDENT}request: {step.failure.request}"
    if step.cause:
        yield f"{INDENT}Cause: {step.cause}"
    if step.advice:
        yield f"{INDENT}Next:  {step.advice}"


def diagnosis_json(diagnosis: Diagnosis, zone: dt.tzinfo) -> str:
    """Return a diagnosis as one JSON object."""
    first = diagnosis.first_failure
    return json_text(
        {
            "schema": SCHEMA,
            "site": diagnosis.location,
            "started_at": moment_object(diagnosis.at, zone),
            "exit_code": diagnosis.exit_code,
            "first_failure": first.name if first is not None else None,
            "steps": [_step_object(step) for step in diagnosis.steps],
        }
    )


def _step_object(step: Step) -> Row:
    return {
        "name": step.name,
        "title": step.title,
        "result": step.result.value,
        "summary": step.summary,
        "evidence": [{"name": fact.name, "text": fact.text} for fact in step.evidence],
        "cause": step.cause,
        "advice": step.advice,
        "exit_code": step.exit_code,
        "code": step.failure.code if step.failure is not None else None,
        "request": step.failure.request if step.failure is not None else None,
        "duration_ms": step.duration,
    }
