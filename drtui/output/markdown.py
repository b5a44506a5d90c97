"""Remote text in Markdown: shown as typed, never taken for markup."""

import re

_MARKUP = re.compile(r"([\\`*_\[\]<>|&~])")


def plain(text: str) -> str:
    """`text` within a line, with everything that Markdown or HTML would take for markup made literal."""
    return _MARKUP.sub(r"\\\1", text)


def code(text: str) -> str:
    """`text` as a code span, whatever runs of backticks it holds (CommonMark 6.1)."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence, space = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{space}{text or ' '}{space}{fence}"
