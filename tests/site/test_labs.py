"""Labs ran when the site was built: their numbers hold, and their charts can be read by all."""

import ast
import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import PluginCollection
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as MkDocsPage
from playwright.sync_api import Browser, expect

from docs._tools.data.as_of import ROOT
from docs._tools.site import hooks, labs

LABS = {"temperature": 2, "concurrency": 3, "retries": 2, "spend": 3}
CHART = re.compile(
    r'<figure class="chart" tabindex="0"><svg role="img" aria-label="([^"]+)" [^>]*viewBox="[^"]+"[^>]*>(.*?)</svg>',
    re.S,
)


def page(site: Path, lab: str) -> str:
    return (site / "labs" / lab / "index.html").read_text("utf-8")


def printed(site: Path, lab: str) -> str:
    """Return all that a lab printed."""
    blocks = re.findall(r'<div class="[^"]*\boutput\b.*?</div>', page(site, lab), re.S)
    return "\n".join(unescape(re.sub(r"<[^>]+>", "", block.partition("</span>")[2])) for block in blocks)


def value(text: str, label: str) -> dict[object, float]:
    """Return the dictionary that was printed after a label."""
    found = re.search(re.escape(label) + r"\s*(\{.*?\})", text)
    assert found, f"{label} was not printed:\n{text}"
    parsed: dict[object, float] = ast.literal_eval(found[1])
    return parsed


@pytest.mark.parametrize(("lab", "charts"), LABS.items())
def test_a_labs_charts_are_described_and_say_what_is_simulated(site: Path, lab: str, charts: int) -> None:
    found = CHART.findall(page(site, lab))
    assert len(found) == charts
    for alt, drawing in found:
        assert len(alt) > 60
        assert "simulated" in "".join(re.findall(r"<text[^>]*>([^<]*)", drawing))
        assert not re.search(r"#[0-9a-f]{6}", drawing), "a color that does not follow the page's"
    ids = re.findall(r'\bid="([^"]+)"', page(site, lab))
    assert len(ids) == len(set(ids))


def test_temperature_0_gives_one_answer_and_heat_makes_answers_alike(site: Path) -> None:
    text = printed(site, "temperature")
    first = [ast.literal_eval(chances) for chances in re.findall(r"^[\d.]+ (\{.*\})$", text, re.M)]
    assert list(first[0].values()) == [1.0]
    likeliest = [max(chances.values()) for chances in first]
    assert likeliest == sorted(likeliest, reverse=True)
    assert all(sum(chances.values()) == pytest.approx(1, abs=0.003) for chances in first)
    assert "to 12 digits: True" in text
    rows = [tuple(map(int, row)) for row in re.findall(r": (\d+) different answers, the favorite (\d+) times", text)]
    assert rows[0] == (1, 50)
    assert [distinct for distinct, _ in rows[1:]] == [6, 6, 6]
    assert rows[1][1] > rows[2][1] > rows[3][1]


def test_calls_at_once_save_time_up_to_the_rate_limit(site: Path) -> None:
    text = printed(site, "concurrency")
    assert value(text, "seconds:") == {"one by one": 14.4, "semaphore of 4": 3.6, "gather": 1.2}
    at_once = re.search(r"all at once: (\d+) requests for 40 calls, (\d+) calls lost", text)
    assert at_once
    assert int(at_once[1]) > 80
    assert int(at_once[2]) >= 15
    assert "paced: 40 requests for 40 calls, 0 calls lost" in text
    free, limited = value(text, "no limit:"), value(text, "with a limit:")
    assert free == {width: width for width in (1, 2, 4, 8, 16, 32, 64)}
    assert limited[8] > 7
    assert limited[16] == limited[32] == limited[64] < 12


def test_the_clients_waits_fit_the_formula_and_layers_multiply(site: Path) -> None:
    text = printed(site, "retries")
    rows = [
        tuple(map(float, row))
        for row in re.findall(r"retry \d: ([\d.]+) to ([\d.]+) s; formula ([\d.]+) to ([\d.]+) s", text)
    ]
    assert [row[3] for row in rows] == [0.5, 1, 2, 4, 8, 8, 8]
    for least, most, low, high in rows:
        assert low <= least + 0.005 < least + 0.1 * (high - low) < most <= high + 0.005
        assert most - least > 0.9 * (high - low), "two hundred draws fill the band"
    assert value(text, "") == {"no retries": 1, "the client": 3, "and a decorator": 9, "and a queue": 27}
    storm = value(text, "requests for 100 questions:")
    assert storm["client alone"] == 300
    assert storm["two layers around it"] > 5 * storm["client alone"]


def test_the_spend_lab_adds_up(site: Path) -> None:
    text = printed(site, "spend")
    bills = {
        model: (float(total.replace(",", "")), float(read.replace(",", "")))
        for model, total, read in re.findall(r"^(\S+)\s+\$\s*([\d,.]+), of it input \$([\d,.]+)$", text, re.M)
    }
    assert len(bills) == 6
    totals = [total for total, _ in bills.values()]
    assert totals == sorted(totals)
    assert 50 < totals[-1] / totals[0] < 200, "the page says a factor of a hundred"
    assert all(read > total / 2 for total, read in bills.values()), "the page says that input is the larger part"
    full = re.search(r"gpt-6-luna: \$([\d.]+) a day", text)
    batch = re.search(r"all by batch: +\$([\d.]+), 50% less", text)
    assert full
    assert batch
    assert float(batch[1]) == pytest.approx(float(full[1]) / 2, abs=0.01)
    assert float(full[1]) == bills["gpt-6-luna"][0]


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_can_be_downloaded_as_program_and_as_notebook(site: Path, lab: str) -> None:
    source = (ROOT / "docs" / "labs" / f"{lab}.py").read_text("utf-8")
    assert (site / "assets" / "labs" / f"{lab}.py").read_text("utf-8") == source
    notebook = json.loads((site / "assets" / "labs" / f"{lab}.ipynb").read_text("utf-8"))
    assert notebook["nbformat"] == 4
    assert any("_chart(" in "".join(cell["source"]) for cell in notebook["cells"])
    for kind in ("py", "ipynb"):
        assert f"assets/labs/{lab}.{kind}" in page(site, lab)


@pytest.mark.parametrize("lab", ["temperature", "spend"])
def test_a_lab_runs_as_a_program_and_prints_what_the_page_shows(site: Path, lab: str) -> None:
    command = [sys.executable, "-m", f"docs.labs.{lab}"]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(Path.home())}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        assert line.rstrip() in printed(site, lab)


def test_the_code_of_labs_is_formatted() -> None:
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "84", "--diff"]
    done = subprocess.run([*command, "docs/labs"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    for module in (ROOT / "docs" / "labs" / labs.MEASUREMENTS).glob("*.py"):
        assert max(map(len, module.read_text("utf-8").splitlines())) <= 84, module


@pytest.mark.parametrize("lab", LABS)
def test_a_labs_page_shows_the_modules_that_it_calls_and_no_magic(site: Path, lab: str) -> None:
    modules = labs.modules_of(ROOT / "docs" / "labs" / f"{lab}.py")
    assert [path.stem for path in modules][:: len(modules) - 1] == [lab, "charts"]
    twin = (site / "labs" / f"{lab}.md").read_text("utf-8")
    _, _, behind = twin.partition(labs.BEHIND)
    for module in modules:
        for line in filter(None, module.read_text("utf-8").splitlines()):
            assert line in behind
    assert twin.count(labs.BEHIND_LINK) == 1
    assert "%config" not in page(site, lab)


@pytest.mark.parametrize(("width", "height"), [(412, 915), (1350, 900)])
@pytest.mark.parametrize("lab", LABS)
def test_a_lab_opens_with_its_question_and_its_main_chart(
    browser: Browser, address: str, lab: str, width: int, height: int
) -> None:
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        tab = context.new_page()
        tab.goto(f"{address}/labs/{lab}/")
        question = tab.locator("article h1 ~ p:not([class])").first
        assert question.inner_text().count(".") + question.inner_text().count("?") <= 4
        assert "?" in question.inner_text()
        chart = tab.locator(".chart").first
        assert chart.evaluate("chart => chart.getBoundingClientRect().bottom") <= height
        assert tab.locator(".highlight").first.evaluate("code => code.getBoundingClientRect().top") > height / 2


@pytest.mark.parametrize("lab", LABS)
def test_charts_fit_a_phone_with_letters_that_can_be_read(browser: Browser, address: str, lab: str) -> None:
    with browser.new_context(viewport={"width": 412, "height": 915}) as context:
        tab = context.new_page()
        tab.goto(f"{address}/labs/{lab}/")
        for chart in tab.locator(".chart").all():
            chart.scroll_into_view_if_needed()
            assert chart.evaluate("chart => chart.scrollWidth <= chart.clientWidth")
            letters = chart.evaluate(
                """chart => {
                    const svg = chart.querySelector("svg");
                    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
                    const texts = [...svg.querySelectorAll("text")];
                    return texts.map((text) => parseFloat(getComputedStyle(text).fontSize) * scale);
                }"""
            )
            assert min(letters) >= 11


HTML = """<div class="jp-CodeCell"><div class="jp-OutputArea-output"><pre>{}</pre></div></div>"""


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lab of its own, and a store that is empty."""
    monkeypatch.setattr(labs, "STORE", tmp_path / "store")
    path = tmp_path / "lab.py"
    path.write_text("# %%\nprint(1)\n", "utf-8")
    return path


class Runs:
    """Counts how often a lab is run; it prints that number."""

    def __init__(self, lab: Path) -> None:
        self.count, self.lab = 0, lab

    def __call__(self) -> str:
        self.count += 1
        return HTML.format(self.count)

    def printed(self, serving: labs.Serving | None) -> str | None:
        outputs = labs.outputs_of(self.lab, self, serving)
        return None if outputs is None else "".join(outputs[0][0])


def test_a_build_runs_a_lab_and_stores_its_outputs_until_something_changes(
    lab: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Runs(lab)
    assert [run.printed(None), run.printed(None)] == ["1", "1"]
    lab.write_text("# %%\nprint(2)\n", "utf-8")
    assert [run.printed(None), run.printed(None)] == ["2", "2"]
    monkeypatch.setattr(labs, "_surroundings", lambda: b"a sandbox that was changed")
    assert [run.printed(None), run.printed(None)] == ["3", "3"]


def test_a_change_in_what_a_lab_calls_runs_it_again(lab: Path) -> None:
    folder = lab.parent / labs.MEASUREMENTS
    folder.mkdir()
    own, shared = folder / lab.name, folder / "clock.py"
    own.write_text("from . import clock\nfrom .figures import panels\n", "utf-8")
    shared.write_text("", "utf-8")
    (folder / "figures.py").write_text("", "utf-8")
    run = Runs(lab)
    assert [run.printed(None), run.printed(None)] == ["1", "1"]
    shared.write_text("TICK = 1\n", "utf-8")
    assert [run.printed(None), run.printed(None)] == ["2", "2"]
    serving = labs.Serving()
    assert run.printed(serving) == "2"
    own.write_text(f"{own.read_text('utf-8')}NUMBER = 1\n", "utf-8")
    assert run.printed(serving) == "3"


def test_the_surroundings_of_a_lab_are_its_day_packages_sandbox_and_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    surroundings = labs._surroundings.__wrapped__
    before = surroundings()
    assert surroundings() == before
    monkeypatch.setenv("AS_OF", "2020-01-01")
    assert surroundings() != before
    monkeypatch.delenv("AS_OF")
    monkeypatch.setattr(labs, "EXECUTED_ON", ("openai",))
    assert surroundings() != before


def test_serve_runs_no_lab_before_it_is_saved(lab: Path) -> None:
    run, serving = Runs(lab), labs.Serving()
    assert [run.printed(serving), run.printed(serving)] == [None, None]
    assert run.count == 0
    lab.write_text("# %%\nprint(2)\n", "utf-8")
    assert [run.printed(serving), run.printed(serving)] == ["1", "1"]
    lab.write_text("# %%\nprint(1)\n", "utf-8")
    assert run.printed(serving) == "2", "a lab that was saved is run, even when it is as it was at first"


def test_serve_shows_what_a_build_has_stored(lab: Path) -> None:
    run, serving = Runs(lab), labs.Serving()
    assert run.printed(None) == "1"
    assert run.printed(serving) == "1"
    lab.write_text("# %%\nprint(2)\n", "utf-8")
    assert run.printed(serving) == "2"


def test_only_serve_leaves_labs_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "SERVING", {})
    hooks.on_startup(command="build", dirty=False)
    assert hooks.SERVING == {}
    hooks.on_startup(command="serve", dirty=False)
    assert isinstance(hooks.SERVING["labs"], labs.Serving)


@pytest.mark.parametrize("serving", [labs.Serving(), None])
def test_a_lab_that_was_not_run_says_so(lab: Path, serving: labs.Serving | None) -> None:
    lab.write_text("# %% [markdown]\n# # Heat\n#\n# ## Details\n\n# %%\nprint(1)\n", "utf-8")
    config = MkDocsConfig()
    config.load_dict({"docs_dir": str(lab.parent), "site_dir": str(lab.parent / "site")})
    config.plugins = PluginCollection()
    config.plugins._current_plugin = None
    files = Files([])
    page = MkDocsPage("Heat", File("lab.py", str(lab.parent), str(lab.parent / "site"), True), config)

    def render(*_: object) -> None:
        page.content = HTML.format("printed")

    page.render = render  # type: ignore[assignment, method-assign]
    markdown = labs.as_markdown(page, config, files, serving)
    assert ("# Heat" in markdown, markdown.count("Not run yet")) == (True, 1 if serving else 0)
    assert ("printed" in markdown) == (serving is None)
    assert "print(1)" in markdown


def test_a_chart_without_a_description_stops_the_build() -> None:
    svg = '<svg viewBox="0 0 1 1"><text>a simulated day</text></svg>'
    with pytest.raises(labs.LabError, match=r'docs/labs/x.py: a chart without a description.*alt="..."'):
        labs.chart(svg, None, "docs/labs/x.py")
    with pytest.raises(labs.LabError, match="does not say 'simulated'"):
        labs.chart(svg.replace("simulated ", ""), "A day", "docs/labs/x.py")


MEASURED = "() => /Simulated|[Ee]rror/.test(document.querySelector('.lab-controls.turned .run-status').textContent)"


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.usefixtures("pack")
def test_a_slider_measures_and_draws_again_and_back_again_is_as_the_page_was_built(
    browser: Browser, address: str, lab: str
) -> None:
    with browser.new_context(viewport={"width": 412, "height": 915}) as context:
        tab = context.new_page()
        tab.set_default_timeout(120_000)
        tab.goto(f"{address}/labs/{lab}/")
        drawn = "() => [...document.querySelectorAll('.chart svg')].map((chart) => chart.innerHTML)"
        printed = "() => [...document.querySelectorAll('.output pre > code')].map((each) => each.textContent.trimEnd())"
        before = tab.evaluate(drawn), tab.evaluate(printed)
        for place in tab.locator(".lab-controls").all():
            place.evaluate("place => place.classList.add('turned')")
            slider, status = place.get_by_role("slider").first, place.get_by_role("status")
            there, back = ("ArrowLeft", "ArrowRight")[:: 1 if slider.input_value() != "0" else -1]
            for key in (there, back):
                status.evaluate("status => (status.textContent = '')")
                slider.press(key)
                tab.wait_for_function(MEASURED)
                assert "Simulated API" in status.inner_text()
                assert (tab.evaluate(drawn) == before[0]) == (key == back)
            assert (tab.evaluate(drawn), tab.evaluate(printed)) == before
            place.evaluate("place => place.classList.remove('turned')")
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.usefixtures("pack")
def test_sliders_that_are_moved_while_the_page_measures_are_all_measured(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        tab = context.new_page()
        tab.set_default_timeout(120_000)
        tab.goto(f"{address}/labs/temperature/")
        before = [chart.inner_html() for chart in tab.locator(".chart svg").all()]
        hottest, runs = tab.get_by_role("slider").all()
        for slider in (runs, hottest, runs):
            slider.press("ArrowLeft")
        for status in tab.locator(".lab-controls").get_by_role("status").all():
            expect(status).to_contain_text("Simulated API", timeout=120_000)
        after = [chart.inner_html() for chart in tab.locator(".chart svg").all()]
        assert all(one != other for one, other in zip(before, after, strict=True))
        assert "answers of 10," in after[1], "the last value counts"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_charts_colors_stand_out_from_the_page(browser: Browser, address: str, scheme: str) -> None:
    with browser.new_context(color_scheme="dark" if scheme == "dark" else "light") as context:
        tab = context.new_page()
        tab.goto(f"{address}/labs/retries/")
        colors = tab.evaluate(
            """() => {
                const style = getComputedStyle(document.body);
                const shown = name => {
                    const probe = document.body.appendChild(document.createElement("i"));
                    probe.style.color = style.getPropertyValue(name);
                    const color = getComputedStyle(probe).color;
                    probe.remove();
                    return color.match(/[\\d.]+/g).slice(0, 3).map(Number);
                };
                return ["--md-default-bg-color", ...[1, 2, 3, 4, 5, 6].map(n => `--chart-${n}`)].map(shown);
            }"""
        )
    background, *series = map(luminance, colors)
    for number, color in enumerate(series, 1):
        contrast = (max(color, background) + 0.05) / (min(color, background) + 0.05)
        assert contrast >= 3, f"--chart-{number}: {contrast:.2f}"


def luminance(color: list[float]) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [part / 255 for part in color]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
