"""Let the API decide, and offer it nothing to choose from."""

import openai
from dotenv import load_dotenv
from openai.lib.decisions_tool_runner import (
    DecisionsToolRunner,
    DecisionsToolRunnerError,
)

load_dotenv()
runner = DecisionsToolRunner(
    observe=lambda: "The lamp is off.", candidates=lambda _: []
)

try:
    runner.run(
        openai.OpenAI(), {"model": "gpt-6-luna", "input": "Turn on the lamp."}
    )
except DecisionsToolRunnerError as error:
    print(
        error.reason, error.attempted_candidate_ids, error.completed_candidate_ids
    )
    #> invalid_candidates () ()
    print(error)
    #> Candidates must have unique IDs, descriptions, one done choice and valid executors.
