import OpenAI from "openai";

const client = new OpenAI();

const completion = await client.chat.completions.create({
  model: "gpt-6-luna",
  messages: [{ role: "user", content: "Say this is a test!" }],
  reasoning_effort: "none",
  temperature: 0.7,
});

console.log(completion.choices[0].message.content);
