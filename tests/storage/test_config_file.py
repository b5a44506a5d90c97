"""The configuration file, and the secrets that it refers to."""

import codecs
import os
import sys
import threading
from pathlib import Path

import pytest

from drtui.core.model.address import Address
from drtui.core.model.config import Profile, SecretReference, SettingsError
from drtui.storage import config_file as settings
from drtui.storage.paths import config_file

SITE = Profile("prod", Address("https", "gis.example.com", "arcgis"), user="admin")
PLANTED = "planted-secret"


def write(text: str) -> Path:
    path = config_file()
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_load_config_is_empty_when_there_is_no_file() -> None:
    assert settings.load_config().profiles == ()


@pytest.mark.parametrize("text", ["not toml", "history = 1", "a = '\udcff'"])
def test_load_config_names_the_file_when_it_is_unusable(text: str) -> None:
    path = config_file()
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SettingsError, match=r"config\.toml"):
        settings.load_config()


def test_add_profile_keeps_comments_when_a_file_exists() -> None:
    path = write('# ours\ndefault = "old"\n\n[site.old]  # the old one\naddress = "https://old/arcgis"\n')
    assert settings.add_profile(SITE) == path
    text = path.read_text(encoding="utf-8")
    assert text.startswith('# ours\ndefault = "old"\n\n[site.old]  # the old one\n')
    assert [profile.name for profile in settings.load_config().profiles] == ["old", "prod"]
    assert settings.load_config().find_profile("prod") == SITE
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(SettingsError, match="already"):
        settings.add_profile(SITE)


@pytest.mark.parametrize(
    "text",
    [
        '[site.old]\naddress = "https://old/c"\n[keys]\nrefresh = "R"\n[site.older]\naddress = "https://older/c"\n',
        '[site]\n[site.old]\naddress = "https://old/c"\n# at the end',
        'site.old.address = "https://old/c"\n',
        '[site."old"]\naddress = "https://old/c"\n\n[keys]\n',
    ],
)
def test_add_profile_changes_no_other_line_when_tables_stand_in_any_order(text: str) -> None:
    path = write(text)
    before = settings.load_config()
    settings.add_profile(SITE)
    after = settings.load_config()
    assert (set(after.profiles), after.keys) == ({*before.profiles, SITE}, before.keys)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in text.splitlines() if line not in lines] == []


def test_add_profile_keeps_the_link_when_the_file_is_one(tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles.toml"
    kept.touch()
    path = config_file()
    path.parent.mkdir(parents=True)
    path.symlink_to(kept)
    settings.add_profile(SITE)
    assert path.is_symlink()
    assert "[site.prod]" in kept.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "reference",
    [
        SecretReference("password", command=("pass", "show", "a b")),
        SecretReference("token", file=Path("/run/token")),
        SecretReference("token", variable="OUR_TOKEN"),
    ],
)
def test_add_profile_writes_every_key_when_it_is_set(reference: SecretReference) -> None:
    profile = Profile(
        "prod",
        SITE.address,
        referer="ops",
        ca_file=Path("/ca.pem"),
        timeout=5,
        secret=reference,
        cert=Path("/c.pem"),
        key=Path("/k.pem"),
        key_password=SecretReference("key_password", command=("pass", "key")),
        auth_header="authorization",
        client_id="drtui",
    )
    settings.add_profile(profile)
    assert settings.load_config().profiles == (profile,)


def test_add_profile_creates_the_file_when_there_is_none() -> None:
    settings.add_profile(SITE)
    assert settings.load_config().profiles == (SITE,)


def test_add_profile_extends_the_sites_when_they_are_an_inline_table() -> None:
    write('site = {old = {address = "https://old/arcgis"}}\n')
    settings.add_profile(SITE)
    assert [profile.name for profile in settings.load_config().profiles] == ["old", "prod"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_load_accepts_a_byte_order_mark_when_the_file_begins_with_one(newline: str) -> None:
    path = write("")
    text = f'default = "old"{newline}[site.old]{newline}address = "https://old/arcgis"{newline}'
    path.write_bytes(codecs.BOM_UTF8 + text.encode())
    assert settings.load_config().default == "old"
    settings.add_profile(SITE)
    assert [profile.name for profile in settings.load_config().profiles] == ["old", "prod"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("a = 1".encode("utf-16"), "UTF-16. Save it as UTF-8"),
        ("a = 1".encode("utf-16-be"), "NUL bytes, as UTF-16 does"),
        (b"a = '\0'", "NUL bytes"),
        (b"theme = '\xff'", r"not UTF-8 text \(byte 10\)"),
        (b"a = " + b"[" * 100_000, "nested too deeply"),
        (b"history_days = " + b"9" * 5_000, "digits"),
        (b"#" * (1 << 20) + b"\n", "larger than 1024 KiB"),
        (
            b"[site.a]\naddress = 'https://h/c'\nca_file = '~no-such-user/x'",
            r"\[site.a\] ca_file: home folder of '~no-such-user' is unknown",
        ),
        (b"[site.a]\naddress = 'https://h/c'\ntoken_file = '~no-such-user/x'", "token_file: home folder"),
        (b"[site.a]\naddress = 'https://h/c'\npassword_file = \"a\\u0000\"", "password_file contains a NUL character"),
        (b"[site.a]\naddress = 'https://h/c'\ntoken_command = [\"a\\u0000\"]", "token_command must be a program"),
    ],
    ids=str,
)
def test_load_names_what_is_wrong_when_the_file_cannot_be_used(body: bytes, why: str) -> None:
    path = write("")
    path.write_bytes(body)
    with pytest.raises(SettingsError, match=why) as refused:
        settings.load_config()
    assert str(refused.value).startswith((str(path), f"cannot read '{path}'"))


def test_load_ends_when_the_file_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "COMMAND_TIME", 0.05)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, why in ((Path("/dev/zero"), "larger than"), (tmp_path, "directory"), (pipe, "nothing was written to it")):
        monkeypatch.setenv("DRTUI_CONFIG", str(path))
        with pytest.raises(SettingsError, match=why):
            settings.load_config()


def secret_file(path: Path, mode: int, text: str = f"{PLANTED}\n") -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o610])
def test_secret_file_is_refused_when_others_can_read_it(tmp_path: Path, mode: int) -> None:
    path = secret_file(tmp_path / "secret", mode)
    with pytest.raises(SettingsError) as refused:
        settings.read_secret_line(path)
    assert f"chmod 600 {path}" in str(refused.value)
    assert PLANTED not in str(refused.value)


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_secret_file_is_read_when_it_is_private(tmp_path: Path, mode: int) -> None:
    assert settings.read_secret_line(secret_file(tmp_path / "secret", mode)).reveal() == PLANTED


def test_secret_is_read_when_it_comes_through_a_pipe() -> None:
    out, into = os.pipe()
    os.write(into, PLANTED.encode())
    os.close(into)
    assert settings.read_secret_line(Path(f"/dev/fd/{out}")).reveal() == PLANTED
    os.close(out)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (f"{PLANTED}\n".encode("utf-16"), "UTF-16. Save it as UTF-8"),
        (f"{PLANTED}\n".encode("utf-16-le"), "NUL bytes, as UTF-16 does"),
        (f"{PLANTED}\0\n".encode(), "NUL bytes"),
        (PLANTED.encode() + b"\xff", "not UTF-8 text"),
        (PLANTED.encode() * 10_000, "first line is longer than 64 KiB"),
        (b"", "its first line is empty"),
        (b"\r\n" + PLANTED.encode(), "its first line is empty"),
        (codecs.BOM_UTF8, "its first line is empty"),
    ],
    ids=["UTF-16", "UTF-16 without its mark", "NUL", "not UTF-8 text", "endless", "empty", "empty line", "mark alone"],
)
def test_secret_file_is_named_and_not_its_content_when_it_holds_none(tmp_path: Path, body: bytes, why: str) -> None:
    path = secret_file(tmp_path / "secret", 0o600)
    path.write_bytes(body)
    with pytest.raises(SettingsError, match=why) as refused:
        settings.read_secret_line(path)
    assert str(path) in str(refused.value)
    assert PLANTED not in str(refused.value)


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\nmore\n"])
def test_secret_is_the_first_line_when_a_byte_order_mark_precedes_it(tmp_path: Path, ending: str) -> None:
    path = secret_file(tmp_path / "secret", 0o600)
    path.write_bytes(codecs.BOM_UTF8 + PLANTED.encode() + ending.encode())
    assert settings.read_secret_line(path).reveal() == PLANTED


def test_secret_is_awaited_when_the_pipe_has_no_writer_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    monkeypatch.setattr(settings, "COMMAND_TIME", 0.05)
    with pytest.raises(SettingsError, match="no secret was written to"):
        settings.read_secret_line(pipe)
    monkeypatch.setattr(settings, "COMMAND_TIME", 30.0)
    writer = threading.Thread(target=lambda: pipe.write_text(f"{PLANTED}\n"))
    writer.start()
    assert settings.read_secret_line(pipe).reveal() == PLANTED
    writer.join()


@pytest.mark.parametrize("name", [PLANTED, f"{PLANTED}/x", PLANTED * 100])
def test_name_is_not_repeated_when_the_option_names_no_file(name: str) -> None:
    with pytest.raises(SettingsError, match=r"--token-file: cannot open the file .* Give a path") as refused:
        settings.read_secret_line(Path(name), "--token-file")
    assert PLANTED not in str(refused.value)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("cat", "/dev/zero"), "'cat' printed more than 64 KiB instead of a secret"),
        (("yes", PLANTED), "'yes' printed more than 64 KiB instead of a secret"),
        ((sys.executable, "-c", f"print('{PLANTED}' * 10_000, flush=True); import time; time.sleep(60)"), "64 KiB"),
    ],
    ids=["endless line", "endless lines", "then waits"],
)
def test_command_is_ended_and_named_when_its_output_does_not_end(command: tuple[str, ...], why: str) -> None:
    with pytest.raises(SettingsError, match=why) as refused:
        settings.fetch_secret(SecretReference("token", command=command))
    assert PLANTED not in str(refused.value)


@pytest.mark.parametrize("code", ["", "import os; os.close(1); ", f"print('{PLANTED}', flush=True); "])
def test_command_is_ended_and_named_when_it_takes_too_long(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "COMMAND_TIME", 0.5)
    command = (sys.executable, "-c", f"{code}import time; time.sleep(60)")
    with pytest.raises(SettingsError, match=r"printed no secret within 0\.5 s"):
        settings.fetch_secret(SecretReference("token", command=command))


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("print()", "printed nothing"),
        (f"print('{PLANTED}'); raise SystemExit(3)", "ended with exit code 3"),
        (r"import sys; sys.stdout.buffer.write(b'\xff')", "not UTF-8 text"),
    ],
)
def test_secret_command_is_named_without_output_when_it_gives_none(code: str, why: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings.fetch_secret(SecretReference("token", command=(sys.executable, "-c", code)))
    assert why in str(refused.value)
    assert PLANTED not in str(refused.value)


def test_secret_command_is_named_when_it_is_not_installed() -> None:
    with pytest.raises(SettingsError, match="Check that it is installed"):
        settings.fetch_secret(SecretReference("token", command=("no-such-program-at-all",)))


def test_secret_command_gives_its_first_line_when_it_prints_several(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DRTUI_TOKEN", "DRTUI_PASSWORD", "DRTUI_PASSCODE"):
        monkeypatch.setenv(name, PLANTED)
    code = (
        "import os; print(*[n for n in os.environ if n.startswith('DRTUI_')] or ['nothing inherited']); print('second')"
    )
    secret = settings.fetch_secret(SecretReference("token", command=(sys.executable, "-c", code)))
    assert secret.reveal() == "nothing inherited"


@pytest.mark.parametrize("beyond", [0, 1])
def test_command_may_print_as_much_as_a_secret_can_be_when_it_ends(beyond: int) -> None:
    length = settings.MAX_SECRET_BYTES + beyond
    reference = SecretReference("token", command=(sys.executable, "-c", f"print('x' * {length}, end='')"))
    if beyond:
        with pytest.raises(SettingsError, match="printed more than"):
            settings.fetch_secret(reference)
    else:
        assert settings.fetch_secret(reference).reveal() == "x" * length


def test_secret_command_runs_without_shell_when_it_has_special_characters() -> None:
    secret = settings.fetch_secret(SecretReference("token", command=("echo", "$HOME;", "`id`")))
    assert secret.reveal() == "$HOME; `id`"


def test_secret_variable_is_read_or_named_when_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUR_PASSWORD", PLANTED)
    assert settings.fetch_secret(SecretReference("password", variable="OUR_PASSWORD")).reveal() == PLANTED
    with pytest.raises(SettingsError, match="no password in environment variable OTHER"):
        settings.fetch_secret(SecretReference("password", variable="OTHER"))
