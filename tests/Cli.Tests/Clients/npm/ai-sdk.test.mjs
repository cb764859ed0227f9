import assert from "node:assert/strict";
import { test } from "node:test";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { embed, generateText, Output, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";
import { afterTool, hello, key, models, url } from "./setup.mjs";

const provider = createOpenAICompatible({ name: "countersign", baseURL: `${url}/v1`, apiKey: key, includeUsage: true, supportsStructuredOutputs: true });
const once = { maxRetries: 0 };
const tools = { get_weather: tool({ description: "The weather in a city.", inputSchema: z.object({ city: z.string() }), execute: async ({ city }) => `21 degrees in ${city}` }) };

for (const name of models) {
  const model = provider.chatModel(name);

  test(`${name}: text`, async () => {
    const { text, usage } = await generateText({ model, prompt: "hi", ...once });
    assert.equal(text, hello);
    assert.equal(usage.inputTokens, 1000);
  });

  test(`${name}: streamed text with usage`, async () => {
    const result = streamText({ model, prompt: "hi", ...once });
    let text = "";
    for await (const part of result.textStream) text += part;
    assert.equal(text, hello);
    assert.equal((await result.usage).outputTokens, 100);
  });

  test(`${name}: tool loop`, async () => {
    const { text, steps } = await generateText({ model, prompt: "Weather in Paris?", tools, stopWhen: stepCountIs(3), ...once });
    assert.equal(text, afterTool);
    assert.deepEqual(steps[0].toolCalls[0].input, { city: "Paris" });
  });

  test(`${name}: streamed tool loop`, async () => {
    const result = streamText({ model, prompt: "Weather in Paris?", tools, stopWhen: stepCountIs(3), ...once });
    assert.equal(await result.text, afterTool);
  });

  test(`${name}: schema`, async () => {
    const { output } = await generateText({ model, prompt: "Ada is 36.", output: Output.object({ schema: z.object({ name: z.string(), age: z.number() }) }), ...once });
    assert.deepEqual(output, { name: "Ada", age: 36 });
  });

  test(`${name}: a refusal has its status`, async () => {
    await assert.rejects(generateText({ model, prompt: "status 429", ...once }), (error) => error.statusCode === 429 && error.isRetryable);
  });
}

test("embedding", async () => {
  const { embedding } = await embed({ model: provider.textEmbeddingModel("openai-plain"), value: "hi", ...once });
  assert.deepEqual(embedding, [0.5, -0.25]);
});
