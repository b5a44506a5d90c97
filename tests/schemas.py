"""JSON Schemas of the documents that commands print, inferred from what they print for every scenario.

`pytest -m "" tests/cli/test_schemas.py --draw` writes them to `drtui/docs/schema`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from drtui.core.model.diagnosis import StepResult
from drtui.core.operations.outcome import Outcome
from drtui.core.summary.health_check import Grade
from drtui.core.verdict.rules import Level

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
VERDICTS = [level.word for level in Level]
GRADES = [grade.name.lower() for grade in Grade]
ENUMS: Mapping[str, list[str]] = {
    "verdict": VERDICTS,
    "fallback_verdict": VERDICTS,
    "worst_verdict": VERDICTS,
    "check state": GRADES,
    "check findings state": GRADES,
    "sites state": GRADES,
    "doctor steps result": [result.value for result in StepResult],
    **{
        f"{command} outcome": [outcome.value for outcome in Outcome]
        for command in ("create", "keep", "validate", "pause", "resume", "delete", "restore")
    },
}
"""The values of a field, by its name or by its path after the command."""

NULLABLE = {"missed_runs", "failed_runs", "age_ms", "newest_usable", "store", "completed", "started", "expires"}
"""Names of fields that are null where a site did not say it, even if each scenario has a value."""

FREE = {"fields"}
"""Names of objects whose keys are data."""

MOMENT: Schema = {
    "type": "object",
    "description": "A time: milliseconds since 1970 in UTC, and ISO 8601 with offset.",
    "properties": {"epoch_ms": {"type": "integer"}, "iso": {"type": "string", "format": "date-time"}},
    "required": ["epoch_ms", "iso"],
}
FAILURE: Schema = {
    "type": "object",
    "description": "What failed. The code is for scripts, the texts are for people.",
    "properties": {
        "resource": {"type": ["string", "null"]},
        "code": {"type": "string"},
        "text": {"type": "string"},
        "summary": {"type": "string"},
        "cause": {"type": ["string", "null"]},
        "advice": {"type": ["string", "null"]},
    },
    "required": ["resource", "code", "text", "summary", "cause", "advice"],
}
ERROR: Schema = {
    "type": "object",
    "description": "The document of a command that has no answer.",
    "properties": {
        "schema": {"const": 1},
        "failures": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/failure"}},
    },
    "required": ["schema", "failures"],
    "maxProperties": 2,
}


def make_schema(command: str, about: str, documents: Iterable[Any]) -> Schema:
    """Return the schema of a command: an answer like `documents`, or an error."""
    answer = _infer(list(documents), (command,))
    answer["properties"]["schema"] = {"const": 1}
    return {
        "$schema": DRAFT,
        "title": f"drtui {command} --json",
        "description": about,
        "anyOf": [{"$ref": "#/$defs/answer"}, {"$ref": "#/$defs/error"}],
        "$defs": {"answer": answer, "error": ERROR, "failure": FAILURE, "moment": MOMENT},
    }


def closed(schema: Any) -> Any:
    """Return a schema that allows no field but the listed ones, so that a test finds a field that is not documented."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {key: closed(part) for key, part in schema.items()}
    return {**parts, "additionalProperties": False} if "properties" in schema and "type" in schema else parts


def _infer(values: list[Any], path: tuple[str, ...]) -> Schema:
    """Return the schema of all the values of one field."""
    objects = [value for value in values if isinstance(value, dict)]
    arrays = [value for value in values if isinstance(value, list)]
    has_null = path[-1] in NULLABLE or any(value is None for value in values)
    choices: list[Schema] = []
    if objects:
        choices.append(_infer_object(objects, path))
    if arrays:
        items = [item for array in arrays for item in array]
        choices.append({"type": "array", **({"items": _infer(items, path)} if items else {})})
    scalars = [value for value in values if value is not None and not isinstance(value, dict | list)]
    if scalars:
        choices.append(_infer_scalar(scalars, path))
    if not choices:
        return {}  # no scenario has a value
    if not has_null:
        return choices[0] if len(choices) == 1 else {"anyOf": choices}
    if len(choices) == 1 and "type" in choices[0] and "enum" not in choices[0]:
        types = choices[0]["type"]
        return {**choices[0], "type": [*([types] if isinstance(types, str) else types), "null"]}
    return {"anyOf": [*choices, {"type": "null"}]}


def _infer_object(objects: list[dict[str, Any]], path: tuple[str, ...]) -> Schema:
    if all(value.keys() == MOMENT["properties"].keys() for value in objects):
        return {"$ref": "#/$defs/moment"}
    if all(value.keys() == FAILURE["properties"].keys() for value in objects):
        return {"$ref": "#/$defs/failure"}
    if path[-1] in FREE:
        return {"type": "object"}
    names = list(dict.fromkeys(name for value in objects for name in value))
    properties = {name: _infer([value[name] for value in objects if name in value], (*path, name)) for name in names}
    required = [name for name in names if all(name in value for value in objects)]
    return {"type": "object", "properties": properties, "required": required}


def _infer_scalar(scalars: list[Any], path: tuple[str, ...]) -> Schema:
    words = ENUMS.get(" ".join(path), ENUMS.get(path[-1]))
    if words is not None:
        return {"type": "string", "enum": words}
    kinds = {type(value) for value in scalars}
    types = [name for kind, name in ((bool, "boolean"), (str, "string")) if kind in kinds]
    if kinds & {int, float}:
        types.append("number" if float in kinds else "integer")
    return {"type": types[0] if len(types) == 1 else types}
