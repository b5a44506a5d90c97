"""A request as a line for a shell."""

import shlex
from pathlib import Path

import pytest

from drtui.model.curl import curl

URL = "https://gis.example.com/arcgis/admin/system/tasks"


@pytest.mark.parametrize(
    ("ca_file", "insecure", "expected"),
    [
        (None, False, []),
        (Path("our ca.pem"), False, ["--cacert", "our ca.pem"]),
        (Path("ca.pem"), True, ["--insecure"]),
    ],
)
def test_it_asks_the_same_in_the_same_way(ca_file: Path | None, insecure: bool, expected: list[str]) -> None:
    words = shlex.split(curl(URL, user="a", referer="it's mine", ca_file=ca_file, insecure=insecure))
    assert words[:3] == ["curl", "--silent", "--show-error"]
    assert words[3 : 3 + len(expected)] == expected
    assert words[-4:] == [
        "X-Esri-Authorization: Bearer $DRTUI_TOKEN", "--header", "Referer: it's mine", f"{URL}?f=json",
    ]  # fmt: skip


def test_the_sign_in_names_the_password_as_a_variable() -> None:
    made = curl(f"{URL}/sharing/rest/generateToken", user="a b;c", referer="r", ca_file=None, insecure=False)
    assert '--data-urlencode "password=$DRTUI_PASSWORD"' in made
    assert "username=a b;c" in shlex.split(made)
