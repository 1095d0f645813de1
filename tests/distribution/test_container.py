"""The image of the sandbox, as far as it can be checked without a container: its file, its command, its examples."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from dockerfile_parse import DockerfileParser

from docs._tools.data.as_of import ROOT
from openai_sandbox.cli import main
from openai_sandbox.http.address import API_KEY

MEMBER = ROOT / "sandbox"
PAGE = ROOT / "docs" / "guides" / "test-your-app.md"
EXAMPLES = ROOT / "snippets" / "guides" / "test_your_app"
PORT = "8000"
KNOWN = {"FROM", "COPY", "RUN", "USER", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT"}


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the image's file with their values."""
    parser = DockerfileParser(fileobj=BytesIO((MEMBER / "Dockerfile").read_bytes()))
    return [(one["instruction"], one["value"]) for one in parser.structure if one["instruction"] != "COMMENT"]


def value_of(instruction: str) -> str:
    (value,) = [value for name, value in instructions() if name == instruction]
    return value


def compose() -> Any:
    return yaml.safe_load((EXAMPLES / "compose.yaml").read_text("utf-8"))


def workflow() -> Any:
    return yaml.safe_load((EXAMPLES / "tests_workflow.yaml").read_text("utf-8"))


@contextmanager
def served(*changes: tuple[str, list[str]]) -> Iterator[int]:
    """Run the image's command on this machine only, on a free port, with other values of some options."""
    command = json.loads(value_of("ENTRYPOINT"))
    assert command.pop(0) == "openai-sandbox"
    for option, instead in (("--host", ["--host", "127.0.0.1"]), ("--port", ["--port", "0"]), *changes):
        at = command.index(option)
        command[at : at + 2] = instead
    run = [sys.executable, "-m", "openai_sandbox.cli", *command]
    with subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            said = re.search(r":(\d+)/v1", process.stdout.readline())
            assert said, "it does not start"
            yield int(said[1])
        finally:
            process.terminate()


def status(port: int, host: str) -> int:
    """Return how a request that names a host is answered."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/v1/models", headers={"host": host, "authorization": f"Bearer {API_KEY}"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_every_instruction_is_one_that_there_is_and_the_first_names_a_python_that_the_sandbox_runs_on() -> None:
    names = [name for name, _ in instructions()]
    assert set(names) == KNOWN
    assert names[0] == "FROM"
    image = re.fullmatch(r"python:(3\.\d+)-slim", value_of("FROM"))
    project = tomllib.loads((MEMBER / "pyproject.toml").read_text("utf-8"))["project"]
    assert image
    assert f"Programming Language :: Python :: {image[1]}" in project["classifiers"]


def test_it_installs_the_folder_that_it_copies_with_extras_that_there_are() -> None:
    source, target = value_of("COPY").split()
    installed = re.search(r'pip install [^"]*"([^"\[]+)\[([\w,]+)\]"', value_of("RUN"))
    project = tomllib.loads((MEMBER / "pyproject.toml").read_text("utf-8"))["project"]
    assert source == "."
    assert installed
    assert installed[1] == target
    assert set(installed[2].split(",")) <= project["optional-dependencies"].keys()


def test_its_command_listens_for_other_containers_on_the_port_that_it_exposes() -> None:
    command = json.loads(value_of("ENTRYPOINT"))
    assert command[command.index("--host") + 1] == "0.0.0.0"
    assert command[command.index("--port") + 1] == value_of("EXPOSE") == PORT


def test_its_command_runs_and_answers_under_the_name_of_the_service() -> None:
    (service,) = set(compose()["services"]) & set(workflow()["jobs"]["tests"]["services"])
    with served() as port:
        assert [status(port, host) for host in (f"{service}:{PORT}", f"localhost:{PORT}")] == [200, 200]
    with served(("--allow-host", [])) as port:
        assert status(port, f"{service}:{PORT}") == 403


def test_it_is_healthy_while_it_listens_and_not_afterwards() -> None:
    check = json.loads(value_of("HEALTHCHECK").partition(" CMD ")[2])
    assert check[0] == "python"

    def healthy(port: int) -> bool:
        return subprocess.run([sys.executable, *(part.replace(PORT, str(port)) for part in check[1:])]).returncode == 0

    with served() as port:
        assert healthy(port)
    assert not healthy(port)


@pytest.mark.parametrize(("example", "schema"), [(compose, "compose-spec"), (workflow, "github-workflows")])
def test_an_example_fits_its_schema_and_one_with_a_mistake_does_not(example: Any, schema: str) -> None:
    text = (files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{schema}.json").read_text("utf-8")
    # YAML 1.1 reads the name `on` as a truth value.
    given = {"on" if name is True else name: value for name, value in example().items()}
    jsonschema.validate(given, json.loads(text))
    services = given.get("services") or given["jobs"]["tests"]["services"]
    services["openai-sandbox"]["ports"] = "eight thousand"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(given, json.loads(text))


def test_the_examples_point_at_the_sandbox_with_its_key() -> None:
    inside = compose()["services"]["tests"]["environment"]
    outside = workflow()["jobs"]["tests"]["env"]
    assert inside == {"OPENAI_BASE_URL": f"http://openai-sandbox:{PORT}/v1", "OPENAI_API_KEY": API_KEY}
    assert outside == {"OPENAI_BASE_URL": f"http://localhost:{PORT}/v1", "OPENAI_API_KEY": API_KEY}
    service = workflow()["jobs"]["tests"]["services"]["openai-sandbox"]
    assert service["ports"] == [f"{PORT}:{PORT}"]


def test_options_on_the_page_and_in_the_file_are_ones_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    section = PAGE.read_text("utf-8").partition("\n## Run the sandbox in a container\n")[2].partition("\n## ")[0]
    told = re.findall(r"--[a-z-]+", section.replace("\n", " "))
    told += re.findall(r"--[a-z-]+", f"{compose()['services']['openai-sandbox']['command']} {value_of('ENTRYPOINT')}")
    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    known = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    assert {"--tier", "--allow-host", "--script", "--seed"} <= set(told) <= known


def test_what_the_page_builds_has_the_file() -> None:
    section = PAGE.read_text("utf-8").partition("\n## Run the sandbox in a container\n")[2]
    command = re.search(r"`(docker build [^`]+)`", section)
    assert command
    folder = Path(shlex.split(command[1])[-1].replace("PATH_TO_CLONE", str(ROOT)))
    assert (folder / "Dockerfile").is_file()
    assert compose()["services"]["openai-sandbox"]["build"].replace("PATH_TO_CLONE", str(ROOT)) == str(folder)
