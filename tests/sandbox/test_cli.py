"""The command `openai-sandbox`, as a terminal sees it."""

import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from openai_sandbox.cli import main
from openai_sandbox.commands.serve import may_wait
from openai_sandbox.faults import KINDS

from ..good_requests import KEY, LUNA, MODELS, RESPONSES
from .client import Served, ask

SANDBOX = [sys.executable, "-m", "openai_sandbox.cli"]
CALL = """
from openai import OpenAI
print(OpenAI(max_retries=0).responses.create(model="gpt-6-luna", input="Hi").output_text)
"""


# The same without the SDK, whose import takes longer than the rest of a test.
LISTING = """
import os, time, urllib.request
request = urllib.request.Request(os.environ["OPENAI_BASE_URL"] + "/models")
request.add_header("authorization", "Bearer " + os.environ["OPENAI_API_KEY"])
started = time.monotonic()
urllib.request.urlopen(request).read()
print(time.monotonic() - started)
"""


def program(tmp_path: Path, source: str) -> str:
    path = tmp_path / "program.py"
    path.write_text(source)
    return str(path)


def sandbox(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*SANDBOX, *arguments], capture_output=True, text=True, timeout=60)


def test_run_answers_the_program_and_returns_its_exit_code(tmp_path: Path) -> None:
    source = CALL + "import sys\nprint(sys.argv[1:])\nsys.exit(7)\n"
    done = sandbox("run", program(tmp_path, source), "--flag", "value")
    assert done.stdout.splitlines()[0].startswith("H")
    assert done.stdout.splitlines()[1] == "['--flag', 'value']"
    assert done.stderr == ""
    assert done.returncode == 7


def test_run_obeys_the_directives_of_the_program(tmp_path: Path) -> None:
    done = sandbox("run", program(tmp_path, "# sandbox: bad_key\n" + LISTING))
    assert done.returncode == 1
    assert "HTTP Error 401: Unauthorized" in done.stderr


def test_run_sets_the_variables_for_the_program_only(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = dict(os.environ)
    source = "import os\nprint(os.environ['OPENAI_BASE_URL'], os.environ['OPENAI_API_KEY'])\n"
    assert main(["run", program(tmp_path, source)]) == 0
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/v1 sk-sandbox-0+\n", capfd.readouterr().out)
    assert dict(os.environ) == before


def test_run_passes_output_on_as_it_comes(tmp_path: Path) -> None:
    source = "import sys, time\nprint('first')\nsys.stdin.read()\nprint('second')\n"
    with subprocess.Popen(
        [*SANDBOX, "run", program(tmp_path, source)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout
        assert child.stdin
        assert child.stdout.readline() == "first\n"  # though the program is still waiting for its input
        child.stdin.close()
        assert child.stdout.read() == "second\n"


def test_run_reports_a_killed_program_as_shells_do(tmp_path: Path) -> None:
    source = "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\n"
    assert sandbox("run", program(tmp_path, source)).returncode == 128 + signal.SIGTERM


def test_the_programs_own_options_go_behind_two_dashes(tmp_path: Path) -> None:
    source = "import sys\nprint(sys.argv[1:])\n"
    assert sandbox("run", program(tmp_path, source), "--", "--latency", "1").stdout == "['--latency', '1']\n"


def test_a_fault_of_the_command_line_comes_after_those_of_the_program(tmp_path: Path) -> None:
    source = "# sandbox: ok\n" + LISTING + LISTING
    done = sandbox("run", "--fault", "latency=0.2", "--fault", "bad_key", program(tmp_path, source))
    assert float(done.stdout) >= 0.2
    assert "HTTP Error 401" in done.stderr


def test_ending_run_ends_the_program(tmp_path: Path) -> None:
    source = "import time\nprint('started')\ntime.sleep(60)\n"
    with subprocess.Popen([*SANDBOX, "run", program(tmp_path, source)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stdout.readline() == "started\n"
        child.terminate()
        assert child.wait(timeout=30) == 128 + signal.SIGTERM
        assert child.stdout.read() == ""  # nobody holds the other end any more


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "missing.py"], "missing.py: no such file. Give the path of a Python program"),
        (["run", "."], ".: is a folder"),
        (["run", __file__, "--latency", "1"], "put it before, or write -- before the program's own options"),
        (["run", "--fault", "", __file__], "an empty directive: name a fault"),
        (["serve", "--host", "192.0.2.1"], "Take another address"),
        (["run"], "the following arguments are required: FILE"),
        (["run", "--latency", "soon", __file__], "--latency: latency 'soon' is not understood: use none, realistic"),
        (["run", "--fault", "rate_limt", __file__], "unknown fault 'rate_limt': did you mean 'rate_limit'?"),
        (["serve", "--port", "70000"], "--port 70000: a port is between 0 and 65535"),
        (["serve", "--port", "http"], "argument --port: invalid int value: 'http'"),
        (["walk"], "invalid choice: 'walk'"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("openai-sandbox: ")
    assert message in err
    assert err.count("\n") == 1


def test_a_bad_directive_names_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = program(tmp_path, "import os\n\n# sandbox: rate_limt x2\n")
    assert main(["run", path]) == 2
    assert (
        capsys.readouterr().err == f"openai-sandbox: {path}:3: unknown fault 'rate_limt': did you mean 'rate_limit'?\n"
    )


def test_a_busy_port_is_named_with_the_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 2
    error = capsys.readouterr().err
    assert error == (
        f"openai-sandbox: cannot listen on 127.0.0.1:{port}: address already in use. "
        "Take another port with --port, or --port 0 for a free one\n"
    )


def test_serve_prints_the_exports_answers_logs_no_key_and_stops_on_ctrl_c() -> None:
    with subprocess.Popen(
        [*SANDBOX, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        assert server.stderr
        exports = dict(server.stdout.readline().removeprefix("export ").strip().split("=") for _ in range(2))
        assert exports.keys() == {"OPENAI_BASE_URL", "OPENAI_API_KEY"}
        reply = ask(
            exports["OPENAI_BASE_URL"],
            "POST",
            RESPONSES,
            json=LUNA | {"input": "A secret prompt"},
            headers={"authorization": f"Bearer {exports['OPENAI_API_KEY']}"},
        )
        assert reply.status_code == 200
        server.send_signal(signal.SIGINT)
        log = server.stderr.read()
    assert server.returncode == 0
    assert "POST /v1/responses 200" in log
    assert "secret" not in log
    assert exports["OPENAI_API_KEY"] not in log


def test_serve_stops_at_once_though_a_request_is_open() -> None:
    with subprocess.Popen(
        [*SANDBOX, "serve", "--port", "0", "--fault", "timeout"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout
        assert server.stderr
        exports = dict(server.stdout.readline().removeprefix("export ").strip().split("=") for _ in range(2))
        with ThreadPoolExecutor() as pool:
            headers = {"authorization": f"Bearer {exports['OPENAI_API_KEY']}"}
            waiting = pool.submit(ask, exports["OPENAI_BASE_URL"], "GET", MODELS, headers=headers, timeout=60)
            while "timeout" not in server.stderr.readline():
                assert server.poll() is None
            server.send_signal(signal.SIGINT)
            assert server.wait(timeout=10) == 0
            with pytest.raises(httpx2.TransportError):
                waiting.result(timeout=10)
        assert server.stderr.read() == ""


def test_the_list_of_faults_names_every_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faults"]) == 0
    listed = capsys.readouterr().out
    for name in KINDS:
        assert f"\n{name} " in f"\n{listed}"
    for option in ("retry_after_ms=", "status="):
        assert option in listed


def test_latency_is_waited_for(tmp_path: Path) -> None:
    started = time.monotonic()
    done = sandbox("run", "--latency", "0.7", program(tmp_path, LISTING))
    assert 0.7 <= float(done.stdout) <= time.monotonic() - started


def test_a_module_is_run_as_after_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "tool"
    package.mkdir()
    (package / "__main__.py").write_text("# sandbox: bad_key\nimport sys\nprint(sys.argv[1:])\n" + LISTING)
    monkeypatch.chdir(tmp_path)
    done = sandbox("run", "--as", "ollama", "--seed", "7", "-m", "tool", "--seed", "8")
    assert done.stdout.splitlines()[0] == "['--seed', '8']"
    assert "HTTP Error 401" in done.stderr


def test_a_module_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "-m", "no_such.module"]) == 2
    assert re.fullmatch(r"openai-sandbox: -m no_such\.module: there is no such module.*\n", capsys.readouterr().err)


def test_a_program_may_be_in_any_encoding_that_it_names(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_bytes("# -*- coding: latin-1 -*-\n# sandbox: ok\nprint(ascii('é'))\n".encode("latin-1"))
    done = sandbox("run", str(path))
    assert (done.stdout, done.stderr, done.returncode) == ("'\\xe9'\n", "", 0)


def test_a_program_gets_no_real_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN"):
        monkeypatch.setenv(name, "sk-proj-a-real-one-0123456789")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://example.openai.azure.invalid")
    (tmp_path / ".env").write_text("OPENAI_ADMIN_KEY=sk-admin-real\n")
    source = "import os\nprint({k: v for k, v in os.environ.items() if 'OPENAI' in k})\n"
    done = sandbox("run", program(tmp_path, source))
    assert "real" not in done.stdout
    assert "azure.invalid" not in done.stdout
    assert "'OPENAI_ADMIN_KEY': 'sk-sandbox-" in done.stdout


@pytest.mark.parametrize(
    ("installed", "warned"), [("1.0.0", True), ("1.2.4", True), ("1.3.0", False), ("1.20.0", False)]
)
def test_run_warns_of_an_sdk_that_would_call_the_real_api(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    installed: str,
    warned: bool,
) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda _: installed)
    assert main(["run", program(tmp_path, "print('ran')")]) == 0
    out, err = capfd.readouterr()
    assert out == "ran\n"
    assert (f"openai {installed} ignores OPENAI_BASE_URL" in err) == warned


def test_a_hang_up_ends_the_program(tmp_path: Path) -> None:
    source = "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)\n"
    with subprocess.Popen([*SANDBOX, "run", program(tmp_path, source)], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        pid = int(running.stdout.readline())
        running.send_signal(signal.SIGHUP)
        assert running.wait(30) == 128 + signal.SIGTERM
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_who_reads_the_log_no_more_is_not_missed_and_what_it_says_is_escaped(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*SANDBOX, "serve", "--port", "0", "--host", "0.0.0.0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout
        assert server.stderr
        url = server.stdout.readline().strip().partition("=")[2]
        assert url.startswith("http://127.0.0.1:")
        assert "Ctrl-C" in server.stderr.readline()
        assert "Warning: listening on 0.0.0.0" in server.stderr.readline()
        forged = f"{url}/x%0aPOST%20/v1/fake%20200%0a%1b%5b31mRED"
        assert httpx2.get(forged, headers=KEY, trust_env=False).status_code == 404
        assert server.stderr.readline() == "GET /v1/x\\nPOST /v1/fake 200\\n\\x1b[31mRED 404\n"
        server.stdout.close()
        server.stderr.close()
        for _ in range(3):
            assert httpx2.get(f"{url}/models", headers=KEY, trust_env=False).status_code == 200
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 0


def test_only_a_log_that_somebody_reads_may_have_to_wait(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as pipe, (tmp_path / "log").open("w", encoding="utf-8") as file:
        assert may_wait(pipe) == (os.name == "posix")
        assert not may_wait(file)
    os.close(reader)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        assert not may_wait(nowhere)
    assert not may_wait(io.StringIO())


def test_who_reads_the_log_too_slowly_holds_up_nobody() -> None:
    with subprocess.Popen(
        [*SANDBOX, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        url = server.stdout.readline().strip().partition("=")[2]
        with httpx2.Client(headers=KEY, trust_env=False, timeout=20) as client:
            for number in range(400):
                assert client.get(f"{url}/{number}{'x' * 600}").status_code == 404
        server.send_signal(signal.SIGINT)
        assert server.stderr
        lines = server.stderr.read().splitlines()
        assert server.wait(30) == 0
    assert 50 < len(lines) < 400
    assert re.fullmatch(r"GET /v1/0x{400,600} 404", lines[1])


def test_serve_obeys_the_comments_of_a_program_and_again_when_it_is_saved(served: Served, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("# sandbox: bad_key\n")
    base_url, server = served("--obey", str(program))
    statuses = [ask(base_url, "GET", "/v1/models").status_code for _ in range(2)]
    assert statuses == [401, 200]
    program.write_text("# sandbox: rate_limit x2\n# saved\n")
    assert server.stderr
    while "was saved" not in (line := server.stderr.readline()):
        assert line
    assert [ask(base_url, "GET", "/v1/models").status_code for _ in range(3)] == [429, 429, 200]


def test_serve_says_what_is_wrong_with_a_program_that_it_is_to_obey(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "program.py"
    assert main(["serve", "--port", "0", "--obey", str(program)]) == 2
    assert "program.py: cannot be read: No such file" in capsys.readouterr().err
    program.write_text("# sandbox: rate_limt\n")
    assert main(["serve", "--port", "0", "--obey", str(program)]) == 2
    assert "program.py:1: unknown fault 'rate_limt'" in capsys.readouterr().err


def test_who_reads_only_the_beginning_of_what_is_printed_sees_no_traceback() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*SANDBOX, "faults"], stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert done.stderr == ""
    assert done.returncode == 141
