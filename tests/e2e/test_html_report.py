"""The audit report as HTML in Debian's Chromium: it loads and runs nothing, and prints on A4."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from drtui.__main__ import main
from tests.e2e.selenium_packages import selenium_installed
from tests.planted import secrets_in
from tests.programs import skip_without

if TYPE_CHECKING:
    from tests.e2e.browser import Browser

pytestmark = [
    pytest.mark.full,
    pytest.mark.xdist_group("browser"),
    skip_without("chromedriver"),
]

A4_MILLIMETRES = (210, 297)
ENTRIES = "return performance.getEntriesByType('resource').map(entry => entry.name)"
TOO_WIDE = "return document.documentElement.scrollWidth > window.innerWidth"
STYLE_OF = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"
MARKUP = "return [...document.querySelectorAll('script, img, link, a, iframe, object, svg, form')].length"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Browser"]:
    with selenium_installed(tmp_path_factory.mktemp("selenium")):
        from tests.e2e.browser import browsing

        with browsing(tmp_path_factory.mktemp("chromium")) as running:
            yield running


def opened_report(browser: "Browser", scenario: str, folder: Path) -> Path:
    """Write the report of a scenario, and open it in the browser."""
    page = folder / "report.html"
    arguments = ["report", f"--demo={scenario}", "--days", "3000", "--format", "html", "--output", str(page)]
    assert main(arguments) in {0, 1}
    browser.driver.get(page.as_uri())
    return page


@pytest.mark.parametrize("scenario", ["hostile", "calm"])
def test_page_loads_and_runs_nothing_when_a_browser_opens_it(browser: "Browser", scenario: str, tmp_path: Path) -> None:
    page = opened_report(browser, scenario, tmp_path)
    assert browser.driver.execute_script(ENTRIES) == []
    assert browser.driver.execute_script(MARKUP) == 0
    assert browser.driver.title.startswith("Restore points of the last 3000 days: demo")
    assert "Not checked" in browser.text
    assert not browser.driver.execute_script(TOO_WIDE)
    assert secrets_in(page.read_text(encoding="utf-8"), tmp_path) == []


def test_page_prints_on_a4_with_repeated_headings_when_it_is_long(browser: "Browser", tmp_path: Path) -> None:
    opened_report(browser, "calm", tmp_path)
    printed = browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})
    document = base64.b64decode(printed["data"])
    points = re.findall(rb"/MediaBox \[0 0 (\S+) (\S+)\]", document)
    assert {tuple(round(float(number) * 25.4 / 72) for number in size) for size in points} == {A4_MILLIMETRES}
    assert len(re.findall(rb"/Type /Page\b(?!s)", document)) >= 3
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    styles = [browser.driver.execute_script(STYLE_OF, *pair) for pair in (("thead", "display"), ("tr", "breakInside"))]
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert styles == ["table-header-group", "avoid"]  # Chromium repeats such a heading on each page


def test_text_can_be_read_when_the_browser_prefers_dark(browser: "Browser", tmp_path: Path) -> None:
    opened_report(browser, "failing", tmp_path)
    seen = {}
    for scheme in ("light", "dark"):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        script = "const style = getComputedStyle(document.body); return [style.color, style.backgroundColor]"
        seen[scheme] = tuple(browser.driver.execute_script(script))
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert seen == {
        "light": ("rgb(26, 26, 26)", "rgb(255, 255, 255)"),
        "dark": ("rgb(230, 230, 230)", "rgb(22, 22, 22)"),
    }
