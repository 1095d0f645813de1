"""One name for each option: constructor, command, marker and directive."""

import inspect
import re
from collections.abc import Callable

import pytest

from openai_sandbox import Sandbox
from openai_sandbox.cli import _parser
from openai_sandbox.core import Core
from openai_sandbox.faults import Plan
from openai_sandbox.options import CoreOptions, ServerOptions, core_options

NAMES = {"faults", *ServerOptions.__annotations__}
# What only a command has, and what only the constructor of a running sandbox has.
OF_COMMANDS = {"command", "file", "arguments", "host", "port", "version", "obey", "verdict", "explain"}
OF_CONSTRUCTORS = {"mcp", "on_event", "set_environment", "sock", "authority", "journal"}


@pytest.mark.parametrize("arguments", [["run", "ask.py"], ["serve"]])
def test_a_command_names_its_options_as_the_constructor_does(arguments: list[str]) -> None:
    assert vars(_parser().parse_args(arguments)).keys() - OF_COMMANDS <= NAMES


@pytest.mark.parametrize("taker", [Core, Sandbox])
def test_a_constructor_takes_the_typed_options_and_nothing_else_by_name(taker: type) -> None:
    parameters = inspect.signature(taker).parameters
    assert parameters.keys() - OF_CONSTRUCTORS == {"faults", "options"}


def test_a_directive_of_every_request_sets_an_option() -> None:
    assert {name for name in Plan.__dataclass_fields__ if name not in ("queue", "deliveries")} <= NAMES


def test_every_option_is_described() -> None:
    for options in (CoreOptions, ServerOptions):
        described = re.findall(r"^    - `(\w+)` ", options.__doc__ or "", re.MULTILINE)
        inherited = CoreOptions.__annotations__ if options is ServerOptions else {}
        assert set(described) == options.__annotations__.keys() - inherited.keys()


def test_the_core_gets_its_own_options() -> None:
    assert core_options({"seed": 7, "tier": None, "upstream": "http://127.0.0.1"}) == {"seed": 7, "tier": None}


@pytest.mark.parametrize("taker", [Core, Sandbox])
def test_an_option_that_does_not_exist_is_a_type_error_with_a_remedy(taker: Callable[..., object]) -> None:
    with pytest.raises(TypeError, match="'latencey': did you mean 'latency'"):
        taker(latencey=0.3)
    with pytest.raises(TypeError, match="'limits': known options: seed, now"):
        taker(limits=1)
