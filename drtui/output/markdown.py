"""Markdown: escapes, sections, and the lines that all documents about a site share."""

import re
from collections.abc import Iterable, Sequence

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.display import DisplayContext
from drtui.core.model.site_state import SiteState
from drtui.core.summary.freshness import stale_data_warning

_MARKUP = re.compile(r"([\\`*_\[\]<>|&~])")


def escape_markdown(text: str) -> str:
    """Return `text` for one line of Markdown, with all markup of Markdown and HTML escaped."""
    return _MARKUP.sub(r"\\\1", text)


def code_span(text: str) -> str:
    """Return `text` as a Markdown code span, also if it contains backticks (CommonMark 6.1)."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence, space = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{space}{text or ' '}{space}{fence}"


def join_sections(*sections: Iterable[str]) -> str:
    """Return a document with the lines of these sections."""
    return "".join(f"{line}\n" for section in sections for line in section)


def section(title: str, lines: Iterable[str], empty: str = "") -> list[str]:
    """Return a blank line, a heading and `lines`; without lines the text `empty`, or nothing if that is empty too."""
    body = list(lines) or [empty]
    return ["", f"## {title}", "", *body] if any(body) else []


def table_lines(columns: Sequence[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Return a table with a heading."""
    lines = [f"| {' | '.join(map(escape_markdown, cells))} |" for cells in (columns, *rows)]
    return [lines[0], f"|{'---|' * len(columns)}", *lines[1:]]


def stale_lines(assessment: Assessment, view: DisplayContext) -> list[str]:
    """Return the warning above saved data as a list item; nothing for live data."""
    warning = stale_data_warning(assessment.site_state, assessment.now, view.zone)
    return [f"* **{escape_markdown(warning[:1].upper() + warning[1:])}**"] if warning else []


def failure_section(site_state: SiteState) -> list[str]:
    """Return the section of the resources that could not be fetched; nothing if there are none."""
    failures = (f"* {escape_markdown(name)}: {escape_markdown(failure.line)}" for name, failure in site_state.failures)
    return section("Could not be read", failures)
