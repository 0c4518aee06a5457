import { createHash } from "node:crypto";
import { AwsError } from "../engine/aws-error.ts";
import type { Call, Operation } from "../engine/operation.ts";

/** How a service's lists say where to go on. */
interface Tokens {
  /** The input's member: `NextToken`, `Marker`. */
  readonly asked: string;
  /** The output's member: `NextToken`, `NextMarker`. */
  readonly given: string;
  /** The service's own error code for a token that is not one of its own. */
  readonly refusal: string;
}

/** Pages may change their size half-way. */
const SIZES: ReadonlySet<string> = new Set([
  "Limit",
  "MaxBuckets",
  "MaxDatapoints",
  "MaxItems",
  "MaxKeys",
  "MaxRecords",
  "MaxResults",
  "maxResults",
]);

/**
 * Operations whose tokens are good for one question only: the operation, account, region and parameters that they were
 * given for. Any other use is refused, as a token that no page ever gave is.
 */
export function bindTokens(
  operations: Readonly<Record<string, Operation>>,
  tokens: Tokens,
): Readonly<Record<string, Operation>> {
  const listing = Object.entries(operations).filter(([name]) => /^(Describe|Get|List)/.test(name));
  return { ...operations, ...Object.fromEntries(listing.map(([name, one]) => [name, bound(name, one, tokens)])) };
}

function bound(name: string, operation: Operation, { asked, given, refusal }: Tokens): Operation<object, unknown> {
  const run = operation.run.bind(operation) as (input: object, call: Call) => unknown;
  const authorize = operation.authorize?.bind(operation) as Operation<object>["authorize"];
  return {
    ...(authorize && { authorize }),
    async run(input, call) {
      const token = (input as Record<string, unknown>)[asked];
      const own = token === undefined ? undefined : opened(String(token), digest(name, input, asked, call), refusal);
      const output = await run(own === undefined ? input : { ...input, [asked]: own }, call);
      if (typeof output !== "object" || output === null) return output;
      const { [given]: next, [asked]: echo } = output as Record<string, unknown>;
      return {
        ...output,
        // S3 repeats the token that it was asked with.
        ...(own !== undefined && asked !== given && echo === own && { [asked]: token }),
        ...(typeof next === "string" && { [given]: sealed(digest(name, input, asked, call), next) }),
      };
    },
  };
}

const sealed = (question: string, token: string): string => Buffer.from(`${question}.${token}`).toString("base64url");

function opened(token: string, question: string, refusal: string): string {
  const text = Buffer.from(token, "base64url").toString();
  if (text.startsWith(`${question}.`)) return text.slice(question.length + 1);
  throw new AwsError(refusal, "The pagination token is not valid.", { status: 400 });
}

function digest(name: string, input: object, asked: string, { account, region }: Call): string {
  const parameters = Object.entries(input)
    .filter(([member, value]) => value !== undefined && member !== asked && !SIZES.has(member))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const text = JSON.stringify([name, account, region, parameters]);
  return createHash("sha256").update(text).digest("base64url").slice(0, 12);
}
