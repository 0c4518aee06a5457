import { parsePolicy } from "../../authorization/policy-document.ts";
import { AwsError } from "../../engine/operation.ts";
import { faultOf } from "./effective-policy.ts";
import { constraintViolation, type PolicyType, refusal } from "./state.ts";

/** Maximum characters (Organizations user guide, "Quotas"). */
const LONGEST: Readonly<Record<PolicyType, number>> = {
  SERVICE_CONTROL_POLICY: 5120,
  DECLARATIVE_POLICY_EC2: 10_000,
};

/** Attributes of a declarative policy for EC2 (user guide, "Declarative policy syntax and examples"). */
const EC2_ATTRIBUTES = [
  "allowed_images_settings",
  "exception_message",
  "image_block_public_access",
  "instance_metadata_defaults",
  "serial_console_access",
  "snapshot_block_public_access",
  "vpc_block_public_access",
];

/** @throws MalformedPolicyDocumentException, ConstraintViolationException */
export function requireContent(type: PolicyType, content: string): void {
  if (content.length > LONGEST[type]) {
    throw constraintViolation(
      "POLICY_CONTENT_LIMIT_EXCEEDED",
      `The policy has ${content.length} characters; at most ${LONGEST[type]} are allowed.`,
    );
  }
  const fault = type === "SERVICE_CONTROL_POLICY" ? faultOfControl(content) : faultOfDeclaration(content);
  if (fault === undefined) return;
  throw refusal(
    "MalformedPolicyDocumentException",
    `The provided policy document does not meet the requirements: ${fault}`,
  );
}

function faultOfControl(content: string): string | undefined {
  try {
    for (const { index, principals, resources } of parsePolicy(content)) {
      if (principals) return `Statement ${index} has a Principal, which a service control policy can't have.`;
      if (!resources) return `Statement ${index} has no Resource.`;
    }
    return undefined;
  } catch (cause) {
    if (cause instanceof AwsError) return cause.message;
    throw cause;
  }
}

function faultOfDeclaration(content: string): string | undefined {
  let policy: unknown;
  try {
    policy = JSON.parse(content);
  } catch {
    return "it is not JSON.";
  }
  const { ec2_attributes: attributes, ...rest } = (policy ?? {}) as Record<string, unknown>;
  if (typeof attributes !== "object" || attributes === null) return "ec2_attributes is missing.";
  const unknown = [
    ...Object.keys(rest),
    ...Object.keys(attributes).filter((key) => !key.startsWith("@@") && !EC2_ATTRIBUTES.includes(key)),
  ];
  if (unknown.length > 0) return `${unknown.join(", ")} is not known; known are ${EC2_ATTRIBUTES.join(", ")}.`;
  return faultOf(attributes, "ec2_attributes");
}
