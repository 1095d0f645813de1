"""The table of the sandbox's errors: no two rows look alike, and each has the status that the error arrives with."""

from docs._tools.tables import sandbox


def rows() -> list[list[str]]:
    return [line.split(" | ") for line in sandbox.errors().splitlines()[2:]]


def test_no_two_rows_say_the_same() -> None:
    said = [(status, message) for status, _, message, _ in rows()]
    assert len(said) == len(set(said))
    assert len({message for _, message in said}) == len(said)


def test_an_error_in_an_answer_has_the_status_of_the_answer() -> None:
    statuses = {message: status.removeprefix("| ") for status, _, message, _ in rows()}
    inside = [status for message, status in statuses.items() if message.startswith("An error occurred while")]
    assert inside == ["200"]
    assert statuses["The sandbox simulates an error with status \\{status}."] == "400 to 599"
