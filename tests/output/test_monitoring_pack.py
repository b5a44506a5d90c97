"""Ready files for monitoring: they name only metrics, labels, codes and commands that exist."""

import json
import re
import shlex
from pathlib import Path

import pytest

import drtui
from drtui.cli.parser import parser
from drtui.core.analysis.assessment import assess
from drtui.core.formatting.durations import DAY
from drtui.core.summary import coverage_text, health_check, unread_resources
from drtui.core.summary.health_check import check_health
from drtui.output.monitoring_pack import FOLDER, PARTS, monitoring_text
from drtui.output.prometheus import as_prometheus
from tests.cli.running import run
from tests.conftest import NOW
from tests.core.points import backup, full_site

DOCUMENT = (Path(drtui.__file__).parent / "docs" / "metrics.md").read_text(encoding="utf-8")
RULES, DASHBOARD = monitoring_text("rules"), json.loads(monitoring_text("dashboard"))
METRIC = re.compile(r"\bdrtui_[a-z_]+")
SELECTOR = re.compile(r"(drtui_[a-z_]+)\{([^}]*)\}")


def metrics() -> dict[str, set[str]]:
    """Return the labels of each metric that a check of a completely read site writes."""
    check = check_health(assess(full_site(backup("a", 3)), NOW), DAY, 2 * DAY)
    labels: dict[str, set[str]] = {}
    for name, text in re.findall(r"^(drtui_[a-z_]+)\{(.*)\} ", as_prometheus({"prod": check}), re.MULTILINE):
        labels.setdefault(name, set()).update(re.findall(r'(\w+)="', text))
    return labels


def rule_expressions() -> list[str]:
    """Return the expressions of the alert rules, on one line each."""
    found = re.findall(r"^ +expr: (?:\|\n((?:^ {10}.*\n)+)|(.*)\n)", RULES, re.MULTILINE)
    return [" ".join((block or line).split()) for block, line in found]


def dashboard_expressions() -> list[str]:
    """Return the expressions of the dashboard's panels."""
    return [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def codes() -> set[str]:
    """Return the codes of findings that the sources name."""
    text = "".join(
        Path(module.__file__ or "").read_text(encoding="utf-8")
        for module in (health_check, unread_resources, coverage_text)
    )
    calls = re.findall(r'(?:Finding|Statement)\(\s*(?:(?:Grade\.\w+|grade), )?"([a-z-]+)"', text)
    others = re.findall(r'(?:code = |else |Grade\.\w+, |return )"([a-z]+-[a-z-]+|paused)"', text)
    return {*calls, *others} - {"counts-agree"}


def test_files_and_words_match_when_the_pack_is_listed() -> None:
    assert {name for names in PARTS.values() for name in names} == {path.name for path in FOLDER.iterdir()}


@pytest.mark.parametrize("part", PARTS)
def test_monitoring_prints_the_files_when_a_part_is_named(part: str, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "monitoring", part)
    assert (ran.code, ran.err) == (0, "")
    assert all((FOLDER / name).read_text(encoding="utf-8") in ran.out for name in PARTS[part])
    assert max(map(len, ran.out.splitlines())) < 200


def test_monitoring_names_the_nearest_part_when_it_is_mistyped(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "monitoring", "rule")
    assert (ran.code, ran.out) == (2, "")
    assert "Did you mean rules?" in ran.err


def test_rules_and_dashboard_name_only_metrics_that_check_writes() -> None:
    written = metrics()
    expressions = [*rule_expressions(), *dashboard_expressions()]
    assert len(expressions) == RULES.count("expr:") + 13
    variables = [variable["definition"] for variable in DASHBOARD["templating"]["list"] if "definition" in variable]
    named = {name for expression in (*expressions, *variables) for name in METRIC.findall(expression)}
    assert named <= written.keys()
    assert len(named) > 9


def test_rules_and_dashboard_select_only_labels_that_check_writes() -> None:
    written = metrics()
    selectors = [
        match
        for expression in (*rule_expressions(), *dashboard_expressions())
        for match in SELECTOR.findall(expression)
    ]
    for name, selector in selectors:
        assert set(re.findall(r"(\w+)[=!]~?\"", selector)) <= written[name], selector
    values = {value for _, selector in selectors for value in re.findall(r'code[=!]~?"([^"]+)"', selector)}
    assert {code for value in values for code in value.split("|")} == {"failed-run", "missed-run", "expires-soon"}
    assert {"failed-run", "missed-run", "expires-soon"} <= codes()


def test_annotations_name_commands_that_exist() -> None:
    commands = re.findall(r"`(drtui [^`]+)`", RULES.replace("{{ $labels.site }}", "prod"))
    assert len(commands) > 15
    for command in commands:
        name, *words = shlex.split(command)[1:]
        parser(name).parse_args([name, *words])
    alerts = RULES.split("- alert: ")[1:]
    assert all("drtui" in alert.partition("annotations:")[2] for alert in alerts)
    assert all("$labels.site" in alert or alert.startswith("DrtuiNoMetrics") for alert in alerts)


def test_document_explains_every_metric_code_and_alert() -> None:
    assert {name for name in metrics() if f"| `{name}` |" not in DOCUMENT} == set()
    assert len(codes()) > 25
    assert {code for code in codes() if f"`{code}`" not in DOCUMENT} == set()
    alerts = re.findall(r"alert: (\w+)\n", RULES)
    assert set(re.findall(r"^\| `(Drtui\w+)` \|", DOCUMENT, re.MULTILINE)) == set(alerts)
    severities = dict(re.findall(r"alert: (\w+)\n(?:.*\n)*?\s+severity: (\w+)", RULES))
    assert severities == dict(re.findall(r"^\| `(Drtui\w+)` \| (\w+) \|", DOCUMENT, re.MULTILINE))


def test_dashboard_panels_fill_the_grid_without_overlap() -> None:
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [
        (x, y)
        for panel in panels
        for place in (panel["gridPos"],)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells)) == 24 * max(y + 1 for _, y in cells)
    assert {panel["datasource"]["uid"] for panel in panels} == {"${datasource}"}


@pytest.mark.parametrize(
    ("part", "pattern"),
    [
        ("systemd-service", r"^ExecStart=drtui (.+)"),
        ("nagios", r"^ +command_line .*/drtui (.+)"),
        ("cronjob", r"^ +command: \[\"drtui\", (.+)\]"),
    ],
)
def test_definition_runs_a_check_that_the_parser_accepts(part: str, pattern: str) -> None:
    (line,) = re.findall(pattern, monitoring_text(part).replace("%i", "prod"), re.MULTILINE)
    arguments = parser("check").parse_args(shlex.split(line.replace(",", " ")))
    assert (arguments.command, arguments.target in {"prod", "$ARG1$"}) == ("check", True)


def test_icinga_passes_only_options_that_check_has() -> None:
    options = re.findall(r'^    "(--[a-z]+)" = ', monitoring_text("icinga"), re.MULTILINE)
    assert options == ["--timeout", "--warn", "--crit", "--strict", "--coverage"]
    values = {"--timeout": "30", "--warn": "26h", "--crit": "2d"}
    words = [word for option in options for word in (option, values.get(option)) if word]
    assert parser("check").parse_args(["check", "prod", *words]).coverage is True


@pytest.mark.parametrize("part", ["systemd-service", "icinga", "nagios", "cronjob"])
def test_definition_passes_secrets_as_files_when_it_runs_the_check(part: str) -> None:
    text = monitoring_text(part)
    assert "FILL IN" in text
    for name in ("DRTUI_TOKEN", "DRTUI_PASSWORD"):
        assert name not in text
    assert re.search(r"LoadCredential=password:|password_file", text)
