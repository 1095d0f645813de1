"""Keep answers in a file, and ask for each one only once."""

import json
import sqlite3
import threading
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from dotenv import load_dotenv
from openai import OpenAI
from openai.types.responses import Response

load_dotenv()
MAKE = "CREATE TABLE IF NOT EXISTS answers (request PRIMARY KEY, response, at)"
FIND = "SELECT response FROM answers WHERE request = ? AND at > ?"
KEEP = "REPLACE INTO answers VALUES (?, ?, ?)"


class Answers:
    """Calls `client.responses.create`, or returns an identical call's answer."""

    def __init__(self, client: OpenAI, file: Path, seconds: float) -> None:
        self._client, self._seconds, self._lock = client, seconds, threading.Lock()
        self._db = sqlite3.connect(file, check_same_thread=False)
        self._db.execute(MAKE)
        self._asking: dict[str, Future[Response]] = {}

    def create(self, **request: Any) -> Response:
        """Take what `client.responses.create` takes, except `stream=True`."""
        key = json.dumps(sorted(request.items()))
        with self._lock:
            since = time.time() - self._seconds
            if row := self._db.execute(FIND, (key, since)).fetchone():
                return Response.construct(**json.loads(row[0]))
            mine = key not in self._asking
            answer = self._asking.setdefault(key, Future())
        if mine:
            try:
                answer.set_result(self._ask(key, request))
            except BaseException as error:
                answer.set_exception(error)
            with self._lock:
                del self._asking[key]
        return answer.result()

    def _ask(self, key: str, request: dict[str, Any]) -> Response:
        response: Response = self._client.responses.create(**request)
        if response.status == "completed":
            with self._lock, self._db:
                self._db.execute(KEEP, (key, response.to_json(), time.time()))
        return response


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    # Windows does not delete a file that is open.
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for run in ("asked", "kept"):
            answers = Answers(OpenAI(), Path(folder) / "answers.db", seconds=3600)
            response = answers.create(model="gpt-6-luna", input="Say hello")
            print(run, response.id[:12], response.output_text)
