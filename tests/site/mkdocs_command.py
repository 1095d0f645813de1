"""The command `mkdocs` as people call it, and what it complains about."""

import re
import shutil
import sysconfig

MKDOCS = shutil.which("mkdocs", path=sysconfig.get_path("scripts")) or "mkdocs"
BROWSER_PACK = shutil.which("browser-pack", path=sysconfig.get_path("scripts")) or "browser-pack"

ENTRY = re.compile(r"^(?P<level>[A-Z]+) +-  (?P<text>.*)$")


def complaints(log: str) -> list[str]:
    """Return all that a build printed beyond its progress, one string an entry.

    Those are warnings and errors of MkDocs and its plugins, Python's warnings, which MkDocs logs as progress, and lines
    without a level: whatever else printed them, a reader of this site's build should not have to.
    """
    found: list[str] = []
    progress = False
    for line in log.splitlines():
        entry = ENTRY.match(line)
        if entry:
            text = entry["text"]
            progress = entry["level"] in ("INFO", "DEBUG") and not re.match(r"\w*Warning: ", text)
            if not progress:
                found.append(f"{entry['level']}: {text}")
        elif line.strip() and not progress:
            found.append(line)
        elif line.strip() and not line.startswith(" "):
            progress = False
            found.append(line)
    return found
