"""Exchange a token that a small stand-in server does not accept."""

# needs: threads

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import openai
from openai.auth import WorkloadIdentityAuth


class Exchange(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Refuse every token."""
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(401)
        self.end_headers()
        self.wfile.write(b'{"error": "invalid_subject_token"}')

    def log_message(self, *_: object) -> None:
        """Stay silent."""


with HTTPServer(("127.0.0.1", 0), Exchange) as server:
    threading.Thread(target=server.handle_request).start()
    auth = WorkloadIdentityAuth(
        workload_identity={
            "identity_provider_id": "idp_1",
            "service_account_id": "sa_1",
            "provider": {"token_type": "jwt", "get_token": lambda: "stale"},
        },
        token_exchange_url=f"http://127.0.0.1:{server.server_port}/token",
    )
    try:
        auth.get_token()
    except openai.OAuthError as error:
        print(error.status_code, error.error)
        #> 401 invalid_subject_token
        print(error.message)
        #> OAuth authentication error.
