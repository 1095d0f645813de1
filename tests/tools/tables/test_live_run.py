"""The page on proofs says what the last run against the real API found."""

from docs._tools.tables.live_run import Ran, Run, render, summary


def ran(snippet: str, ended: str = "as shown", *differences: str) -> Ran:
    return Ran(snippet, ended, 1, list(differences), [], 0.01)


def run(*snippets: Ran, stopped: bool = False) -> Run:
    return Run("2026-11-27", "3.57.0", stopped, 0.5, list(snippets))


def test_without_a_report_it_was_never_run() -> None:
    assert render().startswith("Against the real API: ")


def test_a_run_is_summed_up() -> None:
    said = summary(run(ran("a.py"), ran("b.py")))
    assert "Of 2 snippets 2 ended as their page shows, 2 of them" in said
    assert "|" not in said


def test_what_went_otherwise_is_listed() -> None:
    said = summary(run(ran("a.py", "openai.NotFoundError: no"), ran("b.py", "as shown", "x: y"), stopped=True))
    assert "Of 2 snippets 1 ended as their page shows, 0 of them" in said
    assert "| `a.py` | openai.NotFoundError: no | 0 members |" in said
    assert "| `b.py` | as shown | 1 members |" in said
    assert "The cap stopped the run." in said
