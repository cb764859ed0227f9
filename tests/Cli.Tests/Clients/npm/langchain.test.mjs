import assert from "node:assert/strict";
import { test } from "node:test";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { z } from "zod";
import { afterTool, hello, key, models, url } from "./setup.mjs";

const configuration = { baseURL: `${url}/v1` };
const chat = (model, more = {}) => new ChatOpenAI({ model, apiKey: key, configuration, maxRetries: 0, ...more });
const weather = tool(({ city }) => `21 degrees in ${city}`, { name: "get_weather", description: "The weather in a city.", schema: z.object({ city: z.string() }) });

for (const name of models) {
  test(`${name}: chat`, async () => {
    const answer = await chat(name).invoke("hi");
    assert.equal(answer.content, hello);
    assert.equal(answer.usage_metadata.input_tokens, 1000);
  });

  test(`${name}: stream with usage`, async () => {
    let all;
    for await (const chunk of await chat(name, { streamUsage: true }).stream("hi")) all = all ? all.concat(chunk) : chunk;
    assert.equal(all.content, hello);
    assert.equal(all.usage_metadata.output_tokens, 100);
  });

  test(`${name}: tool loop, the call streamed`, async () => {
    const bound = chat(name).bindTools([weather]);
    const messages = [new HumanMessage("Weather in Paris?")];
    let called;
    for await (const chunk of await bound.stream(messages)) called = called ? called.concat(chunk) : chunk;
    assert.deepEqual(called.tool_calls[0].args, { city: "Paris" });
    const result = new ToolMessage({ content: await weather.invoke(called.tool_calls[0].args), tool_call_id: called.tool_calls[0].id });
    assert.equal((await bound.invoke([...messages, called, result])).content, afterTool);
  });

  test(`${name}: schema`, async () => {
    const person = chat(name).withStructuredOutput(z.object({ name: z.string(), age: z.number() }), { method: "jsonSchema", name: "person" });
    assert.deepEqual(await person.invoke("Ada is 36."), { name: "Ada", age: 36 });
  });

  test(`${name}: Responses API`, async () => {
    const answer = await chat(name, { useResponsesApi: true }).invoke("hi");
    assert.equal(answer.text, hello);
  });
}

test("embeddings", async () => {
  const embeddings = new OpenAIEmbeddings({ model: "openai-plain", apiKey: key, configuration, maxRetries: 0 });
  assert.deepEqual(await embeddings.embedQuery("hi"), [0.5, -0.25]);
});
