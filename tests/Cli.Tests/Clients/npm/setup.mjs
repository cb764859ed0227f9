// Where the server is and what is asked of it; see ServedGateway.cs.
export const url = process.env.COUNTERSIGN_URL;
export const key = process.env.COUNTERSIGN_KEY;
export const limitedKey = process.env.COUNTERSIGN_LIMITED_KEY;
export const models = ["openai-plain", "openai-gated", "anthropic-plain", "anthropic-gated"];
export const hello = "Hello, said the model.";
export const afterTool = "It is 21 degrees in Paris.";

export const weatherSchema = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };
