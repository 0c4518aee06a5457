import { AwsError } from "../../aws-error.ts";
import type { EmbeddedAws } from "../../embedded-aws.ts";
import { evaluateResource } from "../../iam/evaluate.ts";
import { requestContext } from "../../iam/request-context.ts";
import { statementsOf } from "../../iam/role-policies.ts";
import { servicePrincipal } from "../../principal.ts";
import { findRole, IAM_REGION } from "./state.ts";

/** What each service answers where it may not assume the role it is given. */
const REFUSALS: Readonly<Record<string, (roleArn: string) => AwsError>> = {
  "lambda.amazonaws.com": () =>
    new AwsError("InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda.", {
      status: 400,
    }),
  "states.amazonaws.com": () =>
    new AwsError(
      "AccessDeniedException",
      "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.",
      { status: 400 },
    ),
  "scheduler.amazonaws.com": () =>
    new AwsError(
      "ValidationException",
      "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
      { status: 400 },
    ),
};

/**
 * Refuses a role whose trust policy does not let a service assume it (or that is not there), in that service's words.
 * @param source the resource on whose behalf, for trust policies with `aws:SourceArn`.
 */
export function assertAssumable(aws: EmbeddedAws, roleArn: string, service: string, source = ""): void {
  const role = findRole(aws, roleArn);
  if (role) {
    const account = roleArn.split(":")[4] ?? "";
    const principal = servicePrincipal(service, account, source);
    const call = { aws, account, region: IAM_REGION, principal, requestId: "" };
    const context = requestContext(call, undefined);
    const request = { action: "sts:AssumeRole", resource: roleArn, context };
    const { allowed, denied } = evaluateResource(statementsOf(aws, role.trustPolicy), request, principal);
    if (allowed.length && !denied.length) return;
  }
  const refusal = REFUSALS[service];
  if (refusal) throw refusal(roleArn);
  throw new AwsError("AccessDeniedException", `${service} is not authorized to assume the role ${roleArn}.`, {
    status: 400,
  });
}
