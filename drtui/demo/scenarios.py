"""Scenarios of the simulated site, and the secrets planted in it."""

SCENARIOS = {
    "calm": "a healthy site: a year of history, four stores, several releases",
    "half-failed": "last night's backup says completed over a failed object store",
    "failing": "the nightly schedule failed three nights in a row; the weekly backup is fine",
    "paused": "the nightly schedule was paused nine nights ago; somebody made a backup by hand",
    "upgraded": "the day after an upgrade: every restore point is of the release before",
    "running": "a backup is running, though its job says COMPLETED",
    "restoring": "a restore is in progress: the site goes away, and comes back with warnings",
    "empty": "a new site: a store, and nothing in it",
    "no-privilege": "a custom role: backups can be read, schedules are refused",
    "thousands": "5,009 restore points in one store, odd names among them",
    "hostile": "names that try to take over the terminal, and records of odd shapes",
    "seed": "a small 10.9.1 site with two restore points",
    "old": "a 10.9 site, whose resources lie at other addresses",
}
"""A line about each scenario, by its name for `--demo`, in the order of lists; the first is the default."""

USER = "siteadmin"
PASSWORD = "Ember-Quarry-71"  # noqa: S105 - belongs to the simulated site and is public
CITY_PASSWORD = "Walnut-Harbor-58"  # noqa: S105 - likewise
MULTIFACTOR_PASSWORD = "Copper-Meadow-26"  # noqa: S105 - likewise
OTHER_PASSWORD = "Violet-Canyon-93"  # noqa: S105 - likewise
TOKEN = "dEmO.tOkEn.4f1c9a77b2"  # noqa: S105 - likewise
MULTIFACTOR_CODE = "314159"
"""Code that the authenticator of the multifactor account always shows."""
PASSCODE = "kept-nowhere-but-here-19"
IDENTITY_KEY = "cGxhbnRlZC1pZGVudGl0eS1rZXktMDAx"
ENCRYPT_KEY = "PlAnTeD-EnCrYpT-kEy.."
METADATA = "{crypt}planted-metadata=="
DATABASE_PASSWORD = "{crypt}planted-database-password=="  # noqa: S105 - likewise
CONNECTION_PASSWORD = "Saffron-Trestle-40"  # noqa: S105 - likewise

PLANTED_SECRETS = (
    PASSWORD,
    CITY_PASSWORD,
    MULTIFACTOR_PASSWORD,
    OTHER_PASSWORD,
    TOKEN,
    PASSCODE,
    IDENTITY_KEY,
    ENCRYPT_KEY,
    METADATA,
    DATABASE_PASSWORD,
    CONNECTION_PASSWORD,
)
"""Secrets that must never appear outside the server's own answers."""
