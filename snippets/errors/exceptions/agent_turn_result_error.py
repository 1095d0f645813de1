"""Ask for the result of an agent's turn whose stream has no events."""

# sandbox: html_page

import openai
from dotenv import load_dotenv
from openai.lib.beta.agents import AgentTurnResultError

load_dotenv()
client = openai.OpenAI()

stream = client.beta.agents.sessions.create(
    agent_id="agent_1", environment={"type": "none"}, input="Say hello", stream=True
)
try:
    stream.get_final_result()
except AgentTurnResultError as error:
    print(error.reason, error.turn, error.messages)
    #> incomplete None []
    print(error)
    #> Could not collect the agent turn result: incomplete
