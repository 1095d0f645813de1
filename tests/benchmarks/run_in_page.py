"""How long a reader waits for a block that runs in the page: `uv run python -m tests.benchmarks.run_in_page SITE`.

SITE is a built site with the pack in it. Each figure is the median of several runs in Chromium, from the click to the
first output: cold, with an empty cache; after a reload, with the files in the browser's cache; booted ahead, as
hovering or focusing Run does; and a second run. The site is served from this machine, compressed, so the time of a
network is not in it. The answer has no simulated latency. Exit code 1 if a budget is missed.
"""

import argparse
import functools
import http.server
import os
import shutil
import statistics
import sys
import threading
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from .lighthouse import Compressed

LESSON = "lessons/first-call/"
NAME = "ask.py"
BUDGETS = {"cold, s": 3.0, "booted ahead, s": 0.2, "second run, s": 0.1, "transferred, MB": 15.0}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic"]

# Clicks in the page itself, so that the time of the driver is not in the figure.
CLICK = """async (name) => {
    const block = [...document.querySelectorAll("[data-run]")].find((each) => each.textContent.includes(name));
    const [button, output] = [block.querySelector("button.run"), block.querySelector(".run-output")];
    const began = performance.now();
    const first = new Promise((end) => {
        const seen = new MutationObserver(() => {
            if (!output.textContent) return;
            seen.disconnect();
            end(performance.now() - began);
        });
        seen.observe(output, { childList: true, subtree: true, characterData: true });
    });
    button.click();
    const took = await first;
    while (button.textContent !== "Run") await new Promise(requestAnimationFrame);
    return took / 1000;
}"""


class Served(Compressed):
    """Serves WebAssembly compressed, too, as hosts of static sites do."""

    extensions_map = Compressed.extensions_map | {".wasm": "application/javascript", ".mjs": "text/javascript"}


class TypedWasm(Served):
    """The type of WebAssembly decides whether a browser compiles it while it arrives."""

    def send_header(self, keyword: str, value: str) -> None:
        """Send a header."""
        if keyword == "content-type" and self.path.endswith(".wasm"):
            value = "application/wasm"
        super().send_header(keyword, value)


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address + LESSON)
    page.get_by_role("button", name=f"Run {NAME}").wait_for()
    return page


def once(browser: Browser, address: str) -> dict[str, float]:
    """Measure each kind of run once, with a profile of its own."""
    with browser.new_context() as context:
        page = opened(context, address)
        transferred: list[Request] = []
        context.on("response", lambda response: transferred.append(response.request))
        cold = page.evaluate(CLICK, NAME)
        second = page.evaluate(CLICK, NAME)
        size = sum(request.sizes()["responseBodySize"] for request in transferred)
        again = opened(context, address)
        reloaded = again.evaluate(CLICK, NAME)
        ahead = opened(context, address)
        ahead.get_by_role("button", name=f"Run {NAME}").hover()
        ahead.wait_for_function("performance.getEntriesByName('python-ready').length")
        return {
            "cold, s": cold,
            "after a reload, s": reloaded,
            "booted ahead, s": ahead.evaluate(CLICK, NAME),
            "second run, s": second,
            "transferred, MB": size / 1e6,
        }


def main() -> int:
    """Measure, print, and tell whether the budgets hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("Chromium is not installed", file=sys.stderr)
        return 2
    handler = functools.partial(TypedWasm, directory=str(options.site))
    found: list[dict[str, Any]] = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        for _ in range(options.runs):
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            found.append(once(browser, address))
            version = browser.version
            browser.close()
        server.shutdown()
    print(f"Chromium {version}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; medians of {options.runs} runs:")
    missed = 0
    for name in found[0]:
        median = statistics.median(one[name] for one in found)
        budget = BUDGETS.get(name)
        late = budget is not None and median > budget
        missed += late
        print(f"{name}: {median:.2f}" + (f", budget {budget:g}{' MISSED' if late else ''}" if budget else ""))
    return bool(missed)


if __name__ == "__main__":
    raise SystemExit(main())
