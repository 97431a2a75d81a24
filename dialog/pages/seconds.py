"""A moment as whole seconds, in the words of each engine: what waiting times are sorted by."""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


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
