import { evaluateResource } from "../../authorization/evaluate.ts";
import { requestContext } from "../../authorization/request-context.ts";
import { statementsOf } from "../../authorization/role-policies.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Authorization, AwsError } from "../../engine/operation.ts";
import { servicePrincipal } from "../../engine/principal.ts";
import { findRole, IAM_REGION } from "./state.ts";

const refused = (code: string, message: string): AwsError => new AwsError(code, message, { status: 400 });

/** Each service's error if it cannot assume the given role. */
const REFUSALS: Readonly<Record<string, (roleArn: string) => AwsError>> = {
  "events.amazonaws.com": (roleArn) =>
    refused("ValidationException", `Provided role '${roleArn}' cannot be assumed by principal 'events.amazonaws.com'.`),
  "imagebuilder.amazonaws.com": (roleArn) =>
    refused(
      "InvalidParameterValueException",
      `The value supplied for parameter 'executionRole' is not valid. The role '${roleArn}' cannot be assumed by EC2 Image Builder.`,
    ),
  "lambda.amazonaws.com": () =>
    refused("InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda."),
  "states.amazonaws.com": () =>
    refused(
      "AccessDeniedException",
      "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.",
    ),
  "scheduler.amazonaws.com": () =>
    refused(
      "ValidationException",
      "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
    ),
};

const refusalOf = (service: string) =>
  REFUSALS[service] ??
  ((roleArn: string) =>
    refused("AccessDeniedException", `${service} is not authorized to assume the role ${roleArn}.`));

/** Allows no principal. */
const NO_TRUST = JSON.stringify({ Version: "2012-10-17", Statement: [] });

/**
 * The permissions to give a service a role: the caller needs iam:PassRole, and the trust policy must allow the service
 * to assume it. A role that does not exist allows no principal.
 * @param source the resource it acts for, for trust policies with `aws:SourceArn`
 */
export function givingRole(
  aws: EmbeddedAws,
  roleArn: string | undefined,
  service: string,
  source = "",
): Partial<Authorization>[] {
  if (!roleArn) return [];
  const account = roleArn.split(":")[4] ?? "";
  return [
    { action: "iam:PassRole", resources: [roleArn], context: { "iam:PassedToService": service } },
    {
      action: "sts:AssumeRole",
      resources: [roleArn],
      resourcePolicy: findRole(aws, roleArn)?.trustPolicy ?? NO_TRUST,
      owner: account,
      as: servicePrincipal(service, account, source),
      refusal: refusalOf(service),
    },
  ];
}

/** Throws the service's own error if the role does not exist, or its trust policy does not allow the service. */
export function assertAssumable(aws: EmbeddedAws, roleArn: string, service: string): void {
  const role = findRole(aws, roleArn);
  if (role) {
    const account = roleArn.split(":")[4] ?? "";
    const principal = servicePrincipal(service, account, "");
    const call = { aws, account, region: IAM_REGION, principal, requestId: "" };
    const context = requestContext(call, undefined);
    const request = { action: "sts:AssumeRole", resource: roleArn, context };
    const { allowed, denied } = evaluateResource(statementsOf(aws, role.trustPolicy), request, principal);
    if (allowed.length && !denied.length) return;
  }
  throw refusalOf(service)(roleArn);
}
