"""Errors as JSON: the document that a command prints if JSON was asked for and there is no answer."""

from collections.abc import Iterator, Sequence

from drtui.cli.exit_codes import FINDINGS, REFUSED, UNREACHABLE, USAGE, CommandError
from drtui.core.formatting.input_error import InputError
from drtui.output.failures import error_object, failure_object, failures_document
from drtui.output.formats import Row

CODES = {FINDINGS: "not-found", USAGE: "usage", UNREACHABLE: "not-readable", REFUSED: "refused"}
"""The code of an error that has no failure of a resource, by its exit code."""


def is_json_requested(words: Sequence[str]) -> bool:
    """True if the words of a command line ask for JSON, even if they cannot be parsed."""
    end = words.index("--") if "--" in words else len(words)
    for number, word in enumerate(words[:end]):
        if word in {"--json", "--format=json", "-ojson", "-o=json"}:
            return True
        if word in {"--format", "-o"} and words[number + 1 : number + 2] == ["json"]:
            return True
    return False


def error_document(error: BaseException) -> str:
    """Return the JSON document for an error that ended a command."""
    return failures_document(list(_objects(error)))


def _objects(error: BaseException) -> Iterator[Row]:
    text = str(error)
    if isinstance(error, CommandError):
        if text not in {failure.line for _, failure in error.failures}:
            yield error_object(CODES.get(error.code, "not-readable"), text)
        yield from (failure_object(resource, failure) for resource, failure in error.failures)
    elif isinstance(error, InputError):
        yield error_object("usage", text)
    elif isinstance(error, KeyboardInterrupt):
        yield error_object("interrupted", "Interrupted")
    elif isinstance(error, OSError):
        yield error_object("output", f"Cannot write the output: {error.strerror}")
    else:
        yield error_object("internal", f"drtui itself failed: {type(error).__name__}")
