"""Markdown and the manual page as plain text for a terminal."""

import io
import re
import textwrap
from collections.abc import Iterable, Iterator

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Heading, Markdown
from rich.text import Text

LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)([^)\s]+)\)")
"""Matches a link to a file of the repository."""


class _PlainHeading(Heading):
    """A heading at the left margin, underlined."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text("")
        yield self.text
        if self.tag in {"h1", "h2"}:
            yield Text(("=" if self.tag == "h1" else "-") * min(self.text.cell_len, options.max_width))


class _PlainMarkdown(Markdown):
    elements = {**Markdown.elements, "heading_open": _PlainHeading}  # noqa: RUF012 - as in the base class


def plain_markdown(text: str, columns: int, topics: Iterable[str] = ()) -> str:
    """Return Markdown as plain text of at most `columns` cells a line.

    Args:
        text: the Markdown.
        columns: the width, cells.
        topics: names of the documents that `drtui help` prints; links to them become that command.
    """
    known = frozenset(topics)

    def replaced(link: re.Match[str]) -> str:
        label, path = link[1], link[2]
        topic = path.partition("#")[0].rpartition("/")[2].removesuffix(".md")
        if topic not in known:
            return label
        command = f"`drtui help {topic}`"
        return command if label.strip("`").endswith(".md") else f"{label} ({command})"

    out = io.StringIO()
    console = Console(file=out, width=columns, color_system=None, force_terminal=False, legacy_windows=False)
    console.print(_PlainMarkdown(LINK.sub(replaced, text), hyperlinks=False))
    lines = (line.rstrip() for line in out.getvalue().strip("\n").splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def plain_manual(source: str, columns: int) -> str:
    """Return the manual page, in the few requests that it uses, as plain text of at most `columns` cells a line."""
    return "\n".join(_manual_lines(source.splitlines(), columns)).strip("\n") + "\n"


def _manual_lines(lines: Iterable[str], columns: int) -> Iterator[str]:
    is_verbatim, is_term, indent = False, False, "    "
    for line in lines:
        request, _, rest = line.partition(" ")
        text = _plain(line if not line.startswith(".") else rest)
        if request == ".SH":
            indent = "    "
            yield from ("", text.strip('"'))
        elif request == ".SS":
            indent = "    "
            yield from ("", "  " + text.strip('"'))
        elif request in {".PP", ".TP", ".nf", ".fi", ".br"}:
            is_verbatim = request == ".nf" or (is_verbatim and request != ".fi")
            is_term, indent = request == ".TP", "    "
            if request in {".PP", ".TP"}:
                yield ""
        elif line.startswith((".TH", '.\\"')):
            continue
        elif is_verbatim:
            yield f"{indent}{text}"
        else:
            yield from textwrap.wrap(text, columns, initial_indent=indent, subsequent_indent=indent)
            if is_term:
                is_term, indent = False, " " * 10


def _plain(text: str) -> str:
    """Return a line without the escapes of troff."""
    text = re.sub(r"\\f[BRI]|\\&", "", text)
    return text.replace("\\-", "-").replace("\\e", "\\")
