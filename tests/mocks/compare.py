"""Mocks of the API, asked the same: `uv run python -m tests.mocks.compare [--write]`.

Each mock is installed in an environment of its own, as of the as-of date, started on this machine and sent the requests
of `probes.py`. What they found is in docs/_tools/data/mocks.json, of which `docs/_tools/tables/mocks.py` makes the
table: exit code 1 if something is different now. `--write` writes that file instead. Needs the package index, Node and
`npm install --no-package-lock`.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from openai.types.chat import ChatCompletion
from openai.types.responses import Response
from pydantic import TypeAdapter, ValidationError

from docs._tools.data.as_of import ROOT, as_of
from docs._tools.data.json_form import in_form

from . import probes, tools

DATA = ROOT / "docs" / "_tools" / "data" / "mocks.json"
COMMAND = "uv run python -m tests.mocks.compare --write"
TYPES: dict[str, TypeAdapter[Any]] = {"responses": TypeAdapter(Response), "chat": TypeAdapter(ChatCompletion)}


def fits(kind: str, reply: Any) -> bool:
    """Tell whether a reply is what the SDK's type says, with nothing missing and nothing converted."""
    try:
        TYPES[kind].validate_json(json.dumps(reply), strict=True)
    except ValidationError:
        return False
    return True


def judged(found: dict[str, dict[str, bool]], kept: dict[str, Any]) -> dict[str, dict[str, bool]]:
    """Return what was found, with what the SDK's types say of the replies that were kept."""
    types = {kind: found["apis"][kind] and fits(kind, kept.get(kind)) for kind in TYPES}
    return found | {"types": types}


def find() -> dict[str, Any]:
    """Ask all mocks."""
    rows = {}
    for name, run in tools.SERVERS.items():
        print(f"{name} ...", file=sys.stderr, flush=True)
        with run() as served:
            rows[name] = judged(*probes.results(served))
    print("openai-responses ...", file=sys.stderr, flush=True)
    told = tools.openai_responses()
    rows["openai-responses"] = judged(told["found"], told["kept"])
    for requirement in (tools.LLMOCK, tools.FAKELLM, tools.MOCKLLM, tools.OPENAI_RESPONSES, tools.AIMOCK_PYTEST):
        name = requirement.partition("==")[0]
        rows[name.removesuffix("-pytest")]["pytest"] = {
            "plugin": tools.has_fixture(tools.environment(requirement), name)
        }
    rows["sandbox"]["pytest"] = {"plugin": tools.has_fixture(Path(sys.executable), "openai-sandbox")}
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return {
        "$comment": f"Written by tests/mocks/compare.py: {COMMAND}",
        "as_of": str(as_of()),
        "conditions": {
            "python": f"{sys.version_info.major}.{sys.version_info.minor}",
            "node": node.removeprefix("v").partition(".")[0],
            "openai": version("openai"),
        },
        "versions": versions(),
        "found": rows,
    }


def versions() -> dict[str, str]:
    """Return the version of each mock."""
    aimock = json.loads((tools.AIMOCK / "package.json").read_text("utf-8"))["version"]
    pinned = dict(one.split("==") for one in (tools.LLMOCK, tools.FAKELLM, tools.MOCKLLM, tools.OPENAI_RESPONSES))
    plugin = tools.AIMOCK_PYTEST.partition("==")[2]
    return {"sandbox": version("openai-sandbox"), "aimock": aimock, **pinned, "aimock-pytest": plugin}


def differences(recorded: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """Yield what is not as it was recorded. The as-of date and the conditions may be others."""
    for name in sorted({*recorded["versions"].items(), *now["versions"].items()}):
        if recorded["versions"].get(name[0]) != now["versions"].get(name[0]):
            yield f"{name[0]}: {recorded['versions'].get(name[0])} is now {now['versions'].get(name[0])}"
    before, after = (dict(_flat(one["found"])) for one in (recorded, now))
    for place in sorted({*before, *after}):
        if before.get(place) != after.get(place):
            yield f"{' / '.join(place)}: {before.get(place)} is now {after.get(place)}"


def _flat(found: dict[str, dict[str, dict[str, bool]]]) -> Iterator[tuple[tuple[str, str, str], bool]]:
    for name, groups in found.items():
        for about, some in groups.items():
            for one, holds in some.items():
                yield (name, about, one), holds


def main(arguments: list[str]) -> int:
    """Ask all mocks, then write or compare. Returns the exit code."""
    if arguments not in ([], ["--write"]):
        print(__doc__, file=sys.stderr)
        return 2
    if not shutil.which("node") or not tools.AIMOCK.is_dir():
        print("this needs Node, and: npm install --no-package-lock", file=sys.stderr)
        return 2
    now = find()
    if arguments:
        DATA.write_text(in_form(now) + "\n", "utf-8")
        print(f"wrote: {DATA.relative_to(ROOT)}")
        return 0
    changed = list(dict.fromkeys(differences(json.loads(DATA.read_text("utf-8")), now)))
    for line in changed:
        print(line, file=sys.stderr)
    if changed:
        print(f"Run: {COMMAND}", file=sys.stderr)
        return 1
    yes = {name: sum(holds for place, holds in _flat(now["found"]) if place[0] == name) for name in now["found"]}
    asked = len(list(_flat({"": now["found"]["sandbox"]})))
    print(f"all as recorded, of {asked} each: {yes}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
