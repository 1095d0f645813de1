"""What a test sets and sees of a core, however its requests get there: rules, requests and the verdict."""

from typing import TYPE_CHECKING, Any, Unpack

from .core import Core
from .scripts import Rule, Script, ScriptError
from .scripts.asserting import assert_called
from .scripts.conditions import ConditionOptions, Conditions
from .stages.journal import Journal
from .verdict.unsaid import UNSAID

if TYPE_CHECKING:
    from .verdict import Verdict


class Controls:
    """The controls of one core.

    Args:
        core: what answers the requests.
    """

    def __init__(self, core: Core) -> None:
        self.core = core

    @property
    def requests(self) -> Journal:
        """The journal: every request so far, oldest first, with keys masked."""
        return self.core.requests

    @property
    def script(self) -> Script:
        """The rules that say which prompt gets which answer."""
        return self.core.script

    def when(self, words: str | None = None, **conditions: Unpack[ConditionOptions]) -> Rule:
        """Add a rule: what the model answers to requests that meet all of the conditions.

            api.when("weather in Paris").call("get_weather", city="Paris").then("22 degrees and sunny.")

        Args:
            words: words that the user's last message contains, in this order. Case and punctuation are ignored.
            conditions: see `openai_sandbox.scripts.conditions.Conditions`.

        Raises:
            ValueError: a condition does not exist or cannot be read.
        """
        return self.script.when(words, **conditions)

    def unused(self) -> list[Rule]:
        """Return the rules that no request has matched."""
        return self.script.unused()

    def assert_called(self, words: str | None = None, *, times: int | None = None, **conditions: Any) -> None:
        """Fail unless the model was asked something that meets these conditions, at least once or exactly `times`
        times.

        Raises:
            AssertionError: it was not. The message shows what it was asked.
        """
        assert_called(self.requests, Conditions(words, **conditions), times)

    def verdict(self, *, returned: Any = UNSAID) -> "Verdict":
        """Return what the program has done wrong so far; see `openai_sandbox.verdict`.

        Args:
            returned: what your function returned. If it got an incomplete answer, the verdict then also says whether it
                treated that answer as complete.
        """
        from .verdict import Outcome, judge

        return judge(self.requests, Outcome(returned=returned))

    @property
    def unused_recordings(self) -> list[str]:
        """The recordings in its cassettes that have not been used so far, such as `a.json#2 POST /v1/responses`."""
        player = self.core.player
        return [f"{one.name} {one.request}" for one in player.unused] if player else []

    def _tell_problems(self, exc: BaseException | None) -> None:
        """Raise what the script could not answer, or add it to the exception that ended the `with` block.

        Raises:
            ScriptError: there was a problem, and the block did not end with an exception.
        """
        problems, self.script.problems = self.script.problems, []
        if problems and exc is None:
            raise ScriptError("\n".join(dict.fromkeys(problems)))
        if problems and exc is not None:
            exc.add_note(problems[0])
