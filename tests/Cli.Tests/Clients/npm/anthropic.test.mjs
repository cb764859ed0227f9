import assert from "node:assert/strict";
import { test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { afterTool, hello, key, models, url, weatherSchema } from "./setup.mjs";

const client = (apiKey = key) => new Anthropic({ baseURL: url, apiKey, maxRetries: 0 });
const ask = (model, content) => ({ model, max_tokens: 1024, messages: [{ role: "user", content }] });
const tools = [{ name: "get_weather", description: "The weather in a city.", input_schema: weatherSchema }];
const textOf = (message) => message.content.map((block) => block.text ?? "").join("");

for (const model of models) {
  test(`${model}: message`, async () => {
    const message = await client().messages.create({ ...ask(model, "hi"), system: "Be brief." });
    assert.equal(textOf(message), hello);
    assert.equal(message.stop_reason, "end_turn");
    assert.deepEqual([message.usage.input_tokens, message.usage.cache_read_input_tokens, message.usage.output_tokens], [800, 200, 100]);
  });

  test(`${model}: streamed message`, async () => {
    const stream = client().messages.stream(ask(model, "hi"));
    const texts = [];
    stream.on("text", (text) => texts.push(text));
    const message = await stream.finalMessage();
    assert.equal(texts.join(""), hello);
    assert.equal(textOf(message), hello);
    assert.equal(message.usage.output_tokens, 100);
  });

  test(`${model}: tool loop, the call streamed`, async () => {
    const asked = { ...ask(model, "Weather in Paris?"), tools };
    const called = await client().messages.stream(asked).finalMessage();
    assert.equal(called.stop_reason, "tool_use");
    const call = called.content.find((block) => block.type === "tool_use");
    assert.deepEqual([call.name, call.input], ["get_weather", { city: "Paris" }]);
    const result = { role: "user", content: [{ type: "tool_result", tool_use_id: call.id, content: "21 degrees" }] };
    const answered = await client().messages.create({ ...asked, messages: [...asked.messages, { role: "assistant", content: called.content }, result] });
    assert.equal(textOf(answered), afterTool);
  });

  test(`${model}: schema`, async () => {
    const schema = { type: "object", properties: { name: { type: "string" }, age: { type: "integer" } }, required: ["name", "age"], additionalProperties: false };
    const message = await client().messages.parse({ ...ask(model, "Ada is 36."), output_config: { format: { type: "json_schema", schema } } });
    assert.deepEqual(JSON.parse(textOf(message)), { name: "Ada", age: 36 });
  });

  test(`${model}: a refusal of the upstream's is an error of its class, streamed too`, async () => {
    await assert.rejects(client().messages.create(ask(model, "status 400")), Anthropic.BadRequestError);
    await assert.rejects(client().messages.stream(ask(model, "status 429")).finalMessage(), Anthropic.RateLimitError);
  });
}

test("what the upstream did not count is zero, and named", async () => {
  for (const model of ["openai-plain", "openai-gated"]) {
    const whole = await client().messages.create(ask(model, "count nothing"));
    assert.deepEqual([whole.usage.input_tokens, whole.usage.output_tokens, whole.usage.countersign_unknown], [0, 0, ["input_tokens", "output_tokens"]]);
    const streamed = await client().messages.stream(ask(model, "count nothing")).finalMessage();
    assert.deepEqual([textOf(streamed), streamed.usage.output_tokens], [hello, 0]);
  }
});

test("tokens are counted by the upstream, or not at all", async () => {
  const hi = { messages: [{ role: "user", content: "hi" }] };
  assert.equal((await client().messages.countTokens({ model: "anthropic-plain", ...hi })).input_tokens, 42);
  assert.equal((await client().messages.countTokens({ model: "anthropic-gated", ...hi })).input_tokens, 42);
  await assert.rejects(client().messages.countTokens({ model: "openai-plain", ...hi }), Anthropic.BadRequestError);
});

test("errors have their classes", async () => {
  await assert.rejects(client("cs-nobody").messages.create(ask("anthropic-plain", "hi")), Anthropic.AuthenticationError);
  await assert.rejects(client().messages.create(ask("nobody", "hi")), Anthropic.NotFoundError);
  await assert.rejects(client().messages.create({ ...ask("anthropic-plain", "hi"), messages: [] }), Anthropic.BadRequestError);
});
