import type { Authorization, Call } from "../../engine/operation.ts";
import { givingRole } from "../iam/assert-assumable.ts";
import { requestTagContext, resourceTagContext } from "../tag-context.ts";
import { arnOf, normalised, type ResourceKind } from "./arn.ts";
import { RESOURCES } from "./resource-table.ts";
import { builderState } from "./state.ts";

/** What a request needs, from "Actions, resources, and condition keys for Amazon EC2 Image Builder". */
export type Needs = Partial<Authorization>[];

type Tags = Readonly<Record<string, string>> | undefined;

/** The operation's own action on one existing resource, by ARN; `context` is what the request adds. */
export const on = (call: Call, arn: string | undefined, context: Authorization["context"] = {}): Needs => [
  { resources: [arn ?? "*"], context: { ...resourceTags(call, arn), ...context } },
];

/** Another action of Image Builder that the operation also asks for, where the request names such a resource. */
export const alsoOn = (call: Call, action: string, arn: string | undefined): Needs =>
  arn?.startsWith("arn:")
    ? [{ action: `imagebuilder:${action}`, resources: [arn], context: resourceTags(call, arn) }]
    : [];

/** The operation's own action on the resource it makes, with TagResource where it comes with tags. */
export function making(call: Call, kind: ResourceKind, path: readonly (string | undefined)[], tags: Tags): Needs {
  const arn = arnOf(call, kind, ...path.map(inArn));
  const context = requestTagContext(Object.entries(tags ?? {}));
  const make = { resources: [arn], context };
  return tags && Object.keys(tags).length > 0
    ? [make, { action: "imagebuilder:TagResource", resources: [arn], context }]
    : [make];
}

/**
 * `iam:PassRole` for an execution role, which must trust Image Builder. The service-linked role, which can be named
 * too, is not kept here and trusts Image Builder by its nature.
 */
export function passing({ aws, account }: Call, role: string | undefined): Needs {
  const needs = givingRole(aws, role, "imagebuilder.amazonaws.com");
  return role === serviceLinkedRole(account) ? needs.slice(0, 1) : needs;
}

/** Versions stand in ARNs as they are; names are normalised. */
const inArn = (part: string | undefined): string =>
  part === undefined ? "*" : /^[\d.x*]+$/.test(part) ? part : normalised(part);

const resourceTags = (call: Call, arn: string | undefined): Record<string, string> =>
  resourceTagContext(Object.entries(tagsOfResource(call, arn ?? "") ?? {}));

/** The tags of any resource of the caller's, to read or to change; undefined where there is no such resource. */
export function tagsOfResource(call: Call, arn: string): Record<string, string> | undefined {
  const state = call.aws.state(builderState, call.account, call.region);
  const found = Object.values(RESOURCES).map(({ all }) => all(state).get(arn));
  const resource = found.find((one) => one !== undefined) ?? state.images.get(arn)?.image;
  if (!resource) return undefined;
  resource.tags ??= {};
  return resource.tags;
}
/** The role that Image Builder works as where it was given none. */
export const serviceLinkedRole = (account: string): string =>
  `arn:aws:iam::${account}:role/aws-service-role/imagebuilder.amazonaws.com/AWSServiceRoleForImageBuilder`;
