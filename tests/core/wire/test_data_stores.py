"""Decoding of data stores: the published shapes, odd ones, and that no secret or account is kept."""

import json
from typing import Any

import msgspec
import pytest

from drtui.core.model.data_store import DataStore
from drtui.core.wire import responses

CONNECTION = {
    "isManagedData": False,
    "connectionString": "ENCRYPTED_PASSWORD=00022e68;SERVER=db.example.com;USER=sde",
    "users": [{"username": "PlantedUser", "password": "{crypt}PlantedPassword"}],
    "adminUserPassword": "PlantedAdmin",
    "plainText": "PlantedText",
}


def decoded(**record: Any) -> DataStore:
    """Return the data store decoded from a record."""
    (store,) = responses.decode_data_stores(responses.parse_document(json.dumps({"items": [record]}).encode()))
    return store


def test_decode_returns_fields_of_published_relational_store() -> None:
    store = decoded(
        systemManaged=True,
        encryptAttributes=["info.JDBCConnection.password"],
        type="egdb",
        revision="3",
        path="/enterpriseDatabases/b15a6a4d",
        provider="ArcGIS Data Store",
        purposes=["configure", "feature"],
        meta={"created": 1636413981},
        name="relational-store-fjzdg",
        id="b15a6a4d",
        info={"isManagedData": True},
    )
    plain = msgspec.structs.replace(store, raw=b"{}")
    assert plain == DataStore(
        "relational-store-fjzdg", "egdb", "/enterpriseDatabases/b15a6a4d", True, "b15a6a4d", "ArcGIS Data Store",
        ("configure", "feature"),
    )  # fmt: skip
    assert (store.instance, store.part_kind) == ("fjzdg", "relationalStore")


@pytest.mark.parametrize("managed", [True, False, None])
def test_decode_keeps_nothing_of_info_or_unknown_fields(managed: bool | None) -> None:
    store = decoded(systemManaged=managed, type="egdb", name="assets", info=CONNECTION, more={"user": "PlantedUser"})
    everything = repr(msgspec.structs.astuple(store))
    assert "Planted" not in everything
    assert "SERVER" not in everything
    assert "info" not in json.loads(store.raw)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/enterpriseDatabases/assets", "/enterpriseDatabases/assets"),
        ("/fileShares/data@home", "/fileShares/data@home"),
        ("https://PlantedUser:PlantedPassword@host/share", "https://host/share"),
        ("https://PlantedUser@host/share", "https://host/share"),
        (r"\\host\share", r"\\host\share"),
        ("jdbc:oracle:thin:PlantedUser/PlantedPassword@db:1521/x", "db:1521/x"),
        ("/enterpriseDatabases/PlantedUser:PlantedPass@word@db", "db"),
        ("SERVER=db;USER=PlantedUser;PASSWORD=PlantedPassword", "SERVER=db"),
        ("s3://bucket/root?AWSAccessKeyId=PlantedKey&Signature=PlantedSignature", "s3://bucket/root"),
        ("/fileShares/a\x1b[2Jb", None),
        ("/fileShares/area#7; old", "/fileShares/area#7; old"),
        (7, "7"),
        (None, ""),
        ({"a": 1}, ""),
    ],
)
def test_decode_returns_path_without_account_and_control_characters(path: object, kept: str | None) -> None:
    store = decoded(path=path, type="folder", systemManaged=False)
    assert "Planted" not in repr(msgspec.structs.astuple(store))
    assert store.path.isprintable()
    assert kept is None or store.path == kept


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"name": "assets", "path": "/enterpriseDatabases/other", "id": "1"}, "assets"),
        ({"path": "/enterpriseDatabases/other/", "id": "1"}, "other"),
        ({"id": "1"}, "1"),
        ({"name": {}, "path": [], "id": None}, ""),
        ({}, ""),
    ],
)
def test_decode_names_store_by_path_or_id_when_name_is_missing(record: dict[str, Any], name: str) -> None:
    assert decoded(**record).name == name


@pytest.mark.parametrize(
    ("sent", "managed"), [(True, True), ("false", False), ("yes", None), (None, None), (1, None), ([], None)]
)
def test_decode_returns_unknown_owner_when_flag_is_no_boolean(sent: object, managed: bool | None) -> None:
    assert decoded(systemManaged=sent, type="egdb").is_system_managed is managed


@pytest.mark.parametrize(
    ("name", "kind", "managed", "instance"),
    [
        ("relational-store-r4k2w", "egdb", True, "r4k2w"),
        ("relational-store-r4k2w", "egdb", False, ""),
        ("relational-store-r4k2w", "memCacheStore", True, ""),
        ("relational-store-r4k2wx", "egdb", True, ""),
        ("cachestore-p8n2c", "egdb", True, ""),
        ("", "egdb", True, ""),
    ],
)
def test_instance_is_end_of_name_of_system_managed_relational_store(
    name: str, kind: str, managed: bool, instance: str
) -> None:
    assert decoded(name=name, type=kind, systemManaged=managed).instance == instance
