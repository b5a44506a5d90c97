"""The package `core` imports neither network, disk, screen nor event loop."""

import pkgutil
import sys

import drtui.core
from tests import processes

FORBIDDEN = {"textual", "httpx", "starlette", "uvicorn", "platformdirs", "sqlite3", "asyncio", "ssl", "socket"}


def test_core_imports_no_network_disk_or_screen() -> None:
    modules = [module.name for module in pkgutil.walk_packages(drtui.core.__path__, "drtui.core.")]
    assert "drtui.core.wire.responses" in modules
    script = f"import sys, {', '.join(modules)}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    result = processes.run([sys.executable, "-c", script], check=True)
    assert FORBIDDEN & set(result.stdout.split()) == set()


def test_core_imports_no_other_package() -> None:
    modules = [module.name for module in pkgutil.walk_packages(drtui.core.__path__, "drtui.core.")]
    script = f"import sys, {', '.join(modules)}\nprint(*(name for name in sys.modules if name.startswith('drtui')))"
    result = processes.run([sys.executable, "-c", script], check=True)
    assert set(result.stdout.split()) == {"drtui", "drtui.core", *modules}
