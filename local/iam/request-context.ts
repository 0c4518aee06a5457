import type { EmbeddedAws } from "../embedded-aws.ts";
import type { Authorization, Call } from "../operation.ts";
import type { Principal } from "../principal.ts";
import { organizationOf } from "../services/organizations/membership.ts";
import type { Context } from "./match-pattern.ts";

/** AWS's global condition keys of a request, then what the operation says of itself. */
export function requestContext(call: Call, said: Authorization["context"]): Context {
  const keys: Record<string, string | readonly string[] | undefined> = {
    "aws:RequestedRegion": call.region,
    "aws:CurrentTime": new Date(call.aws.clock.now()).toISOString(),
    "aws:EpochTime": String(Math.floor(call.aws.clock.now() / 1000)),
    "aws:SecureTransport": "true",
    ...principalKeys(call.aws, call.principal),
    ...said,
  };
  const context = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(keys)) {
    if (value !== undefined) context.set(key.toLowerCase(), typeof value === "string" ? [value] : value);
  }
  return context;
}

function principalKeys(aws: EmbeddedAws, principal: Principal): Record<string, string | readonly string[] | undefined> {
  const organization = organizationOf(aws, principal.account);
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
    "aws:PrincipalType": principal.kind === "role" ? "AssumedRole" : "Account",
    "aws:PrincipalOrgID": organization?.id,
    "aws:PrincipalOrgPaths": organization?.path,
  };
}
