import { directoryOf } from "../engine/directory.ts";
import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import type { Authorization, Call } from "../engine/operation.ts";
import type { Principal } from "../engine/principal.ts";
import type { Context } from "./match-pattern.ts";

/**
 * AWS's global condition keys of a request, then those that the operation provides. Made when a policy first asks for
 * one: most have no conditions.
 * @param owner the account that owns the requested resources, if known
 */
export function requestContext(call: Call, said: Authorization["context"], owner?: string): Context {
  let made: Context | undefined;
  return {
    get(key) {
      made ??= keysOf(call, said, owner);
      return made.get(key);
    },
  };
}

function keysOf(call: Call, said: Authorization["context"], owner: string | undefined): Context {
  const keys: Record<string, string | readonly string[] | undefined> = {
    "aws:RequestedRegion": call.region,
    "aws:CurrentTime": new Date(call.aws.clock.now()).toISOString(),
    "aws:EpochTime": String(Math.floor(call.aws.clock.now() / 1000)),
    "aws:SecureTransport": "true",
    ...principalKeys(call.aws, call.principal),
    ...resourceKeys(call.aws, owner),
    ...said,
  };
  const context = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(keys)) {
    if (value !== undefined) context.set(key.toLowerCase(), typeof value === "string" ? [value] : value);
  }
  return context;
}

/** IAM user guide, "Properties of the resource": organization keys exist only if the owner is in an organization. */
function resourceKeys(aws: EmbeddedAws, owner: string | undefined): Record<string, string | undefined> {
  if (owner === undefined) return {};
  const organization = directoryOf(aws).organizationOf(aws, owner);
  return {
    "aws:ResourceAccount": owner,
    "aws:ResourceOrgID": organization?.id,
    "aws:ResourceOrgPaths": organization?.path,
  };
}

function principalKeys(aws: EmbeddedAws, principal: Principal): Record<string, string | readonly string[] | undefined> {
  const organization = directoryOf(aws).organizationOf(aws, principal.account);
  if (principal.kind === "service") {
    return {
      "aws:PrincipalIsAWSService": "true",
      "aws:PrincipalServiceName": principal.service,
      "aws:SourceArn": principal.sourceArn,
      "aws:SourceAccount": principal.account,
      "aws:SourceOrgID": organization?.id,
      "aws:SourceOrgPaths": organization?.path,
    };
  }
  return {
    "aws:PrincipalIsAWSService": "false",
    "aws:PrincipalAccount": principal.account,
    "aws:PrincipalArn": principal.kind === "role" ? principal.roleArn : principal.arn,
    "aws:userid": userId(aws, principal),
    "aws:PrincipalType": principal.kind === "role" ? "AssumedRole" : "Account",
    "aws:PrincipalOrgID": organization?.id,
    "aws:PrincipalOrgPaths": organization?.path,
  };
}

/**
 * IAM user guide, "Policy variables", the table of `aws:userid`: `<role id>:<session name>`, where the session of an
 * instance profile is named after the instance.
 */
function userId(aws: EmbeddedAws, principal: Exclude<Principal, { kind: "service" }>): string | undefined {
  if (principal.kind === "account") return principal.account;
  const id = directoryOf(aws).findRole(aws, principal.roleArn)?.id;
  return id === undefined ? undefined : `${id}:${principal.arn.slice(principal.arn.lastIndexOf("/") + 1)}`;
}
