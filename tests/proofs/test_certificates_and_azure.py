"""Which certificates the SDK trusts, and where Azure's client sends a call."""

import os
import re
import ssl
import sys
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import httpcore2
import httpx2
import openai
import pytest
import truststore
from openai import AsyncAzureOpenAI, AsyncOpenAI, AzureOpenAI, DefaultHttpx2Client, OpenAI

from openai_sandbox import Sandbox
from openai_sandbox.http.environment import CA_FILE

from ..good_requests import RESPONSE
from ..made_up_server import always, transport_of


def trusts(client: OpenAI) -> bool:
    with client:
        try:
            return bool(client.models.list().data)
        except openai.APIConnectionError as problem:
            assert "CERTIFICATE_VERIFY_FAILED" in str(problem.__cause__)
            return False


@pytest.fixture(autouse=True)
def certificates_are_read_for_each_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("httpcore2.default_ssl_context", httpcore2._ssl.default_ssl_context)


@pytest.mark.proves("unknown-authority", "ssl-cert-file")
def test_an_authority_is_trusted_that_ssl_cert_file_names(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(tls=True) as api:
        file = os.environ[CA_FILE]
        for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
            monkeypatch.delenv(name, raising=False)
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            monkeypatch.setenv(name, file)
        assert not trusts(OpenAI(max_retries=0))
        assert not api.requests
        monkeypatch.setenv("SSL_CERT_FILE", file)
        assert trusts(OpenAI(max_retries=0))
        authorities = httpx2.create_ssl_context().get_ca_certs()
        assert len(authorities) == 1


@pytest.mark.proves("ssl-cert-file")
@pytest.mark.parametrize("make", [OpenAI, AsyncOpenAI])
def test_the_context_for_ssl_cert_file_is_pythons_default(
    monkeypatch: pytest.MonkeyPatch, make: type[OpenAI | AsyncOpenAI]
) -> None:
    made: list[ssl.SSLContext] = []
    create = ssl.create_default_context

    def noting(**options: Any) -> ssl.SSLContext:
        assert options == {"cafile": os.environ[CA_FILE]}
        made.append(create(**options))
        return made[-1]

    with Sandbox(tls=True):
        monkeypatch.setenv("SSL_CERT_FILE", os.environ[CA_FILE])
        monkeypatch.setattr(ssl, "create_default_context", noting)
        client: Any = make()
    assert [client._client._transport._pool._ssl_context] == made
    assert made[0].verify_flags == create().verify_flags


@pytest.mark.proves("verify-context")
def test_an_authority_is_trusted_that_the_context_names() -> None:
    with Sandbox(tls=True):
        context = ssl.create_default_context()
        context.load_verify_locations(os.environ[CA_FILE])
        assert trusts(OpenAI(http_client=DefaultHttpx2Client(verify=context)))


@pytest.mark.proves("no-certifi", "system-certificates")
def test_the_authorities_are_those_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = " ".join(each for name in ("openai", "httpx2", "httpcore2") for each in requires(name) or ())
    assert "certifi" not in needed
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    for system in ("Windows", "Darwin"):
        monkeypatch.setattr("httpcore2._ssl.platform.system", lambda system=system: system)
        assert isinstance(httpx2.create_ssl_context(), truststore.SSLContext)


@pytest.mark.proves("no-certifi")
def test_the_authorities_on_linux_are_those_in_the_file_of_openssl(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with Sandbox(tls=True) as api:
        file = os.environ[CA_FILE]
        for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr("httpcore2._ssl.platform.system", lambda: "Linux")
        paths = ssl.get_default_verify_paths()._replace(openssl_cafile=file, openssl_capath=f"{tmp_path}")
        monkeypatch.setattr("httpcore2._ssl.ssl.get_default_verify_paths", lambda: paths)
        assert len(httpx2.create_ssl_context().get_ca_certs()) == 1
        assert trusts(OpenAI(base_url=api.base_url, max_retries=0))


@pytest.mark.proves("no-certifi")
def test_the_authorities_on_linux_are_also_those_in_the_folder_or_else_in_a_known_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    loaded: list[tuple[str | None, str | None]] = []

    class Noting(ssl.SSLContext):
        def load_verify_locations(self, cafile: Any = None, capath: Any = None, cadata: Any = None) -> None:
            loaded.append((cafile, capath))

    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    file, folder, known = tmp_path / "cert.pem", tmp_path / "certs", tmp_path / "bundle.crt"
    paths = ssl.get_default_verify_paths()._replace(openssl_cafile=f"{file}", openssl_capath=f"{folder}")
    monkeypatch.setattr("httpcore2._ssl.platform.system", lambda: "Linux")
    monkeypatch.setattr("httpcore2._ssl.ssl.get_default_verify_paths", lambda: paths)
    monkeypatch.setattr("httpcore2._ssl.ssl.SSLContext", Noting)
    monkeypatch.setattr("httpcore2._ssl.CA_FILE_CANDIDATES", [f"{tmp_path / 'none.pem'}", f"{known}"])
    httpx2.create_ssl_context()
    known.touch()
    httpx2.create_ssl_context()
    folder.mkdir()
    (folder / "0a1b2c3d.0").touch()
    httpx2.create_ssl_context()
    file.touch()
    httpx2.create_ssl_context()
    assert loaded == [(f"{known}", None), (None, f"{folder}"), (f"{file}", f"{folder}")]


@pytest.mark.proves("socks-proxy")
@pytest.mark.parametrize("make", [OpenAI, AsyncOpenAI])
def test_a_client_needs_a_package_for_socks_and_knows_two_schemes(
    monkeypatch: pytest.MonkeyPatch, make: type[OpenAI | AsyncOpenAI]
) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    for scheme in ("socks5", "socks5h"):
        monkeypatch.setenv("ALL_PROXY", f"{scheme}://127.0.0.1:1080")
        with pytest.raises(ImportError, match="'socksio' package is not installed"):
            make()
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:1080")
    with pytest.raises(ValueError, match="Unknown scheme for proxy URL"):
        make()


@pytest.mark.proves("socks-proxy")
def test_the_extra_for_socks_requires_the_package() -> None:
    (row,) = (row for row in requires("httpx2") or () if row.startswith("socksio"))
    assert re.search(r"extra == ['\"]socks['\"]$", row)


@pytest.mark.proves("socks-proxy")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1"),
        ("ALL_PROXY", "http://127.0.0.1:1"),
        ("HTTPS_PROXY", "http://127.0.0.1:1"),
        ("SSL_CERT_FILE", os.devnull),
    ],
)
def test_variables_are_ignored_if_the_client_does_not_trust_them(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with Sandbox(tls=True) as api:
        for variable in ("NO_PROXY", "no_proxy", "SSL_CERT_DIR"):
            monkeypatch.delenv(variable, raising=False)
        file = os.environ[CA_FILE]
        paths = ssl.get_default_verify_paths()._replace(openssl_cafile=file)
        monkeypatch.setattr("httpcore2._ssl.platform.system", lambda: "Linux")
        monkeypatch.setattr("httpcore2._ssl.ssl.get_default_verify_paths", lambda: paths)
        monkeypatch.setenv(name, value)
        http = DefaultHttpx2Client(trust_env=False)
        assert trusts(OpenAI(base_url=api.base_url, http_client=http, max_retries=0))
        with pytest.raises((ImportError, ssl.SSLError, openai.APIConnectionError)):
            OpenAI(base_url=api.base_url, max_retries=0).models.list()


def azure_address(method: str, path: str = "", **options: Any) -> str:
    """Return where Azure's client sends a call to."""
    transport, sent = transport_of(always(404, json={}))
    client = AzureOpenAI(
        azure_endpoint=f"https://example.openai.azure.com{path}",
        api_version="2024-10-21",
        api_key="secret",
        http_client=httpx2.Client(transport=transport),
        **options,
    )
    with client, pytest.raises(openai.NotFoundError):
        if method == "chat":
            client.chat.completions.create(model="gpt-6-luna", messages=[])
        else:
            client.responses.create(**RESPONSE)
    assert sent[0].headers["api-key"] == "secret"
    return str(sent[0].url).removeprefix("https://example.openai.azure.com").removesuffix("?api-version=2024-10-21")


@pytest.mark.proves("azure-address")
def test_the_deployment_is_part_of_the_address() -> None:
    assert azure_address("chat") == "/openai/deployments/gpt-6-luna/chat/completions"
    assert azure_address("chat", azure_deployment="mine") == "/openai/deployments/mine/chat/completions"
    assert azure_address("chat", "/openai/") == "/openai/openai/deployments/gpt-6-luna/chat/completions"


@pytest.mark.proves("azure-responses-address")
def test_responses_have_no_deployment_in_their_address() -> None:
    assert azure_address("responses") == "/openai/responses"
    assert azure_address("responses", azure_deployment="mine") == "/openai/responses"


@pytest.mark.proves("azure-needs-version")
def test_azures_client_needs_a_version(monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = "https://example.openai.azure.com"
    with pytest.raises(ValueError, match="Must provide either the `api_version` argument"):
        AzureOpenAI(azure_endpoint=endpoint, api_key="secret")
    monkeypatch.setenv("OPENAI_API_VERSION", "2024-10-21")
    assert AzureOpenAI(azure_endpoint=endpoint, api_key="secret").default_query == {"api-version": "2024-10-21"}


@pytest.mark.proves("azure-needs-version")
@pytest.mark.parametrize("make", [AzureOpenAI, AsyncAzureOpenAI])
def test_azures_client_needs_an_address(
    monkeypatch: pytest.MonkeyPatch, make: type[AzureOpenAI | AsyncAzureOpenAI]
) -> None:
    options: dict[str, Any] = {"api_version": "2024-10-21", "api_key": "secret"}
    endpoint = "https://example.openai.azure.com"
    monkeypatch.setenv("OPENAI_BASE_URL", "https://api.example/v1")
    with pytest.raises(ValueError, match="Must provide one of the `base_url` or `azure_endpoint` arguments"):
        make(**options)
    assert str(make(base_url=f"{endpoint}/mine", **options).base_url) == f"{endpoint}/mine/"
    assert str(make(azure_endpoint=endpoint, **options).base_url) == f"{endpoint}/openai/"
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", endpoint)
    assert str(make(**options).base_url) == f"{endpoint}/openai/"
