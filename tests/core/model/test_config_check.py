"""All problems of a configuration at once, and the lines they are in."""

import tomllib
from pathlib import Path

import pytest

from drtui.core.model.config_check import check_document, key_lines

FOLDER = Path("/etc/somewhere")
PROD = '[site.prod]\naddress = "https://gis.example.com/arcgis"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PROD, []),
        ("", []),
        (f"histroy = true\nmuose = false\n{PROD}", [("", "histroy", "mean history"), ("", "muose", "mean mouse")]),
        (f'default = "prd"\n{PROD}', [("", "default", "Did you mean prod")]),
        (
            f'history = "no"\nhistory_days = 0\n{PROD}',
            [("", "history", "true or false"), ("", "history_days", "36600")],
        ),
        (f"keys.refresh = 3\n{PROD}", [("", "keys", "keys.refresh must be a key")]),
        (f'{PROD}usr = "a"\ntimeout = "5"\n', [("prod", "usr", "mean user"), ("prod", "timeout", "must be a number")]),
        ('[site.a]\nadress = "https://h/c"\n', [("a", "adress", "mean address")]),
        ("[site.a]\n", [("a", "", "'' is not a valid address")]),
        (f'{PROD}timeout = 0\n[site.b]\naddress = "x y"\n', [("prod", "timeout", "range"), ("b", "", "'x y'")]),
        (f'{PROD}token = "planted"\n', [("prod", "token", "Use token_file")]),
        (f'{PROD}key = "k"\nusr = "a"\n', [("prod", "usr", "mean user"), ("prod", "", "needs cert")]),
        ("site = 3\n", [("", "site", "site must be a table")]),
        ("[site]\na = 1\n", [("a", "", "must be a table of keys")]),
        ('[site."a b"]\naddress = "https://h/c"\n', [("a b", "", "is not allowed")]),
    ],
)
def test_check_document_returns_every_problem_when_there_are_several(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    findings = check_document(tomllib.loads(text), FOLDER).findings
    assert [(finding.site, finding.key) for finding in findings] == [place[:2] for place in expected]
    for finding, (_, _, words) in zip(findings, expected, strict=True):
        assert words in finding.text
        assert finding.is_error
        assert "planted" not in finding.text


def test_check_document_returns_the_usable_profiles_and_keys_when_others_are_broken() -> None:
    checked = check_document(tomllib.loads(f'keys.refresh = "R"\n{PROD}[site.b]\nadress = "https://h/c"\n'), FOLDER)
    assert [profile.name for profile in checked.profiles] == ["prod"]
    assert checked.keys == {"refresh": ("R",)}


@pytest.mark.parametrize(("user", "words"), [("", "and the same account"), ('user = "b"\n', "for another account")])
def test_check_document_notes_a_shared_address_once_when_two_sites_have_it(user: str, words: str) -> None:
    twin = '[site.twin]\naddress = "https://gis.example.com/arcgis/home"\n'
    (note,) = check_document(tomllib.loads(f"{PROD}{twin}{user}"), FOLDER).findings
    assert (note.site, note.key, note.is_error) == ("twin", "address", False)
    assert "[site.prod]" in note.text
    assert words in note.text


def test_key_lines_returns_each_key_in_the_usual_spellings() -> None:
    lines = key_lines(
        '# comment\ndefault = "a"\n[keys]\nrefresh = "R"\n\n[site.a] # first\n  user = "b"\n'
        '[ site . "c" ]\n"timeout" = 5\nstore = """\nuser = "within a text"\n"""\naccent = "red"\n'
    )
    assert lines == {
        ("", "default"): 2,
        ("[keys]", ""): 3,
        ("[keys]", "refresh"): 4,
        ("a", ""): 6,
        ("a", "user"): 7,
        ("c", ""): 8,
        ("c", "timeout"): 9,
        ("c", "store"): 10,
        ("c", "accent"): 13,
    }
