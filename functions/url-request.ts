import * as z from "zod";

/** What a function URL hands over (Lambda developer guide, "Invoking Lambda function URLs"), whoever sent it. */
export const urlRequest = z.object({
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(""),
  isBase64Encoded: z.boolean().default(false),
});

/** More than any question of Slack's or of the CLI's takes. */
const MOST_BYTES = 64 * 1024;

/** The body as it was sent; undefined where it is too large, which is known before it is decoded. */
function rawBody({ body, isBase64Encoded }: z.output<typeof urlRequest>): string | undefined {
  if (body.length > (isBase64Encoded ? 4 * Math.ceil(MOST_BYTES / 3) : MOST_BYTES)) return undefined;
  const bytes = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  return bytes.length > MOST_BYTES ? undefined : bytes.toString();
}

type Response = ReturnType<typeof respond>;

/** What a function URL runs: bodies over 64 kB are answered with 413 before anything else looks at them. */
export const withBody =
  <Request extends z.output<typeof urlRequest>, Given>(
    run: (request: Request, body: string, step: Given) => Promise<Response>,
  ) =>
  async (request: Request, step: Given): Promise<Response> => {
    const body = rawBody(request);
    return body === undefined ? respond(413, { error: `more than ${MOST_BYTES} bytes` }) : run(request, body, step);
  };

/** An answer over HTTP. */
export const respond = (statusCode: number, content?: object) => ({
  statusCode,
  headers: { "content-type": "application/json" },
  body: content ? JSON.stringify(content) : "",
});
