import { AwsError } from "../../../engine/aws-error.ts";
import type { Template } from "./template.ts";

/** The property by which a resource gets a name of the template's choosing. */
const NAMES: Readonly<Record<string, string>> = {
  "AWS::IAM::Role": "RoleName",
  "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
};
const IAM_TYPES: ReadonlySet<string> = new Set([...Object.keys(NAMES), "AWS::IAM::Policy"]);

/** What a template's resources want acknowledged (User guide, "Acknowledging IAM resources"). */
export function neededCapability({ Resources }: Template): "CAPABILITY_IAM" | "CAPABILITY_NAMED_IAM" | undefined {
  const iam = Object.values(Resources).filter(({ Type }) => IAM_TYPES.has(Type));
  if (iam.length === 0) return undefined;
  const named = iam.some(({ Type, Properties }) => Properties?.[NAMES[Type] ?? ""] !== undefined);
  return named ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM";
}

/** @throws AwsError InsufficientCapabilitiesException */
export function requireCapabilities(template: Template, given: readonly string[] = []): void {
  const needed = neededCapability(template);
  if (!needed || given.includes(needed) || given.includes("CAPABILITY_NAMED_IAM")) return;
  throw new AwsError("InsufficientCapabilitiesException", `Requires capabilities : [${needed}]`, { status: 400 });
}
