"""Set the as-of date of pyproject.toml to three days ago, UTC.

Copies of the package index are days behind: with a date that is too near, two machines get different packages.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

pyproject = Path(__file__).parents[1] / "pyproject.toml"
line = f'exclude-newer = "{datetime.now(UTC) - timedelta(days=3):%Y-%m-%d}T00:00:00Z"'
text, moved = re.subn(r'^exclude-newer = ".*"$', line, pyproject.read_text("utf-8"), flags=re.MULTILINE)
if moved != 1:
    raise SystemExit(f'{pyproject}: there should be one line exclude-newer = "...", not {moved}')
pyproject.write_text(text, "utf-8")
