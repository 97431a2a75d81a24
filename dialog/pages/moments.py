"""Moments in the words of each engine: what lists are sorted by."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from dialog.core.db import UtcDateTime


class seconds(FunctionElement[int]):  # noqa: N801  (a function of SQL, spelled as one)
    """Whole seconds since 1970 of a column of moments."""

    type = BigInteger()
    inherit_cache = True


@compiles(seconds, "sqlite")
def _on_sqlite(element: seconds, compiler: SQLCompiler, **more: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **more)}) AS INTEGER)"


@compiles(seconds, "postgresql")
def _on_postgres(element: seconds, compiler: SQLCompiler, **more: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **more)})) AS BIGINT)"


class newest(FunctionElement[datetime]):  # noqa: N801
    """The last of several moments; none of them may be null."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(newest, "sqlite")
def _newest_on_sqlite(element: newest, compiler: SQLCompiler, **more: Any) -> str:
    return f"max({compiler.process(element.clauses, **more)})"


@compiles(newest, "postgresql")
def _newest_on_postgres(element: newest, compiler: SQLCompiler, **more: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **more)})"
