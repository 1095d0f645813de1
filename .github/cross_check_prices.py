"""Compare the prices this site prints with those that a wheel of litellm carries.

pip download --no-deps --dest DIR litellm && uv run python .github/cross_check_prices.py DIR/litellm-*.whl

Exit code 1 and the differences, if an input, cached or output price differs: the standard one, or that of batch, flex
or fast (there "priority"). Models that litellm does not know are named. Both sources read the same page of OpenAI: this
guards against typing errors, not against a change of that page.
"""

import json
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # this project is not installed

from docs._tools.tables.model_prices import rows

FIELDS = {
    "Input": "input_cost_per_token",
    "Cached input": "cache_read_input_token_cost",
    "Output": "output_cost_per_token",
}
WAYS = {"Batch": "_batches", "Flex": "_flex", "Fast": "_priority"}
FEWEST = 20


def main(arguments: list[str]) -> int:
    """Compare, print and return the exit code."""
    if len(arguments) != 1 or not zipfile.is_zipfile(arguments[0]):
        print("name one wheel: pip download --no-deps --dest DIR litellm", file=sys.stderr)
        return 2
    with zipfile.ZipFile(arguments[0]) as wheel:
        theirs = json.loads(wheel.read("litellm/model_prices_and_context_window_backup.json"), parse_float=Decimal)
    differences, unknown, compared = [], [], 0
    for row in rows():
        other = theirs.get(row.id)
        if other is None:
            unknown.append(row.id)
            continue
        compared += 1
        stated = {"Standard": (row.prices, "")} | {way: (rates.base, WAYS[way]) for way, rates in row.ways.items()}
        for way, (prices, suffix) in stated.items():
            for name, field in FIELDS.items():
                ours, value = prices[name], other.get(field + suffix)
                if ours is not None and value is not None and ours != Decimal(value) * 1_000_000:
                    theirs_ = f"{Decimal(value) * 1_000_000:f}"
                    differences.append(f"{row.id}, {way}: {name} is {ours} here and {theirs_} in litellm")
    print(f"{compared} models compared with {arguments[0]}; not in it: {', '.join(unknown) or 'none'}")
    for difference in differences:
        print(difference)
    if compared < FEWEST:
        print(f"only {compared} models could be compared: the names of one source have changed", file=sys.stderr)
        return 1
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
