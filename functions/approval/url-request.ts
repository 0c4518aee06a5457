import * as z from "zod";

/** What a function URL hands over (Lambda developer guide, "Invoking Lambda function URLs"), whoever sent it. */
export const urlRequest = z.object({
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(""),
  isBase64Encoded: z.boolean().default(false),
});

/** The body as it was sent. */
export const rawBody = ({ body, isBase64Encoded }: Pick<z.output<typeof urlRequest>, "body" | "isBase64Encoded">) =>
  isBase64Encoded ? Buffer.from(body, "base64").toString() : body;

/** An answer over HTTP. */
export const respond = (statusCode: number, content?: object) => ({
  statusCode,
  headers: { "content-type": "application/json" },
  body: content ? JSON.stringify(content) : "",
});
