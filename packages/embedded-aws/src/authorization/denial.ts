import { defineState, type EmbeddedAws } from "../engine/embedded-aws.ts";
import { AwsError, type Call } from "../engine/operation.ts";
import type { Principal } from "../engine/principal.ts";

/** The kind of policy that refused, as AWS's messages name it. */
type PolicyKind = "identity-based policy" | "resource-based policy" | "permissions boundary" | "service control policy";

export interface Denied {
  readonly by: PolicyKind;
  /** True if a statement denied the request; false if no statement allowed it. */
  readonly explicit: boolean;
}

/** By IAM prefix: code and status of services that do not answer AccessDeniedException with 403. */
const CODES: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  autoscaling: { code: "AccessDenied", status: 403 },
  cloudformation: { code: "AccessDenied", status: 403 },
  cloudwatch: { code: "AccessDenied", status: 403 },
  dynamodb: { code: "AccessDeniedException", status: 400 },
  ec2: { code: "UnauthorizedOperation", status: 403 },
  events: { code: "AccessDeniedException", status: 400 },
  iam: { code: "AccessDenied", status: 403 },
  kms: { code: "AccessDeniedException", status: 400 },
  logs: { code: "AccessDeniedException", status: 400 },
  organizations: { code: "AccessDeniedException", status: 400 },
  s3: { code: "AccessDenied", status: 403 },
  sns: { code: "AuthorizationError", status: 403 },
  sqs: { code: "AccessDenied", status: 403 },
  ssm: { code: "AccessDeniedException", status: 400 },
  states: { code: "AccessDeniedException", status: 400 },
  sts: { code: "AccessDenied", status: 403 },
};

/** The error with principal, action, resource and reason (IAM User Guide, "Access denied error messages"). */
export function denial(principal: Principal, action: string, resource: string, { by, explicit }: Denied): AwsError {
  const article = by === "identity-based policy" ? "an" : "a";
  const reason = explicit
    ? `with an explicit deny in ${article} ${by}`
    : `because no ${by} allows the ${action} action`;
  const prefix = action.slice(0, action.indexOf(":"));
  const { code, status } = CODES[prefix] ?? { code: "AccessDeniedException", status: 403 };
  const message = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  return new AwsError(
    code,
    prefix === "ec2" ? `You are not authorized to perform this operation. ${message}` : message,
    { status },
  );
}

/** A request that IAM denied. */
export interface Denial {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  /** The message that the caller gets. */
  readonly message: string;
}

type Listener = (denied: Denial) => void;

const definition = defineState("iam.denial-listeners", () => new Set<Listener>());

/**
 * Calls a listener for every denial from now on, before the caller gets the error.
 * @returns a function that stops it
 */
export function onDenied(aws: EmbeddedAws, listener: Listener): () => void {
  const listeners = aws.state(definition, "", "");
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function tellDenied({ aws, principal }: Call, denied: Omit<Denial, "principal">): void {
  for (const listener of aws.state(definition, "", "")) listener({ principal, ...denied });
}
