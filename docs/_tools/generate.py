"""Write or check everything that is generated from data and committed.

uv run python -m docs._tools.generate --write    write what is stale
uv run python -m docs._tools.generate --check    name what is stale, exit 1
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from . import (
    chain_cost,
    corrections,
    error_codes,
    error_pages,
    exception_sections,
    fault_table,
    first_call_cost,
    migration_tables,
    model_limits,
    model_list,
    model_prices,
    object_fields,
    parameter_matrix,
    parameter_schemas,
    price_data,
    price_history,
    retry_timelines,
    sandbox_evidence,
    sdk_tables,
    service_prices,
    speed_table,
    version_table,
)
from .as_of import ROOT

TARGETS: dict[Path, Callable[[], str]] = (
    object_fields.TARGETS
    | sdk_tables.TARGETS
    | migration_tables.TARGETS
    | sandbox_evidence.TARGETS
    | error_pages.TARGETS
    | error_codes.TARGETS
    | exception_sections.TARGETS
    | model_prices.TARGETS
    | version_table.TARGETS
    | retry_timelines.TARGETS
    | {
        module.TARGET: module.render
        for module in (
            model_list,
            parameter_schemas,
            fault_table,
            first_call_cost,
            chain_cost,
            model_limits,
            service_prices,
            price_history,
            parameter_matrix,
            price_data,
            speed_table,
            corrections,
        )
    }
)


def stale(targets: dict[Path, Callable[[], str]] = TARGETS) -> dict[Path, str]:
    """Return the files whose content is not what would be generated now, and what that is."""
    fresh = {path: render() for path, render in targets.items()}
    return {path: text for path, text in fresh.items() if not path.exists() or path.read_text("utf-8") != text}


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns 1 if `--check` found something stale."""
    parser = argparse.ArgumentParser(prog="python -m docs._tools.generate", description=__doc__)
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--write", action="store_true", help="write what is stale")
    mode.add_argument("--check", action="store_true", help="name what is stale and exit 1")
    options = parser.parse_args(arguments)
    for path, text in (found := stale()).items():
        if options.write:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        print(f"{'wrote' if options.write else 'stale'}: {path.relative_to(ROOT)}")
    if found and options.check:
        print("Run: uv run python -m docs._tools.generate --write", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
