import { type Authorization, AwsError, type Call } from "../../engine/operation.ts";
import { givingRole } from "../iam/assert-assumable.ts";
import { requestTagContext, resourceTagContext } from "../tag-context.ts";
import { arnOf, normalised, type ResourceKind } from "./arn.ts";
import { RESOURCES } from "./resource-table.ts";
import { builderState } from "./state.ts";

/** The authorizations of a request, from "Actions, resources, and condition keys for Amazon EC2 Image Builder". */
export type Needs = Partial<Authorization>[];

type Tags = Readonly<Record<string, string>> | undefined;

/** The operation's own action on one existing resource, by ARN; `context` is added by the request. */
export const on = (call: Call, arn: string | undefined, context: Authorization["context"] = {}): Needs => [
  { resources: [arn ?? "*"], context: { ...resourceTags(call, arn), ...context } },
];

/** Another Image Builder action that the operation requires if the request names such a resource. */
export const alsoOn = (call: Call, action: string, arn: string | undefined): Needs =>
  arn?.startsWith("arn:")
    ? [{ action: `imagebuilder:${action}`, resources: [arn], context: resourceTags(call, arn) }]
    : [];

/** The operation's own action on the new resource, plus TagResource if it has tags. */
export function making(call: Call, kind: ResourceKind, path: readonly (string | undefined)[], tags: Tags): Needs {
  const arn = arnOf(call, kind, ...path.map(inArn));
  const context = requestTagContext(Object.entries(tags ?? {}));
  const make = { resources: [arn], context };
  return tags && Object.keys(tags).length > 0
    ? [make, { action: "imagebuilder:TagResource", resources: [arn], context }]
    : [make];
}

/**
 * `iam:PassRole` for an execution role, which must trust Image Builder. The service-linked role may be named, too; it
 * is not stored here and always trusts Image Builder.
 */
export function passing({ aws, account }: Call, role: string | undefined): Needs {
  const needs = givingRole(aws, role, "imagebuilder.amazonaws.com");
  return role === serviceLinkedRole(account) ? needs.slice(0, 1) : needs;
}

/** Versions appear in ARNs unchanged; names are normalised. */
const inArn = (part: string | undefined): string =>
  part === undefined ? "*" : /^[\d.x*]+$/.test(part) ? part : normalised(part);

const resourceTags = (call: Call, arn: string | undefined): Record<string, string> =>
  resourceTagContext(Object.entries(tagsOfResource(call, arn ?? "") ?? {}));

/** The tags of any of the caller's resources; undefined if the resource does not exist. */
export function tagsOfResource(call: Call, arn: string): Record<string, string> | undefined {
  const state = call.aws.state(builderState, call.account, call.region);
  const found = Object.values(RESOURCES).map(({ all }) => all(state).get(arn));
  const resource = found.find((one) => one !== undefined) ?? state.images.get(arn)?.image;
  if (!resource) return undefined;
  resource.tags ??= {};
  return resource.tags;
}
/** Image Builder's default role. */
export const serviceLinkedRole = (account: string): string =>
  `arn:aws:iam::${account}:role/aws-service-role/imagebuilder.amazonaws.com/AWSServiceRoleForImageBuilder`;

/**
 * Runs a request once for each client token: a repetition with the same parameters gets the first answer, one with
 * others fails (EC2's "Ensuring idempotency", which Image Builder's reference links).
 */
export function once<Output>(
  call: Call,
  operation: string,
  input: { clientToken?: string | undefined },
  carryOut: () => Output | Promise<Output>,
): Output | Promise<Output> {
  const { clientToken: token, ...parameters } = input;
  if (token === undefined) return carryOut();
  const { tokens } = call.aws.state(builderState, call.account, call.region);
  const key = `${operation}/${token}`;
  const asked = JSON.stringify(sorted(parameters));
  const earlier = tokens.get(key);
  if (earlier) {
    if (earlier.asked !== asked) {
      throw new AwsError(
        "IdempotentParameterMismatchException",
        `You have specified a client token for ${operation} that was used with different parameters: '${token}'.`,
      );
    }
    return earlier.output as Output | Promise<Output>;
  }
  const output = carryOut();
  tokens.set(key, { asked, output });
  // A failed request releases its token.
  if (output instanceof Promise) output.catch(() => tokens.delete(key));
  return output;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]));
}
