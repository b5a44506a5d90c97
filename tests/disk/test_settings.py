"""The configuration file, and secrets where it says that they are."""

import os
import sys
from pathlib import Path

import pytest

from drtui.disk import settings
from drtui.disk.places import config_file
from drtui.model.address import Address
from drtui.model.profile import Profile, SecretReference, SettingsError

SITE = Profile("prod", Address("https", "gis.example.com", "arcgis"), user="admin")
PLANTED = "planted-secret"


def write(text: str) -> Path:
    path = config_file()
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_there_is_nothing_configured() -> None:
    assert settings.load().profiles == ()


@pytest.mark.parametrize("text", ["not toml", "history = 1", "a = '\udcff'"])
def test_a_file_that_cannot_be_used_is_named(text: str) -> None:
    path = config_file()
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SettingsError, match=r"config\.toml"):
        settings.load()


def test_a_site_is_added_and_comments_stay() -> None:
    path = write('# ours\ndefault = "old"\n\n[site.old]  # the old one\naddress = "https://old/arcgis"\n')
    assert settings.add(SITE) == path
    text = path.read_text(encoding="utf-8")
    assert text.startswith('# ours\ndefault = "old"\n\n[site.old]  # the old one\n')
    assert [each.name for each in settings.load().profiles] == ["old", "prod"]
    assert settings.load().named("prod") == SITE
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(SettingsError, match="already"):
        settings.add(SITE)


def test_the_first_site_makes_the_file() -> None:
    settings.add(SITE)
    assert settings.load().profiles == (SITE,)


def secret_file(path: Path, mode: int, text: str = f"{PLANTED}\n") -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o610])
def test_a_secret_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = secret_file(tmp_path / "secret", mode)
    with pytest.raises(SettingsError) as refused:
        settings.from_file(path)
    assert f"chmod 600 {path}" in str(refused.value)
    assert PLANTED not in str(refused.value)


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_secret_of_ones_own_is_taken(tmp_path: Path, mode: int) -> None:
    assert settings.from_file(secret_file(tmp_path / "secret", mode)).reveal() == PLANTED


def test_what_comes_through_a_pipe_is_taken() -> None:
    out, into = os.pipe()
    os.write(into, PLANTED.encode())
    os.close(into)
    assert settings.from_file(Path(f"/dev/fd/{out}")).reveal() == PLANTED
    os.close(out)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("print()", "gave nothing"),
        (f"print('{PLANTED}'); raise SystemExit(3)", "ended with 3"),
        (r"import sys; sys.stdout.buffer.write(b'\xff')", "is not text"),
    ],
)
def test_a_command_that_gives_no_secret_is_named_and_its_output_is_not(code: str, why: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings.fetch(SecretReference("token", command=(sys.executable, "-c", code)))
    assert why in str(refused.value)
    assert PLANTED not in str(refused.value)


def test_a_command_that_is_not_there_is_named() -> None:
    with pytest.raises(SettingsError, match="is it installed"):
        settings.fetch(SecretReference("token", command=("no-such-program-at-all",)))


def test_a_command_gives_its_first_line_and_inherits_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRTUI_PASSWORD", PLANTED)
    code = "import os; print(os.environ.get('DRTUI_PASSWORD', 'nothing inherited')); print('second line')"
    found = settings.fetch(SecretReference("token", command=(sys.executable, "-c", code)))
    assert found.reveal() == "nothing inherited"


def test_a_command_is_run_without_a_shell() -> None:
    found = settings.fetch(SecretReference("token", command=("echo", "$HOME;", "`id`")))
    assert found.reveal() == "$HOME; `id`"


def test_an_environment_variable_is_taken_or_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUR_PASSWORD", PLANTED)
    assert settings.fetch(SecretReference("password", variable="OUR_PASSWORD")).reveal() == PLANTED
    with pytest.raises(SettingsError, match="OTHER holds no password"):
        settings.fetch(SecretReference("password", variable="OTHER"))
