"""HTTPS, and who trusts it."""

import os
import ssl
import subprocess
import sys
from pathlib import Path

import httpx2
import openai
import pytest
from openai import DefaultHttpx2Client, OpenAI

from openai_sandbox import Sandbox
from openai_sandbox.cli import main
from openai_sandbox.http.environment import CA_FILE

from ..client import Served


def trusting(file: str) -> OpenAI:
    """Return a client that trusts an authority beside those of the machine."""
    context = ssl.create_default_context()
    context.load_verify_locations(file)
    return OpenAI(http_client=DefaultHttpx2Client(verify=context), max_retries=0)


def failure(client: OpenAI) -> str:
    """Return what is behind the client's failure to connect."""
    with client, pytest.raises(openai.APIConnectionError) as caught:
        client.models.list()
    assert isinstance(caught.value.__cause__, httpx2.ConnectError)
    return str(caught.value.__cause__)


@pytest.mark.simulates("tls")
def test_only_who_is_given_the_certificate_trusts_it() -> None:
    with Sandbox(tls=True) as api:
        assert api.base_url.startswith("https://127.0.0.1:")
        assert "CERTIFICATE_VERIFY_FAILED" in failure(OpenAI(max_retries=0))
        assert not api.requests
        with trusting(os.environ[CA_FILE]) as client:
            assert client.models.list().data


def test_the_certificate_goes_when_the_sandbox_stops_and_the_next_has_another() -> None:
    sandbox = Sandbox("tls")
    with sandbox:
        first = Path(os.environ[CA_FILE]).read_text("utf-8")
        file = os.environ[CA_FILE]
    assert CA_FILE not in os.environ
    assert not Path(file).exists()
    with sandbox, trusting(os.environ[CA_FILE]) as client:
        assert Path(os.environ[CA_FILE]).read_text("utf-8") != first
        assert client.models.list().data


def test_without_the_directive_there_is_no_certificate(api: Sandbox) -> None:
    assert api.base_url.startswith("http://")
    assert CA_FILE not in os.environ


@pytest.mark.parametrize(
    ("fault", "exception"),
    [
        ("timeout", openai.APITimeoutError),
        ("connection_drop", openai.APIConnectionError),
        ("cut_stream", openai.APIConnectionError),
        ("server_error", openai.InternalServerError),
    ],
)
def test_faults_are_the_same_by_https(fault: str, exception: type[openai.APIError]) -> None:
    with Sandbox(fault, tls=True), trusting(os.environ[CA_FILE]) as client, pytest.raises(exception):
        list(client.responses.create(model="gpt-6-luna", input="Hi", stream=True, timeout=0.5))


def test_run_gives_the_program_the_certificate(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "# sandbox: tls\n"
        "import os, ssl, urllib.request\n"
        "request = urllib.request.Request(os.environ['OPENAI_BASE_URL'] + '/models')\n"
        "request.add_header('authorization', 'Bearer ' + os.environ['OPENAI_API_KEY'])\n"
        f"context = ssl.create_default_context(cafile=os.environ['{CA_FILE}'])\n"
        "print(urllib.request.urlopen(request, context=context).status)\n"
    )
    assert main(["run", str(program)]) == 0
    assert capfd.readouterr().out == "200\n"


def test_serve_names_the_certificate(served: Served) -> None:
    base_url, server = served("--tls")
    assert server.stdout
    file = server.stdout.readline().strip().removeprefix(f"export {CA_FILE}=")
    with httpx2.Client(verify=ssl.create_default_context(cafile=file)) as http:
        assert http.get(f"{base_url}/models").status_code == httpx2.codes.UNAUTHORIZED
    server.terminate()
    server.wait(timeout=30)
    assert not Path(file).exists()


@pytest.mark.parametrize("command", [["serve", "--tls"], ["serve", "--fault", "tls"], ["run", "--tls", __file__]])
def test_a_missing_package_is_named(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("openai_sandbox.commands.arguments.find_spec", lambda _: None)
    assert main(command) == 2
    assert (
        capsys.readouterr().err
        == "openai-sandbox: tls needs a package that creates certificates: pip install trustme\n"
    )


def test_a_server_without_it_does_not_load_it() -> None:
    source = "import sys, openai_sandbox.http.server, openai_sandbox.cli; print('trustme' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
