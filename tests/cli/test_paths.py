"""`drtui paths` prints every place with files of drtui."""

import pytest

from drtui.storage.paths import config_file, exports_folder, journal_file, log_file, state_folder
from tests.cli.running import run


def test_paths_names_each_place_when_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "paths").out.splitlines()
    assert dict(line.split(maxsplit=1) for line in lines) == {
        "config": str(config_file()),
        "state": str(state_folder()),
        "exports": str(exports_folder()),
        "journal": str(journal_file()),
        "log": str(log_file()),
    }
