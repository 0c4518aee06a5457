import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import statements from "./managed-policies.json" with { type: "json" };
import { iamOf } from "./state.ts";

/** A managed policy's JSON, AWS's or a customer's; undefined if it does not exist. */
export const findManagedPolicy = (aws: EmbeddedAws, arn: string): string | undefined =>
  awsManagedPolicy(arn) ?? iamOf(aws, arn.split(":")[4] ?? "").policies.get(arn)?.defaultVersion.document;

/** Refuses an ARN that names no policy. */
export function assertManagedPolicy(aws: EmbeddedAws, arn: string): void {
  if (findManagedPolicy(aws, arn) === undefined) throw noSuchPolicy(arn);
}

export const noSuchPolicy = (arn: string): AwsError =>
  new AwsError("NoSuchEntity", `Policy ${arn} does not exist or is not attachable.`);

/**
 * The statements of AWS managed policies, from the AWS Managed Policy Reference. Others cannot be attached: an unknown
 * policy would silently grant nothing. AutoScalingServiceRolePolicy is without its statements on spot requests, load
 * balancers, alarms, topics and rules, which are not built here.
 */
const documents = new Map(
  Object.entries(statements).map(([name, Statement]) => [
    `arn:aws:iam::aws:policy/${name}`,
    JSON.stringify({ Version: "2012-10-17", Statement }),
  ]),
);

/** The JSON of a policy that AWS maintains; undefined for an ARN that is not known here. */
const awsManagedPolicy = (arn: string): string | undefined => documents.get(arn);
