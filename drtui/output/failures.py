"""Failures and errors as JSON."""

import re
from collections.abc import Sequence

from drtui.core.model.failure import Failure
from drtui.output.formats import SCHEMA, Row, json_text

SENTENCE = re.compile(r"((?:'[^']*'|[^'])*?)(?:[.;!?] |[.;!?]$)(.*)", re.DOTALL)
"""Matches the first sentence of a message, without a quoted value's own full stops, and the rest."""


def failure_object(resource: str | None, failure: Failure) -> Row:
    """Return a failure of a resource as a JSON object."""
    message = failure.server_message
    return {
        "resource": resource,
        "code": failure.code,
        "text": failure.line,
        "summary": f"{failure.summary}: {message}" if message else failure.summary,
        "cause": failure.cause or None,
        "advice": failure.whole_advice or None,
    }


def error_object(code: str, text: str) -> Row:
    """Return an error of one line as a JSON object: its first sentence is the summary, the rest is advice."""
    parts = SENTENCE.fullmatch(text)
    summary, advice = (parts[1], parts[2].strip()) if parts else (text, "")
    return {
        "resource": None,
        "code": code,
        "text": text,
        "summary": summary or text,
        "cause": None,
        "advice": advice or None,
    }


def failures_document(failures: Sequence[Row]) -> str:
    """Return the JSON document of a command that has no answer."""
    return json_text({"schema": SCHEMA, "failures": list(failures)})
