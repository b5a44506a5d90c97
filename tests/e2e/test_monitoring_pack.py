"""Ready files for monitoring, read by the programs that they are made for, on this machine only."""

import json
import re
import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest

from drtui.core.model.config import parse_settings
from drtui.output.monitoring_pack import FOLDER
from tests import processes
from tests.e2e.monitoring import Receiver, alert_receiver, node_exporter, prometheus
from tests.e2e.packages import unpack
from tests.e2e.terminal import PROGRAM
from tests.programs import path_of, skip_without

pytestmark = [pytest.mark.full, pytest.mark.xdist_group("monitoring")]

RULE_TESTS = Path(__file__).parent / "monitoring_rules_test.yml"
ALERTS = re.findall(r"alert: (\w+)", (FOLDER / "rules.yml").read_text(encoding="utf-8"))


def rules_without(alert: str) -> str:
    """Return the rules, one of which never fires."""
    before, after = (FOLDER / "rules.yml").read_text(encoding="utf-8").split(f"- alert: {alert}\n")
    without = re.sub(r"expr: (?:\|\n(?: {10}.*\n)+|.*\n)", "expr: vector(0) > 1\n", after, count=1)
    return f"{before}- alert: {alert}\n{without}"


def test_rules_fire_as_documented_when_promtool_tests_them(programs: Path, tmp_path: Path) -> None:
    shutil.copy(FOLDER / "rules.yml", tmp_path)
    shutil.copy(RULE_TESTS, tmp_path)
    ran = processes.run([programs / "promtool", "check", "rules", tmp_path / "rules.yml"])
    assert (ran.returncode, f"{len(ALERTS)} rules found" in ran.stdout) == (0, True), ran.stderr
    ran = processes.run([programs / "promtool", "test", "rules", tmp_path / RULE_TESTS.name])
    assert (ran.returncode, ran.stdout.split()[-1]) == (0, "SUCCESS"), ran.stdout


@pytest.mark.parametrize("alert", ALERTS)
def test_promtool_misses_the_alert_when_its_rule_never_fires(programs: Path, tmp_path: Path, alert: str) -> None:
    (tmp_path / "rules.yml").write_text(rules_without(alert), encoding="utf-8")
    shutil.copy(RULE_TESTS, tmp_path)
    ran = processes.run([programs / "promtool", "test", "rules", tmp_path / RULE_TESTS.name])
    assert (ran.returncode, alert in ran.stdout + ran.stderr) == (1, True)


def check_to_file(scenario: str, folder: Path) -> Path:
    """Check a simulated site, write its metrics as the service does, and return the file."""
    path = folder / f"drtui-{scenario}.prom"
    command: list[str | Path] = [PROGRAM, "check", f"--demo={scenario}", "--format", "prometheus", "--output", path]
    processes.run(command, environment={"HOME": str(folder)})
    return path


def wait_for_alerts(receiver: Receiver, *names: str) -> dict[str, dict[str, Any]]:
    """Return the alerts by name as soon as all of these names have arrived; raises `queue.Empty` after 30 seconds."""
    arrived: dict[str, dict[str, Any]] = {}
    while not arrived.keys() >= set(names):
        arrived |= {alert["labels"]["alertname"]: alert for alert in receiver.posts.get(timeout=30)}
    return arrived


def test_alerts_fire_when_check_writes_files_that_node_exporter_serves(programs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "textfiles"
    folder.mkdir()
    for scenario in ("calm", "upgraded", "half-failed"):
        check_to_file(scenario, folder)
    stopped = check_to_file("hostile", folder)  # the only one whose last restore point expires
    text = stopped.read_text(encoding="utf-8")
    stopped.write_text(re.sub(r"(read_timestamp_seconds.* )\d+", r"\g<1>1000", text), encoding="utf-8")
    shutil.copy(FOLDER / "rules.yml", tmp_path)
    with alert_receiver() as receiver, node_exporter(programs, folder) as exporter:
        server = prometheus(programs, tmp_path, exporter=exporter, receiver=receiver.address)
        with server as address:
            arrived = wait_for_alerts(receiver, "DrtuiSiteCritical", "DrtuiRunFailed", "DrtuiCheckStale")
            sites = {name: alert["labels"]["site"] for name, alert in arrived.items()}
            assert sites == {
                "DrtuiSiteCritical": "upgraded",
                "DrtuiRunFailed": "half-failed",
                "DrtuiCheckStale": "hostile",
            }
            critical = arrived["DrtuiSiteCritical"]
            assert critical["labels"]["severity"] == "critical"
            assert "`drtui status upgraded`" in critical["annotations"]["description"]
            assert empty_panels(address) == []


def empty_panels(address: str) -> list[str]:
    """Return the expressions of the dashboard for which a Prometheus has no data."""
    dashboard = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    empty = []
    for target in (target for panel in dashboard["panels"] for target in panel["targets"]):
        query = target["expr"].replace("$site", ".*").replace(" == 0", " >= 0")  # the demo refuses nothing
        url = f"http://{address}/api/v1/query"
        answer = httpx.get(url, params={"query": query}, timeout=30, trust_env=False).json()
        if answer["status"] != "success" or not answer["data"]["result"]:
            empty.append(target["expr"])
    return empty


@skip_without("systemd-analyze")
def test_systemd_accepts_the_units_when_it_verifies_them(tmp_path: Path) -> None:
    service = (FOLDER / "drtui-check@.service").read_text(encoding="utf-8")
    (tmp_path / "drtui-check@.service").write_text(service.replace("ExecStart=drtui", f"ExecStart={PROGRAM}"))
    shutil.copy(FOLDER / "drtui-check@.timer", tmp_path)
    program = path_of("systemd-analyze")
    for kind in ("service", "timer"):
        ran = processes.run([program, "verify", tmp_path / f"drtui-check@prod.{kind}"])
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    ran = processes.run([program, "security", "--offline=true", "--threshold=20", tmp_path / "drtui-check@.service"])
    assert ran.returncode == 0, ran.stdout


READ_DASHBOARD = """
import json, sys
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard
register_default_plugins()
print(JSONEncoder().encode(Dashboard.from_json(json.load(open(sys.argv[1])))))
"""


def lost(before: Any, after: Any, path: str = "") -> list[str]:
    """Return the paths of values that are not in `after` as they were."""
    if isinstance(before, dict):
        pairs = [(name, value, after.get(name)) for name, value in before.items()]
    elif isinstance(before, list):
        pairs = [("", value, other) for value, other in zip(before, after, strict=True)]
    else:
        return [] if before == after else [path]
    return [place for name, value, other in pairs for place in lost(value, other, f"{path}/{name}")]


def test_grafana_keeps_every_setting_when_its_model_reads_the_dashboard(tmp_path: Path) -> None:
    package = "grafana-foundation-sdk==1769699998!10.1.0"
    install: list[str | Path] = [sys.executable, "-m", "pip", "install", "--quiet", "--target", tmp_path, package]
    processes.run(install, timeout=300, check=True)
    command: list[str | Path] = [sys.executable, "-c", READ_DASHBOARD, FOLDER / "dashboard.json"]
    ran = processes.run(command, environment={"PYTHONPATH": str(tmp_path)}, check=True)
    dashboard = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    # Grafana itself writes the definition of a variable, for its editor.
    assert lost(dashboard, json.loads(ran.stdout)) == ["/templating/list//definition"]


ICINGA = (
    "icinga2-bin", "icinga2-common", "libboost-context1.74.0", "libboost-coroutine1.74.0", "libboost-date-time1.74.0",
    "libboost-filesystem1.74.0", "libboost-iostreams1.74.0", "libboost-program-options1.74.0", "libboost-regex1.74.0",
    "libboost-system1.74.0", "libboost-thread1.74.0", "libedit2", "libbsd0", "libmd0",
)  # fmt: skip

ICINGA_HOST = """
include <itl>
include "{definition}"
object CheckCommand "alive" {{ command = [ "/bin/true" ] }}
object Host "gis" {{
  check_command = "alive"
  vars.drtui_sites = [ "prod", "staging" ]
}}
"""


def test_icinga_makes_a_service_for_each_site_when_it_loads_the_definition(tmp_path: Path) -> None:
    root = unpack(tmp_path, *ICINGA)
    libraries = next(root.glob("usr/lib/*-linux-gnu"))
    configuration = tmp_path / "icinga2.test.conf"
    configuration.write_text(ICINGA_HOST.format(definition=FOLDER / "icinga2.conf"), encoding="utf-8")
    folders = {name: tmp_path / name for name in ("CacheDir", "DataDir", "LogDir", "InitRunDir", "SpoolDir")}
    for folder in folders.values():
        folder.mkdir()
    settings = {**folders, "RunAsUser": "root", "RunAsGroup": "root"}
    defines = [f"--define=Configuration.{name}={value}" for name, value in settings.items()]
    include = root / "usr/share/icinga2/include"
    command: list[str | Path] = [libraries / "icinga2/sbin/icinga2", "daemon", "-C", "-c", configuration, *defines]
    ran = processes.run([*command, "--include", include], environment={"LD_LIBRARY_PATH": str(libraries)})
    assert (ran.returncode, "Instantiated 2 Services." in ran.stdout) == (0, True), ran.stdout
    assert "warning/" not in ran.stdout


NAGIOS = """
define timeperiod {
    timeperiod_name 24x7
    alias           always
    monday          00:00-24:00
}
define command {
    command_name    notify
    command_line    /bin/true
}
define contact {
    contact_name                    admin
    host_notification_period        24x7
    service_notification_period     24x7
    host_notification_commands      notify
    service_notification_commands   notify
}
define contactgroup {
    contactgroup_name   admins
    alias               admins
    members             admin
}
define host {
    host_name           localhost
    address             127.0.0.1
    max_check_attempts  3
    check_period        24x7
    notification_period 24x7
    contact_groups      admins
}
"""


def test_nagios_accepts_the_definition_when_it_verifies_its_configuration(tmp_path: Path) -> None:
    root = unpack(tmp_path, "nagios4-core")
    (tmp_path / "objects.cfg").write_text(NAGIOS, encoding="utf-8")
    main = tmp_path / "main.cfg"
    settings = {"log_file": "log", "lock_file": "lock", "temp_file": "temp", "command_file": "pipe"}
    settings |= {"temp_path": "", "check_result_path": "", "cfg_file": "objects.cfg"}
    lines = [f"{name}={tmp_path / value}" for name, value in settings.items()]
    lines += [f"cfg_file={FOLDER / 'nagios.cfg'}", "nagios_user=root", "nagios_group=root"]
    main.write_text("\n".join([*lines, "illegal_macro_output_chars=`~$&|'\"<>", ""]), encoding="utf-8")
    ran = processes.run([root / "usr/sbin/nagios4", "-v", main])
    assert (ran.returncode, "Checked 1 services." in ran.stdout) == (0, True), ran.stdout
    assert re.findall(r"Total (?:Warnings|Errors): +(\d+)", ran.stdout) == ["0", "0"]


READ_YAML = "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))"


@pytest.fixture(scope="module")
def kubernetes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which Python finds the schemas of Kubernetes, and a reader of YAML."""
    folder = tmp_path_factory.mktemp("kubernetes")
    install: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--target",
        folder,
        "kubernetes-validate==1.37.0",
    ]
    processes.run(install, timeout=300, check=True)
    return {"PYTHONPATH": str(folder)}


@pytest.mark.parametrize("version", ["1.25", "1.37"])
def test_kubernetes_accepts_the_cronjob_when_its_schema_is_strict(kubernetes: dict[str, str], version: str) -> None:
    path = FOLDER / "cronjob.yaml"
    validate: list[str | Path] = [sys.executable, "-m", "kubernetes_validate", "--strict", "-k", version, path]
    ran = processes.run(validate, environment=kubernetes)
    assert (ran.returncode, ran.stdout.count("passed for resource")) == (0, 2), ran.stdout + ran.stderr


def test_cronjob_is_confined_when_it_runs(kubernetes: dict[str, str]) -> None:
    command: list[str | Path] = [sys.executable, "-c", READ_YAML, FOLDER / "cronjob.yaml"]
    ran = processes.run(command, environment=kubernetes, check=True)
    config_map, cron_job = json.loads(ran.stdout)
    profile = parse_settings(tomllib.loads(config_map["data"]["config.toml"]), Path()).profiles[0]
    assert (profile.name, profile.user) == ("prod", "backup-reader")
    assert cron_job["spec"]["concurrencyPolicy"] == "Forbid"
    job = cron_job["spec"]["jobTemplate"]["spec"]
    pod = job["template"]["spec"]
    assert (job["backoffLimit"], pod["restartPolicy"], pod["automountServiceAccountToken"]) == (0, "Never", False)
    assert pod["securityContext"]["runAsNonRoot"] is True
    (container,) = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"].keys() == {"memory"}
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert mounts.keys() == {volume["name"] for volume in pod["volumes"]}
    assert profile.secret is not None
    assert profile.secret.file == Path(mounts["secret"]) / "password"
    environment = {variable["name"]: variable["value"] for variable in container["env"]}
    assert environment["DRTUI_CONFIG"] == f"{mounts['config']}/config.toml"
    assert environment["XDG_STATE_HOME"] == str(Path(mounts["state"]).parent)
