"""The whole room in a fresh interpreter: it knows no network, no disk, no screen and no clockwork."""

import pkgutil
import sys

import drtui.core
from tests import processes

FORBIDDEN = {"textual", "httpx", "starlette", "uvicorn", "platformdirs", "sqlite3", "asyncio", "ssl", "socket"}


def test_no_module_of_the_model_loads_what_reaches_the_world() -> None:
    modules = [each.name for each in pkgutil.walk_packages(drtui.core.__path__, "drtui.core.")]
    assert "drtui.core.wire.responses" in modules
    script = f"import sys, {', '.join(modules)}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    ran = processes.run([sys.executable, "-c", script], check=True)
    assert FORBIDDEN & set(ran.stdout.split()) == set()


def test_no_module_of_the_model_knows_another_room() -> None:
    modules = [each.name for each in pkgutil.walk_packages(drtui.core.__path__, "drtui.core.")]
    script = f"import sys, {', '.join(modules)}\nprint(*(name for name in sys.modules if name.startswith('drtui')))"
    ran = processes.run([sys.executable, "-c", script], check=True)
    assert set(ran.stdout.split()) == {"drtui", "drtui.core", *modules}
