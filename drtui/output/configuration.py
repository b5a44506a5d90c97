"""The configuration for pipes and people: its values with their sources, and what is wrong with it."""

from collections.abc import Iterable

from drtui.core.model.config_check import Finding
from drtui.core.model.effective_settings import EffectiveValue
from drtui.output.formats import Field, Table


def values_table(values: Iterable[EffectiveValue]) -> Table:
    """Return the values that apply, one row each."""
    rows, objects = [], []
    for value in values:
        name = f"site.{value.site}.{value.key}" if value.site else value.key
        source = value.source.value
        where = f"{source} {value.origin}" if value.origin else f"{source}:{value.line}" if value.line else source
        rows.append((Field.from_text(name), Field.from_text(where), Field.from_text(value.text)))
        objects.append(
            {
                "site": value.site or None,
                "key": value.key,
                "value": value.text,
                "source": source,
                "origin": value.origin or None,
                "line": value.line,
            }
        )
    return Table.from_fields("values", ("KEY", "SOURCE", "VALUE"), rows, objects)


def finding_objects(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Return the findings for JSON."""
    return [
        {
            "level": "error" if finding.is_error else "note",
            "site": finding.site or None,
            "key": finding.key or None,
            "line": finding.line,
            "text": finding.text,
        }
        for finding in findings
    ]


def finding_line(finding: Finding) -> str:
    """Return a finding as one line of text."""
    level = "error" if finding.is_error else "note"
    return f"{level}: {'' if finding.line is None else f'line {finding.line}: '}{finding.text}"
