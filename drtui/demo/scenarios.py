"""Scenarios of the simulated site, and the secrets planted in it."""

from typing import NamedTuple


class Scenario(NamedTuple):
    """A scenario: the name for `--demo`, and one line about it."""

    name: str
    summary: str


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("calm", "a healthy site: a year of history, four stores, several releases"),
        Scenario("half-failed", "last night's backup says completed over a failed object store"),
        Scenario("failing", "the nightly schedule failed three nights in a row; the weekly backup is fine"),
        Scenario("paused", "the nightly schedule was paused nine nights ago; somebody made a backup by hand"),
        Scenario("upgraded", "the day after an upgrade: every restore point is of the release before"),
        Scenario("running", "a backup is running, though its job says COMPLETED"),
        Scenario("restoring", "a restore is in progress: the site goes away, and comes back with warnings"),
        Scenario("empty", "a new site: a store, and nothing in it"),
        Scenario("no-privilege", "a custom role: backups can be read, schedules are refused"),
        Scenario("thousands", "5,009 restore points in one store, odd names among them"),
        Scenario("hostile", "names that try to take over the terminal, and records of odd shapes"),
        Scenario("seed", "a small 10.9.1 site with two restore points"),
        Scenario("old", "a 10.9 site, whose resources lie at other addresses"),
    )
}
"""Scenarios by name, in the order in which they are listed; the first is the default."""

USER = "siteadmin"
PASSWORD = "Ember-Quarry-71"  # noqa: S105 - belongs to the simulated site and is public
TOKEN = "dEmO.tOkEn.4f1c9a77b2"  # noqa: S105 - likewise
PASSCODE = "kept-nowhere-but-here-19"
IDENTITY_KEY = "cGxhbnRlZC1pZGVudGl0eS1rZXktMDAx"
ENCRYPT_KEY = "PlAnTeD-EnCrYpT-kEy.."
METADATA = "{crypt}planted-metadata=="
DATABASE_PASSWORD = "{crypt}planted-database-password=="  # noqa: S105 - likewise

PLANTED_SECRETS = (PASSWORD, TOKEN, PASSCODE, IDENTITY_KEY, ENCRYPT_KEY, METADATA, DATABASE_PASSWORD)
"""Secrets that must never appear outside the server's own answers."""
