"""Several simulated sites on loopback, each with its own faults, under the names of a configuration."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from drtui.demo.app import make_app
from drtui.demo.faults import Faults
from drtui.demo.scenarios import USER
from drtui.demo.server import serving
from tests.api.servers import closed_port
from tests.conftest import NOW
from tests.planted import password_file


class Site(NamedTuple):
    """A site, and its values in the configuration."""

    scenario: str = "calm"
    faults: Faults = Faults()
    keys: Mapping[str, object] = {}


SITES = {
    "prod": Site(keys={"accent": "red"}),
    "strict": Site(keys={"target": "2h", "accent": "#00ff00"}),
    "upgraded": Site("upgraded"),
    "refusing": Site(faults=Faults(error_code=403, only=("/admin",))),
    "odd": Site("hostile"),
}
"""Sites by name. `down`, where nothing listens, and `locked`, whose secret cannot be fetched, are added."""


Tables = dict[str, dict[str, Any]]
"""Values of each site in the configuration, by its name."""


@contextmanager
def serve_sites(folder: Path, sites: Mapping[str, Site] = SITES) -> Iterator[Tables]:
    """Serve the sites, with their secret in `folder`."""
    secret = {"user": USER, "password_file": str(password_file(folder))}
    with ExitStack() as stack:
        down = f"http://127.0.0.1:{stack.enter_context(closed_port())}/arcgis"
        tables: Tables = {"down": {"address": down, **secret}}
        tables["locked"] = {"address": down, "user": USER, "password_command": "false"}
        for name, site in sites.items():
            served = stack.enter_context(serving(make_app(site.scenario, now=NOW, faults=site.faults)))
            tables[name] = {"address": served.url, **secret, **site.keys}
        yield tables


def configure(tables: Tables) -> None:
    """Write a configuration that names the sites."""
    lines: list[str] = []
    for name, table in tables.items():
        lines += [f"[site.{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
    path = Path(os.environ["XDG_CONFIG_HOME"]) / "drtui" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
