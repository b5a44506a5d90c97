"""The audit report as HTML: texts of the site stay text, nothing is referred to, and colours can be read."""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.display import DisplayContext
from drtui.output.html import STYLE, as_html
from drtui.output.report import AuditPeriod, as_markdown
from tests.colours import contrast
from tests.conftest import NOW
from tests.core.points import backup, site_of

VIEW = DisplayContext(NOW, dt.UTC)
HOSTILE = (
    "<script>document.title = 'owned'</script>",
    "<img src=https://evil.example.com/x onerror=alert(1)>",
    "[link](https://evil.example.com)",
    "![picture](https://evil.example.com/p.png)",
    "<https://evil.example.com>",
    "&lt;b&gt; &#x3c;b&#x3e;",
    "` code ` | cell | **bold** `` <b>",
    '"><svg onload=alert(1)>',
    "</style><style>* { display: none }</style>",
)
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "ul", "li", "p", "code", "div", "table",
    "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.classes: dict[str, str] = {}
        """Text of a cell by its class."""
        self._class = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attributes]
        self._class = dict(attributes).get("class") or ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._class:
            self.classes[self._class] = data
            self._class = ""


def html_report(*names: str) -> str:
    points = [backup(name, hours) for hours, name in enumerate(names, 3)]
    site_state = replace(site_of(*points), location=names[0])
    period = AuditPeriod.last_days(assess(site_state, NOW), 30)
    return as_html(as_markdown(period, VIEW), period.title)


@pytest.mark.parametrize("name", HOSTILE)
def test_page_shows_a_name_as_text_when_it_looks_like_markup(name: str) -> None:
    page = Page(html_report(name))
    assert set(page.tags) <= ALLOWED
    assert {key for key, _ in page.attributes} <= {"lang", "charset", "http-equiv", "content", "name", "class", "scope"}
    assert page.text.count(name) >= 2  # title or heading, and cell


def test_page_refers_to_nothing_when_names_contain_addresses() -> None:
    page = Page(html_report(*HOSTILE))
    assert not {"script", "link", "img", "a", "iframe", "object", "base", "form"} & set(page.tags)
    assert not re.search(r"url\(|@import|expression", STYLE)
    assert ("http-equiv", "Content-Security-Policy") in page.attributes


def test_page_says_what_it_is_when_it_is_read_aloud() -> None:
    page = Page(html_report("nightly-1"))
    assert ("lang", "en") in page.attributes
    assert page.tags.count("h1") == page.tags.count("title") == page.tags.count("main") == 1
    assert page.attributes.count(("scope", "col")) == page.tags.count("th") > 0
    assert page.text.strip().startswith("Restore points of the last 30 days: ")
    assert page.classes["usable"] == "usable"


def test_page_has_the_text_of_the_markdown_when_both_are_read() -> None:
    period = AuditPeriod.last_days(assess(site_of(backup("nightly-1", 3)), NOW), 30)
    markdown = as_markdown(period, VIEW)
    page = Page(as_html(markdown, "title")).text
    words = [word for word in re.findall(r"[\w-]{3,}", markdown) if not re.fullmatch(r"[-|]+", word)]
    assert [word for word in words if word not in page] == []


def test_colours_have_a_contrast_of_at_least_4_5_when_the_page_is_light_dark_or_printed() -> None:
    palettes = re.findall(r":root \{([^}]*)\}", STYLE)
    assert len(palettes) == 3
    for palette in palettes:
        colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{3,6})", palette))
        texts = [colours[name] for name in ("text", "faint", "good", "bad", "unsure")]
        assert min(contrast(text, colours[back]) for text in texts for back in ("back", "stripe")) >= 4.5
