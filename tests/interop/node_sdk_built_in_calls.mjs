// The Node SDK with tools that the API runs itself, and custom tools, against the API at OPENAI_BASE_URL: see run.py.

import assert from "node:assert/strict";
import OpenAI, { toFile } from "openai";
import { ResponsesToolRunner } from "openai/helpers/responses-tool-runner";
import { VERSION } from "openai/version";

const model = "gpt-6-luna";
const SEARCH = "Search the web: when was the Eiffel Tower opened?";
const LOOK_UP = "Search the files: when does the reading room open?";
const CALCULATE = "Run Python code to calculate 17 * 23.";
const DRAW = "Draw a picture of a lighthouse.";
const WEATHER = "What is the weather in Paris?";
const TRANSLATE = "Translate into pirate speech: good morning";
const NEXT = "What is the capital of France?";

// The items whose streams have an event that says they are completed.
const RUN = ["web_search_call", "file_search_call", "code_interpreter_call", "image_generation_call", "mcp_call"];

const FILENAME = "reading-room.txt";
const FILE =
  "The reading room opens at nine. Dogs have to wait outside. Tea is served at four in the afternoon.\n";

const client = new OpenAI();
const include = ["code_interpreter_call.outputs", "file_search_call.results", "web_search_call.action.sources"];

/** Return a function that a tool search can load. */
const deferred = (name, description) => ({
  type: "function",
  name,
  description,
  defer_loading: true,
  strict: true,
  parameters: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
});

/** Return a response. */
async function plain(body) {
  return client.responses.create({ model, include, ...body });
}

/** Return a response that was streamed, if its events tell all of it. */
async function streamed(body) {
  const stream = client.responses.stream({ model, include, ...body });
  const done = [];
  const pieces = [];
  const stages = new Set();
  for await (const event of stream) {
    stages.add(event.type);
    if (event.type === "response.output_item.done") done.push(event.item);
    if (event.type === "response.output_text.delta") pieces.push(event.delta);
  }
  const response = await stream.finalResponse();
  const types = response.output.map((item) => item.type);
  assert.deepEqual(done.map((item) => item.type), types, `not the items of the response: ${types}`);
  assert.equal(pieces.join(""), response.output_text, "not the answer in pieces");
  assert.ok(pieces.length > 5 || pieces.length === 0, `the answer did not come in several pieces: ${pieces}`);
  for (const type of types.filter((type) => RUN.includes(type))) {
    assert.ok(stages.has(`response.${type}.completed`), `no event says that ${type} is completed`);
  }
  return response;
}

/** Return a response whose items can be sent again, before another question. */
async function continued(body) {
  const response = await plain(body);
  const open = response.output.filter((item) => /^(custom_tool|function)_call$/.test(item.type));
  const input = [
    ...(typeof body.input === "string" ? [{ role: "user", content: body.input }] : body.input),
    ...response.output,
    ...open.map((item) => ({ type: `${item.type}_output`, call_id: item.call_id, output: "Done." })),
    { role: "user", content: NEXT },
  ];
  const then = await plain({ ...body, input });
  assert.ok(then.output_text.includes("Paris"), `no answer that names Paris: ${then.output_text}`);
  return response;
}

/** Return the only item of a type. */
function itemOf(response, type) {
  const items = response.output.filter((item) => item.type === type);
  assert.equal(items.length, 1, `not one ${type}: ${response.output.map((item) => item.type)}`);
  return items[0];
}

/** Return the answer, if it tells a fact. */
function tells(response, fact) {
  assert.ok(response.output_text.includes(fact), `no answer that tells "${fact}": ${response.output_text}`);
  return response.output_text;
}

/** Fail unless citations are of the page on the Eiffel Tower, and where they say they are in a text. */
function pageCited(text, citations) {
  assert.ok(text.includes("1889"), `not what the page says: ${text}`);
  assert.ok(citations.length > 0, "nothing is cited");
  for (const { start_index, end_index, url } of citations) {
    const cited = text.slice(start_index, end_index);
    assert.ok(cited.includes(url) && url.includes("atlas.example.org"), `${url} is not what it cites: ${cited}`);
  }
}

/** Make a vector store with one file, use it, and delete both. */
async function withStore(use) {
  const file = await client.files.create({ file: await toFile(Buffer.from(FILE), FILENAME), purpose: "assistants" });
  const store = await client.vectorStores.create({ name: "Reading room" });
  const added = await client.vectorStores.files.createAndPoll(store.id, { file_id: file.id }, { pollIntervalMs: 10 });
  assert.equal(added.status, "completed", `the file in the vector store is ${added.status}`);
  const said = await use(store.id, file.id);
  await client.vectorStores.delete(store.id);
  await client.files.delete(file.id);
  return said;
}

/** Return the server of run.py as a tool. */
const server = (require_approval) => ({
  type: "mcp",
  server_label: "weather",
  server_url: process.env.INTEROP_MCP_URL,
  require_approval,
});

const calls = {
  async "web search"(ask) {
    const location = { type: "approximate", city: "Paris" };
    const response = await ask({ input: SEARCH, tools: [{ type: "web_search", user_location: location }] });
    const { action } = itemOf(response, "web_search_call");
    assert.equal(action.query, SEARCH);
    assert.equal(action.sources.length, 1, `not one source: ${JSON.stringify(action)}`);
    pageCited(response.output_text, itemOf(response, "message").content[0].annotations);
    return response.output_text;
  },

  async "file search"(ask) {
    return withStore(async (id, file_id) => {
      const response = await ask({ input: LOOK_UP, tools: [{ type: "file_search", vector_store_ids: [id] }] });
      const [result, ...others] = itemOf(response, "file_search_call").results;
      assert.deepEqual([result.file_id, result.text.trim(), others], [file_id, FILE.trim(), []]);
      const [citation] = itemOf(response, "message").content[0].annotations;
      assert.deepEqual([citation.type, citation.file_id, citation.filename], ["file_citation", file_id, FILENAME]);
      return tells(response, "opens at nine");
    });
  },

  async "code interpreter"(ask) {
    const tools = [{ type: "code_interpreter", container: { type: "auto" } }];
    const response = await ask({ input: CALCULATE, tools });
    const call = itemOf(response, "code_interpreter_call");
    assert.ok(call.code.includes("print("), `no code: ${call.code}`);
    assert.ok(call.outputs[0].logs.includes("no code was run"), `not its logs: ${JSON.stringify(call.outputs)}`);
    return tells(response, "wrote code");
  },

  async "image generation"(ask) {
    const response = await ask({ input: DRAW, tools: [{ type: "image_generation", size: "1024x1536" }] });
    const picture = Buffer.from(itemOf(response, "image_generation_call").result, "base64");
    assert.equal(picture.toString("latin1", 1, 4), "PNG");
    assert.deepEqual([picture.readUInt32BE(16), picture.readUInt32BE(20)], [1024, 1536]);
    return tells(response, "picture");
  },

  async mcp(ask) {
    const response = await ask({ input: WEATHER, tools: [server("never")] });
    assert.deepEqual(itemOf(response, "mcp_list_tools").tools.map((tool) => tool.name), ["get_weather"]);
    const call = itemOf(response, "mcp_call");
    assert.deepEqual([call.arguments, call.error], ['{"city":"Paris"}', null]);
    assert.ok(call.output.includes("sunny"), `not the server's output: ${call.output}`);
    return tells(response, "sunny");
  },

  async "mcp with approval"(ask) {
    const tools = [server("always")];
    const first = await plain({ input: WEATHER, tools });
    const { id } = itemOf(first, "mcp_approval_request");
    const input = [{ type: "mcp_approval_response", approval_request_id: id, approve: true }];
    const response = await ask({ input: [{ role: "user", content: WEATHER }, ...first.output, ...input], tools });
    const call = itemOf(response, "mcp_call");
    assert.equal(call.approval_request_id, id);
    assert.ok(call.output.includes("sunny"), `not the server's output: ${call.output}`);
    return tells(response, "sunny");
  },

  async "mcp approved by the tool runner"(ask) {
    const asked = [];
    const approveMcp = (request) => {
      asked.push(request.name);
      return true;
    };
    const runner = new ResponsesToolRunner({});
    const body = { model, input: WEATHER, tools: [server("always")] };
    const response = await runner.run(client, body, { stream: ask === streamed, approveMcp });
    assert.deepEqual(asked, ["get_weather"]);
    assert.ok(itemOf(response, "mcp_call").output.includes("sunny"));
    return tells(response, "sunny");
  },

  async custom(ask) {
    const tools = [{ type: "custom", name: "pirate_speech", description: "Translate a text into pirate speech." }];
    const first = await ask({ input: TRANSLATE, tools });
    const call = itemOf(first, "custom_tool_call");
    assert.ok(call.input.includes("good morning"), `not the text to translate: ${call.input}`);
    const input = [{ type: "custom_tool_call_output", call_id: call.call_id, output: "Ahoy" }];
    return tells(await ask({ input, tools, previous_response_id: first.id }), "Ahoy");
  },

  async "custom with a grammar"(ask) {
    const format = { type: "grammar", syntax: "regex", definition: "([01][0-9]|2[0-3]):[0-5][0-9]" };
    const tools = [{ type: "custom", name: "set_alarm", description: "Set the alarm to a time.", format }];
    const response = await ask({ input: "Set the alarm, please.", tools });
    const call = itemOf(response, "custom_tool_call");
    assert.match(call.input, /^([01][0-9]|2[0-3]):[0-5][0-9]$/);
    return call.input;
  },

  async "tool search"(ask) {
    const functions = [deferred("get_weather", "The weather in a city"), deferred("find_hotels", "The hotels in a town")];
    const response = await ask({ input: WEATHER, tools: [{ type: "tool_search" }, ...functions] });
    assert.deepEqual(itemOf(response, "tool_search_call").arguments, { paths: ["get_weather"] });
    assert.deepEqual(itemOf(response, "tool_search_output").tools.map((tool) => tool.name), ["get_weather"]);
    const call = itemOf(response, "function_call");
    assert.deepEqual([call.name, call.arguments], ["get_weather", '{"city":"Paris"}']);
    return call.arguments;
  },

  async "tool search in a namespace"(ask) {
    const functions = [deferred("get_weather", "The weather in a city"), deferred("find_hotels", "The hotels in a town")];
    const travel = { type: "namespace", name: "travel", description: "Tools for travellers", tools: functions };
    const response = await ask({ input: WEATHER, tools: [{ type: "tool_search" }, travel] });
    const [space] = itemOf(response, "tool_search_output").tools;
    assert.deepEqual([space.name, space.tools.map((tool) => tool.name)], ["travel", ["get_weather"]]);
    const call = itemOf(response, "function_call");
    assert.deepEqual([call.namespace, call.name], ["travel", "get_weather"]);
    return call.arguments;
  },
};

const SEARCHING = {
  model: "gpt-5-search-api",
  messages: [{ role: "user", content: SEARCH }],
  web_search_options: { search_context_size: "low" },
};

const chatCalls = {
  async "Chat Completions, web search"() {
    const { message } = (await client.chat.completions.create(SEARCHING)).choices[0];
    pageCited(message.content, message.annotations.map((annotation) => annotation.url_citation));
    return message.content;
  },

  async "Chat Completions streamed, web search"() {
    let text = "";
    const citations = [];
    for await (const chunk of await client.chat.completions.create({ ...SEARCHING, stream: true })) {
      const delta = chunk.choices[0]?.delta ?? {};
      text += delta.content ?? "";
      citations.push(...(delta.annotations ?? []).map((annotation) => annotation.url_citation));
    }
    pageCited(text, citations);
    return text;
  },
};

console.log(`openai ${VERSION}, node ${process.version}`);
const ways = { Responses: plain, "Responses streamed": streamed, "Responses continued": continued };
const named = Object.entries(ways).flatMap(([way, ask]) =>
  Object.entries(calls).map(([name, call]) => [`${way}, ${name}`, () => call(ask)]),
);
for (const [name, call] of [...named, ...Object.entries(chatCalls)]) {
  try {
    console.log(`ok ${name}: ${await call()}`);
  } catch (failure) {
    process.exitCode = 1;
    console.log(`FAILED ${name}: ${failure.constructor.name}: ${failure.message.split("\n")[0]}`);
  }
}
