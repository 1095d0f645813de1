// The Node SDK against the API at OPENAI_BASE_URL, over Responses and Chat Completions: see run.py.

import assert from "node:assert/strict";
import OpenAI from "openai";
import { ResponsesToolRunner } from "openai/helpers/responses-tool-runner";
import { VERSION } from "openai/version";

const model = "gpt-6-luna";
// Chat Completions refuses function tools of this model while it reasons.
const asked = { model, reasoning_effort: "none" };
const QUESTION = "What is the capital of France?";
const LONG_QUESTION = "Why is the sky blue?";
const WEATHER = "What is the weather in Paris?";
const FACTS = "Ada is 36 years old and lives in London.";

const client = new OpenAI();

const object = (properties) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const person = {
  name: "person",
  strict: true,
  schema: object({ name: { type: "string" }, age: { type: "integer" }, city: { type: "string" } }),
};
const weather = {
  name: "get_weather",
  description: "Return the current weather in a city.",
  parameters: object({ city: { type: "string" } }),
  strict: true,
};

let askedFor = [];

/** The tool. */
function getWeather({ city }) {
  askedFor.push(city);
  return "21 degrees and sunny";
}

/** Return the answer to QUESTION, if it is one. */
function answered(text) {
  assert.ok(typeof text === "string" && text.includes("Paris"), `no answer that names Paris: ${text}`);
  return text;
}

/** Return the answer to LONG_QUESTION that came in pieces, if it did. */
function joined(pieces) {
  const filled = pieces.filter(Boolean);
  assert.ok(filled.length > 5, `the answer did not come in several pieces: ${JSON.stringify(pieces)}`);
  return `${filled.join("")} (${filled.length} pieces)`;
}

/** Return the answer to WEATHER, if it tells what the tool returned for Paris. */
function told(text) {
  assert.deepEqual(askedFor, ["Paris"], `get_weather ran for ${JSON.stringify(askedFor)}, not once for Paris`);
  assert.ok(typeof text === "string" && text.includes("sunny"), `no answer with the tool's output: ${text}`);
  return text;
}

/** Return what FACTS say of a person, if that came out. */
function filledIn(found) {
  assert.deepEqual(found, { name: "Ada", age: 36, city: "London" }, `not what the text says: ${JSON.stringify(found)}`);
  return JSON.stringify(found);
}

const calls = {
  async "Responses, plain"() {
    const response = await client.responses.create({ model, input: QUESTION });
    return answered(response.output_text);
  },

  async "Responses, streamed"() {
    const pieces = [];
    for await (const event of await client.responses.create({ model, input: LONG_QUESTION, stream: true })) {
      if (event.type === "response.output_text.delta") pieces.push(event.delta);
    }
    return joined(pieces);
  },

  async "Responses, tool"() {
    const tool = { type: "function", ...weather };
    const runner = new ResponsesToolRunner({ functions: [{ tool, execute: getWeather }] });
    const response = await runner.run(client, { model, input: WEATHER });
    return told(response.output_text);
  },

  async "Responses, tool streamed"() {
    const tools = [{ type: "function", ...weather }];
    let response = await client.responses.stream({ model, tools, input: WEATHER }).finalResponse();
    const [call] = response.output.filter((item) => item.type === "function_call");
    assert.ok(call, `no call: ${JSON.stringify(response.output)}`);
    const output = getWeather(JSON.parse(call.arguments));
    const input = [{ type: "function_call_output", call_id: call.call_id, output }];
    response = await client.responses
      .stream({ model, tools, input, previous_response_id: response.id })
      .finalResponse();
    return told(response.output_text);
  },

  async "Responses, structured"() {
    const format = { type: "json_schema", ...person };
    const response = await client.responses.parse({ model, input: FACTS, text: { format } });
    return filledIn(response.output_parsed);
  },

  async "Chat Completions, plain"() {
    const messages = [{ role: "user", content: QUESTION }];
    const completion = await client.chat.completions.create({ model, messages });
    return answered(completion.choices[0].message.content);
  },

  async "Chat Completions, streamed"() {
    const messages = [{ role: "user", content: LONG_QUESTION }];
    const pieces = [];
    for await (const chunk of await client.chat.completions.create({ model, messages, stream: true })) {
      pieces.push(chunk.choices[0]?.delta.content ?? "");
    }
    return joined(pieces);
  },

  async "Chat Completions, tool"() {
    const tools = [{ type: "function", function: { ...weather, function: getWeather, parse: JSON.parse } }];
    const messages = [{ role: "user", content: WEATHER }];
    return told(await client.chat.completions.runTools({ ...asked, messages, tools }).finalContent());
  },

  async "Chat Completions, tool streamed"() {
    const tools = [{ type: "function", function: { ...weather, function: getWeather, parse: JSON.parse } }];
    const messages = [{ role: "user", content: WEATHER }];
    return told(await client.chat.completions.runTools({ ...asked, messages, tools, stream: true }).finalContent());
  },

  async "Chat Completions, structured"() {
    const messages = [{ role: "user", content: FACTS }];
    const response_format = { type: "json_schema", json_schema: person };
    const completion = await client.chat.completions.parse({ model, messages, response_format });
    return filledIn(completion.choices[0].message.parsed);
  },
};

console.log(`openai ${VERSION}, node ${process.version}`);
for (const [name, call] of Object.entries(calls)) {
  askedFor = [];
  try {
    console.log(`ok ${name}: ${await call()}`);
  } catch (failure) {
    process.exitCode = 1;
    console.log(`FAILED ${name}: ${failure.constructor.name}: ${failure.message.split("\n")[0]}`);
  }
}
