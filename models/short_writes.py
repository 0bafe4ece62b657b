"""Writing at the pace of a wire."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable

from .base import TransactionMisused, db, in_transaction
from .gate import begin, opened_gate
from .statements import joined, statement


class ShortWrites:
    """Many small transactions of statements made once, over a connection kept for all of them, and without a session: a third
    of the price of :func:`transaction`, which all else goes through. Only for what is written at the pace of a wire."""

    def __init__(self) -> None:
        self._taken = db.engine.connect()
        self._gate = opened_gate(self._taken) if self._taken.dialect.name == "sqlite" else None
        if self._gate is None:
            self._taken = self._taken.execution_options(isolation_level="AUTOCOMMIT")
        self._lasting = True

    def write(self, *written: Callable, lasting: bool, **values: object) -> None:
        """Run, in one transaction, the statements that ``written`` make (see :func:`run`).

        :param lasting: as for :func:`transaction`.
        :raises TransactionMisused: inside of a transaction.
        """
        if in_transaction():
            raise TransactionMisused("a transaction is open already")
        driver = self._taken.connection.dbapi_connection
        try:
            if self._gate is not None:
                fcntl.flock(self._gate, fcntl.LOCK_EX)
                try:
                    begin(self._taken, lasting)
                    for one in written:
                        statement(one, self._taken).run_on(driver, values)
                    driver.execute("COMMIT")
                finally:
                    fcntl.flock(self._gate, fcntl.LOCK_UN)
                return
            if self._lasting != lasting:
                driver.execute(f"SET synchronous_commit TO {'DEFAULT' if lasting else 'OFF'}")
                self._lasting = lasting
            # One statement is one transaction, and one journey.
            joined(written, self._taken).run_on(driver, values)
        except BaseException:
            # What was begun goes with its connection, whatever state that is in.
            self._taken.invalidate()
            raise

    def close(self) -> None:
        """Give the connection back as it was."""
        if not self._lasting and not self._taken.invalidated:
            self._taken.connection.dbapi_connection.execute("SET synchronous_commit TO DEFAULT")
        self._taken.close()
        if self._gate is not None:
            os.close(self._gate)
