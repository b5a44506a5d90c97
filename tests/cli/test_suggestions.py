"""A typing error gets one line with a suggestion and exit code 2, in a pipe as on a terminal."""

import pytest

from drtui.storage.paths import config_file
from tests.cli.running import run

Capture = pytest.CaptureFixture[str]

CONFIG = """\
[site.prod]
address = "https://gis.example.com/arcgis"
"""

TYPED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("lsit",), "Did you mean list?"),
    (("lsit", "prod"), "Unknown command 'lsit'. Did you mean list?"),
    (("lsit", "--json", "prod"), "Unknown command 'lsit'. Did you mean list?"),
    (("chekc", "--warn", "3h"), "Did you mean check?"),
    (("--json", "list"), "The command comes first: drtui list. See"),
    (("prod", "list"), "The command comes first: drtui list. See"),
    (("--demo", "list"), "The command comes first: drtui list. See"),
    (("prdo",), "Did you mean prod?"),
    (("list", "prdo"), "Did you mean prod?"),
    (("sites", "prdo"), "Did you mean prod?"),
    (("config", "show", "prdo"), "Did you mean prod?"),
    (("config", "vaildate"), "Did you mean validate?"),
    (("history", "exprot", "prod"), "Did you mean export?"),
    (("demo", "serv"), "Did you mean serve?"),
    (("demo", "serve", "clam"), "Did you mean calm?"),
    (("list", "--demo=clam"), "Did you mean calm?"),
    (("list", "--fromat", "json"), "Did you mean --format?"),
    (("list", "-o", "jsn"), "Unknown value 'jsn' of --format. Did you mean json?"),
    (("list", "--format", "JSON"), "Did you mean json?"),
    (("list", "--demo", "--columns", "nmae"), "Did you mean name?"),
    (("list", "--sort", "strted"), "Did you mean started?"),
    (("list", "--group", "weak"), "Use none, day, store, schedule."),
    (("list", "--demo", "--tz", "Europe/Berln"), "Did you mean Europe/Berlin?"),
    (("timeline", "--zoom", "weak"), "Did you mean week?"),
    (("help", "envronment"), "Did you mean environment?"),
    (("completion", "zhs"), "Did you mean zsh?"),
    (("list", "--log-level", "inof"), "Did you mean info?"),
)


@pytest.mark.parametrize(
    ("words", "advice"), TYPED, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_error_suggests_what_was_meant_when_a_word_is_mistyped(
    capsys: Capture, words: tuple[str, ...], advice: str
) -> None:
    path = config_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CONFIG)
    ran = run(capsys, *words)
    assert (ran.code, ran.out == "", len(ran.err.splitlines())) == (2, "--json" not in words, 1)
    assert advice in ran.err


def test_error_suggests_a_store_when_the_name_is_mistyped(capsys: Capture) -> None:
    ran = run(capsys, "list", "--demo", "--store", "archive-s4")
    assert (ran.code, ran.err) == (1, "drtui: No store 'archive-s4'. Did you mean archive-s3? See drtui stores.\n")


def test_error_names_no_command_when_nothing_is_similar(capsys: Capture) -> None:
    ran = run(capsys, "xyzzyx", "--json")
    assert (ran.code, "Did you mean" in ran.err) == (2, False)


def test_error_repeats_no_secret_when_a_command_comes_late(capsys: Capture) -> None:
    ran = run(capsys, "--token", "list", "S3cr3tS3cr3t")
    assert "S3cr3t" not in ran.out + ran.err
