import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { afterTool, hello, key, limitedKey, models, url, weatherSchema } from "./setup.mjs";

const client = (apiKey = key) => new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
const ask = (content) => [{ role: "user", content }];
const tools = [{ type: "function", function: { name: "get_weather", description: "The weather in a city.", parameters: weatherSchema, strict: true } }];
const responseTools = [{ type: "function", name: "get_weather", description: "The weather in a city.", parameters: weatherSchema, strict: true }];

for (const model of models) {
  test(`${model}: chat`, async () => {
    const completion = await client().chat.completions.create({ model, messages: ask("hi") });
    assert.equal(completion.choices[0].message.content, hello);
    assert.equal(completion.usage.prompt_tokens, 1000);
  });

  test(`${model}: stream with usage`, async () => {
    const stream = client().chat.completions.stream({ model, messages: ask("hi"), stream_options: { include_usage: true } });
    const final = await stream.finalChatCompletion();
    assert.equal(final.choices[0].message.content, hello);
    assert.equal(final.usage.completion_tokens, 100);
  });

  test(`${model}: stream without usage has none`, async () => {
    const stream = await client().chat.completions.create({ model, messages: ask("hi"), stream: true });
    let text = "";
    for await (const chunk of stream) {
      assert.equal(chunk.usage ?? null, null);
      text += chunk.choices[0].delta.content ?? "";
    }
    assert.equal(text, hello);
  });

  test(`${model}: streamed tool call`, async () => {
    const stream = client().chat.completions.stream({ model, messages: ask("Weather in Paris?"), tools });
    const final = await stream.finalChatCompletion();
    assert.equal(final.choices[0].finish_reason, "tool_calls");
    assert.deepEqual(final.choices[0].message.tool_calls[0].function.parsed_arguments, { city: "Paris" });
  });

  test(`${model}: tool loop`, async () => {
    const asked = [];
    const get_weather = { type: "function", function: { name: "get_weather", description: "The weather.", parameters: weatherSchema, parse: JSON.parse, function: ({ city }) => (asked.push(city), "21 degrees") } };
    const runner = client().chat.completions.runTools({ model, messages: ask("Weather in Paris?"), tools: [get_weather] });
    assert.equal(await runner.finalContent(), afterTool);
    assert.deepEqual(asked, ["Paris"]);
  });

  test(`${model}: streamed tool loop`, async () => {
    const get_weather = { type: "function", function: { name: "get_weather", description: "The weather.", parameters: weatherSchema, parse: JSON.parse, function: () => "21 degrees" } };
    const runner = client().chat.completions.runTools({ model, stream: true, messages: ask("Weather in Paris?"), tools: [get_weather] });
    assert.equal(await runner.finalContent(), afterTool);
  });

  test(`${model}: schema parse`, async () => {
    const format = zodResponseFormat(z.object({ name: z.string(), age: z.number() }), "person");
    const completion = await client().chat.completions.parse({ model, messages: ask("Ada is 36."), response_format: format });
    assert.deepEqual(completion.choices[0].message.parsed, { name: "Ada", age: 36 });
  });

  test(`${model}: response`, async () => {
    const response = await client().responses.create({ model, input: "hi" });
    assert.equal(response.output_text, hello);
    assert.equal(response.usage.input_tokens, 1000);
  });

  test(`${model}: streamed response`, async () => {
    const stream = client().responses.stream({ model, input: "hi" });
    const deltas = [];
    stream.on("response.output_text.delta", (event) => deltas.push(event.delta));
    const final = await stream.finalResponse();
    assert.equal(final.output[0].content[0].text, hello); // This client sets output_text on whole responses only.
    assert.equal(deltas.join(""), hello);
    assert.equal(final.usage.output_tokens, 100);
  });

  test(`${model}: response with a streamed tool call, and its result`, async () => {
    const input = [{ role: "user", content: "Weather in Paris?" }];
    const called = await client().responses.stream({ model, input, tools: responseTools, store: false }).finalResponse();
    const call = called.output.find((item) => item.type === "function_call");
    assert.deepEqual(JSON.parse(call.arguments), { city: "Paris" });
    const answered = await client().responses.create({ model, input: [...input, ...called.output, { type: "function_call_output", call_id: call.call_id, output: "21 degrees" }], tools: responseTools, store: false });
    assert.equal(answered.output_text, afterTool);
  });

  test(`${model}: response with a schema`, async () => {
    const schema = { type: "object", properties: { name: { type: "string" }, age: { type: "integer" } }, required: ["name", "age"], additionalProperties: false };
    const response = await client().responses.parse({ model, input: "Ada is 36.", text: { format: { type: "json_schema", name: "person", schema, strict: true } } });
    assert.deepEqual(response.output_parsed, { name: "Ada", age: 36 });
  });

  test(`${model}: a refusal of the upstream's is a BadRequestError, streamed too`, async () => {
    await assert.rejects(client().chat.completions.create({ model, messages: ask("status 400") }), OpenAI.BadRequestError);
    await assert.rejects(client().chat.completions.create({ model, messages: ask("status 429"), stream: true }), OpenAI.RateLimitError);
    await assert.rejects(client().responses.create({ model, input: "status 400" }), OpenAI.BadRequestError);
  });
}

test("embeddings: base64 by default, numbers when asked for", async () => {
  const inBase64 = await client().embeddings.create({ model: "openai-plain", input: "hi" });
  assert.deepEqual(inBase64.data[0].embedding, [0.5, -0.25]);
  const inNumbers = await client().embeddings.create({ model: "openai-plain", input: ["hi"], encoding_format: "float" });
  assert.deepEqual(inNumbers.data[0].embedding, [0.5, -0.25]);
});

test("models", async () => {
  const names = [];
  for await (const model of client().models.list()) names.push(model.id);
  assert.ok(models.every((model) => names.includes(model)));
  assert.equal((await client().models.retrieve("openai-gated")).id, "openai-gated");
});

test("errors have their classes", async () => {
  const hi = { model: "openai-plain", messages: ask("hi") };
  await assert.rejects(client("cs-nobody").chat.completions.create(hi), OpenAI.AuthenticationError);
  await assert.rejects(client().chat.completions.create({ ...hi, model: "nobody" }), (error) => error instanceof OpenAI.NotFoundError && error.code === "model_not_found" && error.param === "model");
  await assert.rejects(client().chat.completions.create({ ...hi, messages: [] }), (error) => error instanceof OpenAI.BadRequestError && error.param === "messages");
  await assert.rejects(async () => {
    for (let i = 0; i < 2; i++) await client(limitedKey).chat.completions.create(hi);
  }, (error) => error instanceof OpenAI.RateLimitError && Number(error.headers.get("retry-after")) > 0);
});
