import * as z from "zod";

/** A function URL's event (Lambda developer guide, "Invoking Lambda function URLs"), from any sender. */
export const urlRequest = z.object({
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(""),
  isBase64Encoded: z.boolean().default(false),
});

/**
 * The same for a URL with AuthType AWS_IAM, where Lambda adds the caller's identity (developer guide, "Invoking Lambda
 * function URLs": requestContext.authorizer).
 */
export const iamRequest = urlRequest.extend({
  requestContext: z.object({
    requestId: z.string().min(1),
    authorizer: z.object({ iam: z.object({ userArn: z.string().startsWith("arn:") }) }),
  }),
});

/**
 * The IAM principal that signed a request. A direct Invoke could forge any `requestContext`, except Lambda's id of that
 * very invocation. That the two ids match is inferred from the developer guide, which describes
 * `requestContext.requestId` as the id of the invocation, for its logs.
 * @returns undefined where the request did not come through the URL
 */
export const signerOf = (
  { requestContext: { requestId, authorizer } }: z.output<typeof iamRequest>,
  invocation: string,
): string | undefined => (requestId === invocation ? authorizer.iam.userArn : undefined);

/** More than any request of Slack or the CLI needs. */
const MOST_BYTES = 64 * 1024;

/** The body as sent; undefined where it is too large, which is checked before decoding. */
function rawBody({ body, isBase64Encoded }: z.output<typeof urlRequest>): string | undefined {
  if (body.length > (isBase64Encoded ? 4 * Math.ceil(MOST_BYTES / 3) : MOST_BYTES)) return undefined;
  const bytes = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  return bytes.length > MOST_BYTES ? undefined : bytes.toString();
}

type Response = ReturnType<typeof respond>;

/** The body of a function URL's handler: answers bodies over 64 kB with 413 before they are parsed. */
export const withBody =
  <Request extends z.output<typeof urlRequest>, Given>(
    run: (request: Request, body: string, invocation: Given) => Promise<Response>,
  ) =>
  async (request: Request, invocation: Given): Promise<Response> => {
    const body = rawBody(request);
    return body === undefined
      ? respond(413, { error: `more than ${MOST_BYTES} bytes` })
      : run(request, body, invocation);
  };

/** An HTTP response. */
export const respond = (statusCode: number, content?: object) => ({
  statusCode,
  headers: { "content-type": "application/json" },
  body: content ? JSON.stringify(content) : "",
});

/** Undefined where the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
