"""Install selenium for the tests that drive a browser, apart from all others.

It brings trio. httpcore would load that in every test that counts loaded modules, and users do not have it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import processes

CONSTRAINTS = Path(__file__).parents[1] / "constraints.txt"


@contextmanager
def selenium_installed(folder: Path) -> Iterator[None]:
    """Install selenium in a folder, from which this process can import it within the block."""
    install = (sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), "--constraint")
    installed = processes.run([*install, str(CONSTRAINTS), "selenium"], timeout=120)
    assert installed.returncode == 0, installed.stderr
    sys.path.append(str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
