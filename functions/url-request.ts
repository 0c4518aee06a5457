import * as z from "zod";

/** A function URL's event (Lambda developer guide, "Invoking Lambda function URLs"), from any sender. */
export const urlRequest = z.object({
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(""),
  isBase64Encoded: z.boolean().default(false),
});

/**
 * The same at an address with AuthType AWS_IAM, for which Lambda has asked IAM who it is (developer guide, "Invoking Lambda
 * function URLs": requestContext.authorizer).
 */
export const iamRequest = urlRequest.extend({
  requestContext: z.object({
    requestId: z.string().min(1),
    authorizer: z.object({ iam: z.object({ userArn: z.string().startsWith("arn:") }) }),
  }),
});

/**
 * Who signed a request. An Invoke past the address could carry any `requestContext`, but not Lambda's id of that very
 * invocation: inferred from the developer guide, which calls `requestContext.requestId` the invocation's, by which its logs
 * are found.
 * @returns undefined where the request did not come by the address
 */
export const signerOf = (
  { requestContext: { requestId, authorizer } }: z.output<typeof iamRequest>,
  invocation: string,
): string | undefined => (requestId === invocation ? authorizer.iam.userArn : undefined);

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

/** Undefined where the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
