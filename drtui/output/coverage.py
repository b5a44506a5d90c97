"""Coverage of data stores by backups as text, CSV and JSON."""

from collections.abc import Iterable

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.coverage import Coverage, CoveredStore, StoreCount
from drtui.core.formatting.display import DisplayContext
from drtui.core.listing.csv_values import csv_word
from drtui.core.summary.coverage_text import (
    Statement,
    big_data_statement,
    cover_text,
    coverage_statements,
    data_stores_as_of,
)
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.formats import Field, Row, Table, as_table, moment_object
from drtui.output.sentences import table_sentences

OWNERS = {True: Field("the site", "site"), False: Field("people", "people"), None: Field("unknown", None)}
"""Who manages a data store, by `is_system_managed`."""


def all_statements(assessment: Assessment) -> tuple[Statement, ...]:
    """Return every statement about coverage; empty if the data stores are not known."""
    coverage = assessment.coverage
    big_data = big_data_statement(coverage) if coverage is not None else None
    return (*coverage_statements(assessment), *((big_data,) if big_data is not None else ()))


def coverage_table(assessment: Assessment, coverage: Coverage, view: DisplayContext) -> Table:
    """Return the data stores, one row each; JSON has counts and statements as well."""
    columns = ("DATA STORE", "TYPE", "MANAGED BY", "BACKUPS", "PATH")
    rows = [
        (
            Field.from_text(covered.store.name),
            Field.from_text(covered.store.type),
            OWNERS[covered.store.is_system_managed],
            Field(cover_text(covered, coverage), csv_word(covered.cover.value)),
            Field.from_text(covered.store.path),
        )
        for covered in coverage.stores
    ]
    table = Table.from_fields("data_stores", columns, rows, _store_objects(coverage))
    answer = assessment.site_state.data
    return table._replace(
        extra={
            "data_stores_read_at": moment_object(answer.at if answer is not None else None, view.zone),
            "newest_usable": coverage.point.backup.name if coverage.point is not None else None,
            "counts": [_count_object(count) for count in coverage.counts],
            "big_data_left_out_by": [store.name for store in coverage.without_big_data],
            "big_data_unknown_for": [store.name for store in coverage.big_data_unknown],
            "statements": statement_objects(all_statements(assessment)),
        }
    )


def coverage_text(assessment: Assessment, coverage: Coverage, view: DisplayContext, *, aligned: bool = True) -> str:
    """Return the statements, the time of old data, and the table; `aligned` or as sentences."""
    lines = [statement.text for statement in all_statements(assessment)]
    if as_of := data_stores_as_of(assessment, view.zone):
        lines.append(f"Data stores {as_of}")
    table = coverage_table(assessment, coverage, view)
    stores = f"\n{as_table(table)}" if aligned else "".join(f"{line}\n" for line in table_sentences(table))
    return "".join(f"{line}\n" for line in lines) + stores


def statement_objects(statements: Iterable[Statement]) -> list[Row]:
    """Return statements as JSON objects."""
    return [{"code": s.code, "text": s.text, "unknown": s.is_unknown} for s in statements]


def newest_coverage_objects(assessment: Assessment, point: RestorePoint) -> list[Row] | None:
    """Return the statements at the newest usable restore point; None at others, and if coverage is unknown."""
    coverage = assessment.coverage
    if coverage is None or coverage.point is None or coverage.point.id != point.id:
        return None
    return statement_objects(all_statements(assessment))


def _store_objects(coverage: Coverage) -> list[Row]:
    return [_store_object(covered, coverage) for covered in coverage.stores]


def _store_object(covered: CoveredStore, coverage: Coverage) -> Row:
    store = covered.store
    return {
        "name": store.name,
        "type": store.type,
        "path": store.path,
        "id": store.id,
        "system_managed": store.is_system_managed,
        "coverage": csv_word(covered.cover.value),
        "text": cover_text(covered, coverage),
    }


def _count_object(count: StoreCount) -> Row:
    return {
        "part": count.kind,
        "listed": count.listed,
        "held": count.held,
        "missing": count.missing,
        "last_with_all": count.last_full.backup.name if count.last_full is not None else None,
    }
