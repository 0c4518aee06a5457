import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { awsManagedPolicy } from "./aws-managed-policies.ts";
import { iamOf } from "./state.ts";

/** A managed policy's JSON, AWS's own or a customer's; undefined where there is none. */
export const findManagedPolicy = (aws: EmbeddedAws, arn: string): string | undefined =>
  awsManagedPolicy(arn) ?? iamOf(aws, arn.split(":")[4] ?? "").policies.get(arn)?.document;

/** Refuses an ARN that names no policy. */
export function assertManagedPolicy(aws: EmbeddedAws, arn: string): void {
  if (findManagedPolicy(aws, arn) === undefined) throw noSuchPolicy(arn);
}

export const noSuchPolicy = (arn: string): AwsError =>
  new AwsError("NoSuchEntity", `Policy ${arn} does not exist or is not attachable.`, { status: 404 });
