"""Parsing of pasted addresses; error messages contain no secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drtui.core.model.address import Address, AddressError, is_loopback

SITE = "https://gis.example.com/arcgis"


@pytest.mark.parametrize(
    "pasted",
    [
        SITE,
        f"{SITE}/",
        f"{SITE}//",
        f"  {SITE}\n",
        f"<{SITE}>",
        f'"{SITE}"',
        f"'{SITE}'",
        f"{SITE}/home",
        f"{SITE}/home/",
        f"{SITE}/home/index.html",
        f"{SITE}/home/item.html?id=0123&owner=ann@example.com",
        f"{SITE}/home/signin.html?returnUrl=https%3A%2F%2Felsewhere.example",
        f"{SITE}/manager",
        f"{SITE}/manager/#/backup",
        f"{SITE}/admin",
        f"{SITE}/admin?f=json",
        f"{SITE}/admin/system/disasterrecovery/stores/default/backups?f=pjson",
        f"{SITE}/sharing/rest/generateToken",
        f"{SITE}/rest/services",
        f"{SITE}#home",
        f"{SITE}?f=json",
        "gis.example.com/arcgis",
        "gis.example.com/arcgis/home",
        "gis.example.com/arcgis/home/signin.html?returnUrl=https://elsewhere.example/x",
        "HTTPS://GIS.Example.COM/arcgis",
        "https://gis.example.com./arcgis",
        "https://gis.example.com:443/arcgis",
        "gis.example.com:443/arcgis/admin",
        "https://gis.example.com:/arcgis",
        "https://gis.example.com/./arcgis/admin",
    ],
)
def test_address_parse_returns_same_site_for_every_pasted_form(pasted: str) -> None:
    address = Address.parse(pasted)
    assert (address.url, address.admin_url, str(address)) == (SITE, f"{SITE}/admin", "gis.example.com/arcgis")


@pytest.mark.parametrize(
    ("pasted", "url"),
    [
        ("https://gis.example.com", "https://gis.example.com"),
        ("gis.example.com/", "https://gis.example.com"),
        ("https://gis.example.com/home", "https://gis.example.com"),
        ("https://gis.example.com/Admin/system", "https://gis.example.com"),
        ("https://gis.example.com/ArcGIS/home", "https://gis.example.com/ArcGIS"),
        ("https://gis.example.com:8443/enterprise/admin", "https://gis.example.com:8443/enterprise"),
        ("gis:6443", "https://gis:6443"),
        ("gis", "https://gis"),
        ("gis/'", "https://gis"),
        ("gis/arcgis'/home", "https://gis/arcgis"),
        ("gis/<arcgis>/home", "https://gis/arcgis"),
        ("10.0.0.7/arcgis", "https://10.0.0.7/arcgis"),
        ("https://[2001:db8::7]/arcgis", "https://[2001:db8::7]/arcgis"),
        ("https://[2001:DB8::7]:8443/arcgis/home", "https://[2001:db8::7]:8443/arcgis"),
        ("[::1]:8443/arcgis", "https://[::1]:8443/arcgis"),
        ("https://münchen.example/arcgis", "https://münchen.example/arcgis"),
        ("https://xn--mnchen-3ya.example/arcgis", "https://xn--mnchen-3ya.example/arcgis"),
        ("https://地図.example/地図/home", "https://地図.example/地図"),
        ("https://gis.example.com/my%20site/home", "https://gis.example.com/my%20site"),
        ("https://gis_1.example.com/a", "https://gis_1.example.com/a"),
        ("http://localhost:8080/arcgis", "http://localhost:8080/arcgis"),
        ("http://localhost:80/arcgis", "http://localhost/arcgis"),
        ("http://127.0.0.1:6080", "http://127.0.0.1:6080"),
        ("http://127.9.9.9/a", "http://127.9.9.9/a"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("http://gis.localhost/a", "http://gis.localhost/a"),
    ],
)
def test_address_parse_returns_host_port_and_context(pasted: str, url: str) -> None:
    assert Address.parse(pasted).url == url


@given(st.sampled_from([SITE, "https://[::1]:8443/a", "https://gis.example.com", "http://localhost:81/x"]))
def test_address_parse_returns_same_address_for_its_url(url: str) -> None:
    assert Address.parse(Address.parse(url).url) == Address.parse(url)


@pytest.mark.parametrize(
    "pasted",
    [
        "http://gis.example.com/arcgis",
        "HTTP://10.0.0.7",
        "http://localhost.example.com/a",
        "http://127.0.0.1.example.com/a",
        "http://2130706433/a",
        "http://[2001:db8::7]/a",
        "http://0.0.0.0/a",
    ],
)
def test_address_parse_rejects_http_when_host_is_not_loopback(pasted: str) -> None:
    with pytest.raises(AddressError, match="--http"):
        Address.parse(pasted)
    assert Address.parse(pasted, allow_http=True).scheme == "http"


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "   ",
        "https://",
        "https:///arcgis",
        "//gis.example.com/arcgis",
        "/arcgis",
        "?f=json",
        "https:/gis.example.com/arcgis",
        "http:/localhost/arcgis",
        "ftp://gis.example.com/arcgis",
        "file:///etc/passwd",
        "javascript://gis.example.com",
        "https://gis example.com/arcgis",
        "https://gis.example.com/arc\tgis",
        "https://gis.example.com\n.evil.example/arcgis",
        "https://gis.example.com:99999/arcgis",
        "https://gis.example.com:port/arcgis",
        "https://gis.example.com:-1/arcgis",
        "https://gis.example.com:0/arcgis",
        "https://[::1/arcgis",
        "https://[fe80::1%25eth0]/arcgis",
        "https://-gis.example.com",
        "https://.example.com",
        "https://gis..example.com",
        "https://gis,example/arcgis",
        "https://gis.example.com\\@evil.example/arcgis",
        "https://gis\u202e.example/arcgis",
        "https://gis\u200b.example/arcgis",
        "https://gis\x1b[31m.example/arcgis",
        "https://gis\ud800.example",
        "https://gis.example.com\uff0fevil/arcgis",
    ],
)
def test_address_parse_rejects_invalid_text_with_printable_message(pasted: str) -> None:
    with pytest.raises(AddressError) as caught:
        Address.parse(pasted)
    assert str(caught.value).isprintable()
    advice = "The address contains a user name or password" if "@" in pasted else "Write it like https://"
    assert advice in str(caught.value)


@pytest.mark.parametrize(
    "pasted",
    [
        "https://ann:Planted9@gis.example.com/arcgis",
        "ann:Planted9@gis.example.com",
        "https://Planted9@gis.example.com/arcgis",
        "https://:Planted9@gis.example.com/arcgis",
        "https://@gis.example.com/arcgis",
        "https://:@gis.example.com/arcgis",
        "http://ann:Planted9@localhost/arcgis",
        "https://ann:Planted9 x@gis.example.com/arcgis",
        "https://ann:Planted9@gis.example.com:99999/arcgis",
        "https://ann:Planted9/x@gis.example.com/arcgis",
        "https://ann:Planted9?x@gis.example.com/arcgis",
        "https://ann:Planted9#x@gis.example.com/arcgis",
        "ftp://ann:Planted9@gis.example.com/arcgis",
        "https://ann:Planted9@/arcgis",
    ],
)
def test_address_error_hides_password_when_address_has_credentials(pasted: str) -> None:
    with pytest.raises(AddressError) as caught:
        Address.parse(pasted)
    assert "Planted9" not in str(caught.value)


@pytest.mark.parametrize(
    "pasted",
    [
        "https://?token=Planted9",
        "https://gis.example.com:99999/arcgis/admin?token=Planted9",
        "https://gis..example.com/arcgis/home#access_token=Planted9",
        "gis example.com/arcgis?token=Planted9",
    ],
)
def test_address_error_hides_token_when_address_has_one(pasted: str) -> None:
    with pytest.raises(AddressError) as caught:
        Address.parse(pasted)
    assert "Planted9" not in str(caught.value)


def test_address_parse_drops_token() -> None:
    assert "Planted9" not in repr(Address.parse(f"{SITE}/admin?token=Planted9#access_token=Planted9"))


@given(st.text(st.characters(), max_size=40))
def test_address_parse_returns_or_raises_address_error_for_any_text(text: str) -> None:
    try:
        address = Address.parse(text)
    except AddressError as error:
        assert str(error).isprintable()  # noqa: PT017 - either outcome is right
    else:
        assert address.url.isprintable()
        assert "@" not in address.host


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("LOCALHOST", True),
        ("[::1]", True),
        ("::1", True),
        ("127.0.0.1", True),
        ("", False),
        ("gis.example.com", False),
        ("0.0.0.0", False),
        ("localhost.example", False),
        ("notlocalhost", False),
    ],
)
def test_is_loopback_returns_expected_value(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
