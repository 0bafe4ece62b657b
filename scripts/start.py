"""``scripts/run``, first part: with nothing but Python, prepare the machine, then hand over to :mod:`scripts.serve`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from scripts import address, machine, options
from scripts.steps import Stopped


def main(argv: Sequence[str]) -> int:
    """Prepare, then become the site's process; an exit status when something stands in the way."""
    try:
        wanted = options.parse(argv)
    except options.BadOption as error:
        print(f"{error}\nL’aide : scripts/run --help", file=sys.stderr)
        return 2
    if wanted.help:
        print(options.HELP, end="")
        return 0
    try:
        if not wanted.prepare:
            # Told now rather than after a minute of installing.
            address.listen(wanted.host, wanted.port or address.DEFAULT_PORT).close()
        machine.install(machine.SITE)
        python = machine.environment("requirements.txt")
    except (address.AddressRefused, Stopped) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nArrêté. Relancez scripts/run pour reprendre.", file=sys.stderr)
        return 130
    # Without compiled modules each start costs half a second more.
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    os.execve(python, [str(python), "-P", "-m", "scripts.serve", *argv], environ)  # noqa: S606


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
