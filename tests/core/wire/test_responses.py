"""Decoding of the root, stores, settings and data stores of a site."""

import json
from typing import Any

import msgspec
import pytest

from drtui.core.model import site as s
from drtui.core.model.site import Release
from drtui.core.wire import responses
from drtui.core.wire.lenient import WireError

T = 1_789_862_400_000


def sent(answer: object) -> dict[str, Any]:
    """Return the parsed document of an answer."""
    return responses.parse_document(json.dumps(answer).encode())


@pytest.mark.parametrize(
    ("answer", "release", "resources"),
    [
        ({"fullVersion": "10.9.1", "currentVersion": "10.9.1", "resources": ["orgs", "system"]}, "10.9.1", 2),
        ({"fullVersion": "11.4.0.6300", "currentVersion": 11.4}, "11.4.0.6300", 0),
        ({"fullVersion": None, "currentVersion": 11.2, "resources": None}, "11.2", 0),
        ({"currentVersion": "11.3"}, "11.3", 0),
        ({"currentVersion": 12}, "12", 0),
        ({"fullVersion": "a new way", "currentVersion": "11.5"}, "11.5", 0),
        ({"fullVersion": {}, "resources": []}, None, 0),
        ({"resources": ["system"]}, None, 1),
    ],
)
def test_decode_site_returns_release_and_resources(answer: object, release: str | None, resources: int) -> None:
    site = responses.decode_site(sent(answer))
    assert (str(site.release) if site.release else None, len(site.resources)) == (release, resources)


@pytest.mark.parametrize("answer", [{}, {"status": {"stages": []}}, {"version": "11.4"}])
def test_decode_site_raises_when_release_and_resources_are_missing(answer: object) -> None:
    with pytest.raises(WireError, match="fullVersion"):
        responses.decode_site(sent(answer))


VOLUME = {"provisioningType": "DYNAMIC", "storageClass": "fast", "size": "64Gi", "labels": {"a": "b"}}


@pytest.mark.parametrize(
    ("record", "store"),
    [
        (
            {"name": "vault", "type": "HOSTED", "default": True, "rootDir": "rootdir", "storageConfig": VOLUME}
            | {"identity": "id", "identityKey": "PlantedIdentityKey", "autoShutdown": True},
            s.Store("vault", "HOSTED", True, root="rootdir", provisioning="DYNAMIC", storage_class="fast", size="64Gi"),
        ),
        (
            {
                "name": "s3",
                "type": "S3",
                "default": False,
                "versionCreated": "11.4",
                "providerID": "p",
                "serviceID": "q",
            }
            | {"bucketName": "b", "region": "eu-central-1", "rootDir": "r", "supportBDSBackup": False},
            s.Store(
                "s3", "S3", False, Release.parse("11.4"), "r", "b", "eu-central-1", "p", "q", covers_big_data=False
            ),
        ),
        (
            {"name": "az", "type": "AZURE_BLOBSTORE", "containerName": "c", "providerId": "p", "serviceId": "q"},
            s.Store("az", "AZURE_BLOBSTORE", bucket="c", provider="p", service="q"),
        ),
        ({"name": "new", "type": "TAPE", "default": "true"}, s.Store("new", "TAPE", True)),  # R18
        ({"name": 7, "default": 1, "storageConfig": "x"}, s.Store("7")),
        ({"name": None, "type": None, "default": None, "storageConfig": None}, s.Store("")),
        ({"storageConfig": {"size": None}}, s.Store("")),
        ({}, s.Store("")),  # R16
        (None, s.Store("")),
    ],
)
def test_decode_stores_returns_every_field(record: object, store: s.Store) -> None:
    (decoded,) = responses.decode_stores(sent({"backupStores": [record]}))
    assert msgspec.structs.replace(decoded, raw=b"{}") == store


def test_store_location_has_expected_text() -> None:
    stores = responses.decode_stores(
        sent({"backupStores": [{"rootDir": "r", "storageConfig": VOLUME}, {"bucketName": "b", "region": "z"}, {}]})
    )
    assert [store.location for store in stores] == ["r dynamic fast 64Gi", "b z", ""]


LISTS = [
    (responses.decode_stores, "backupStores"),
    (responses.decode_schedules, "result"),
    (responses.decode_jobs, "jobs"),
    (responses.decode_data_stores, "items"),
]


@pytest.mark.parametrize(("read", "key"), LISTS)
def test_decoders_raise_when_value_is_no_list(read: Any, key: str) -> None:
    assert read(sent({key: []})) == ()
    with pytest.raises(WireError, match=f'no "{key}"'):
        read(sent({}))
    for other in (None, {}, "", 0, True, {"a": 1}):
        with pytest.raises(WireError, match=f'under "{key}", not a list'):
            read(sent({key: other}))


@pytest.mark.parametrize(
    ("answer", "settings"),
    [
        (
            {"stagingVolumeConfig": {"component": "DR_JOB", "g": T} | VOLUME},
            s.DrSettings(None, "DYNAMIC", "fast", "64Gi"),
        ),
        ({"timeoutInSeconds": 7_200}, s.DrSettings(7_200)),
        ({"timeoutInSeconds": "7200"}, s.DrSettings(7_200)),
        ({"stagingVolumeConfig": {"timeoutInSeconds": 60}}, s.DrSettings(60)),
        ({"timeoutInSeconds": 90, "stagingVolumeConfig": {"timeoutInSeconds": 60}}, s.DrSettings(90)),
        ({"timeoutInSeconds": 0}, s.DrSettings()),
        ({"timeoutInSeconds": -1}, s.DrSettings()),
        ({"timeoutInSeconds": None, "stagingVolumeConfig": None}, s.DrSettings()),
        ({"stagingVolumeConfig": [1]}, s.DrSettings()),
        ({}, s.DrSettings()),
    ],
)
def test_decode_settings_returns_every_field(answer: object, settings: s.DrSettings) -> None:
    assert msgspec.structs.replace(responses.decode_settings(sent(answer)), raw=b"{}") == settings


@pytest.mark.parametrize("answer", [{"other": 1}, {"stagingVolume": {}, "timeout": 7200}, {"settings": {}}])
def test_decode_settings_raises_when_no_documented_key_exists(answer: object) -> None:
    with pytest.raises(WireError, match="neither"):
        responses.decode_settings(sent(answer))
