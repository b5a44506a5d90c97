"""Debian's Chromium without a window, used as a person would: by labels, links and what is to be read."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

from drtui.demo.members import MEMBERS, Kind
from drtui.demo.scenarios import MULTIFACTOR_CODE
from tests.programs import path_of

WAIT_SECONDS = 30
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-background-networking",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",  # nothing but this machine
    "--ignore-certificate-errors",  # the authority of `demo serve --tls` is made anew by each start
)


class Browser:
    """A browser and the person in front of it."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver

    @property
    def text(self) -> str:
        """The text of the page."""
        return self.driver.find_element(By.TAG_NAME, "body").text

    def fill_in(self, label: str, value: str) -> None:
        """Type a value into the field with this label."""
        field = self.driver.find_element(By.XPATH, f"//label[.='{label}']").get_attribute("for")
        assert field
        self.driver.find_element(By.ID, field).send_keys(value)

    def follow(self, words: str) -> None:
        """Click the link or button with these words, and wait for the next page."""
        page = self.driver.find_element(By.TAG_NAME, "html")
        self.driver.find_element(By.XPATH, f"//*[self::a or self::button][.='{words}']").click()
        WebDriverWait(self.driver, WAIT_SECONDS).until(staleness_of(page))

    def sign_in(self, address: str, username: str) -> str:
        """Sign in at an address as a member of the simulated portal; return the code that is shown at the end."""
        member = MEMBERS[username]
        self.driver.get(address)
        if member.kind is Kind.OPENID:
            self.follow("Sign in with City ID")
        self.fill_in("Username", username)
        self.fill_in("Password", member.password)
        self.follow("Sign in")
        if member.kind is Kind.MULTIFACTOR:
            self.fill_in("Verification code from your authenticator", MULTIFACTOR_CODE)
            self.follow("Verify")
        code = re.search(r"^[0-9a-f]{64}$", self.text, re.MULTILINE)
        assert code, self.text
        return code[0]


@contextmanager
def browsing(folder: Path) -> Iterator[Browser]:
    """Run a browser that keeps its profile in a folder."""
    options = Options()
    options.binary_location = path_of("chromium")
    for flag in (*FLAGS, f"--user-data-dir={folder}"):
        options.add_argument(flag)
    driver = Chrome(options, Service(path_of("chromedriver")))  # a path, so that selenium fetches no driver
    try:
        yield Browser(driver)
    finally:
        driver.quit()
