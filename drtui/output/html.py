"""A Markdown document as one page of HTML: without scripts and references, for the screen and for paper."""

import html
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from drtui import __version__
from drtui.core.summary.labels import level_label
from drtui.core.verdict.rules import Level

MARKUP_WITH_REFERENCES = ("autolink", "entity", "html_block", "html_inline", "image", "link", "reference")
"""Rules of Markdown that drtui does not write; a text of the site must not reach them."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Content security policy: the page loads and runs nothing, even if a text were not escaped."""

STYLE = """\
:root { color-scheme: light dark; --text: #1a1a1a; --faint: #565656; --back: #fff; --line: #c9c9c9; --stripe: #f4f4f4;
  --good: #0a5c24; --bad: #a4161a; --unsure: #7a4b00; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e6e6; --faint: #a8a8a8; --back: #161616; --line: #4a4a4a;
  --stripe: #202020; --good: #7bd88f; --bad: #ff8f8f; --unsure: #f0c060; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 70rem; font: 16px/1.5 system-ui, sans-serif; color: var(--text);
  background: var(--back); overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); break-after: avoid; }
ul { margin: .5rem 0; padding-left: 1.4rem; }
li { break-inside: avoid; }
p, table { margin: .5rem 0; }
code { font: .9em ui-monospace, monospace; white-space: pre-wrap; }
code, td { unicode-bidi: isolate; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; font-variant-numeric: tabular-nums; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { padding: .3rem .5rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line);
  min-width: 4.5em; }
th { border-bottom-width: 2px; }
tbody tr:nth-child(even) { background: var(--stripe); }
.usable { color: var(--good); font-weight: 600; }
.not-usable { color: var(--bad); font-weight: 600; }
.doubtful, .cannot-tell, .running { color: var(--unsure); font-weight: 600; }
.expired { color: var(--faint); }
@page { size: A4; margin: 16mm 14mm 18mm; @bottom-right { content: counter(page) " / " counter(pages);
  font: 8pt system-ui, sans-serif; } }
@media print { :root { --text: #000; --faint: #444; --back: #fff; --line: #999; --stripe: #f4f4f4; --good: #0a5c24;
  --bad: #a4161a; --unsure: #7a4b00; }
  body { padding: 0; max-width: none; font-size: 10pt; }
  table { font-size: 7.5pt; }
  th, td { padding: 2pt 3pt; }
  .table { overflow: visible; } }
"""

VERDICT_CLASSES = {level_label(level).word: level_label(level).word.replace(" ", "-") for level in Level}
"""CSS classes of cells by the word of a verdict."""


def as_html(markdown: str, title: str) -> str:
    """Return the page.

    Args:
        markdown: the document; texts of the site are escaped in it.
        title: title of the page, as plain text.
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(list(MARKUP_WITH_REFERENCES))
    body = parser.renderer.render(list(_marked(parser.parse(markdown))), parser.options, {})
    body = body.replace("<table>", '<div class="table"><table>').replace("</table>", "</table></div>")
    return "\n".join((
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta name="generator" content="drtui {__version__}">',
        f"<title>{html.escape(title)}</title>",
        f"<style>\n{STYLE}</style>",
        "</head>",
        "<body>",
        f"<main>\n{body}</main>",
        "</body>",
        "</html>",
        "",
    ))  # fmt: skip


def _marked(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens; headings of columns have a scope, and cells that are a verdict a class."""
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "th_open":
            token.attrSet("scope", "col")
        elif token.type == "td_open" and following is not None and following.content in VERDICT_CLASSES:
            token.attrSet("class", VERDICT_CLASSES[following.content])
        yield token
