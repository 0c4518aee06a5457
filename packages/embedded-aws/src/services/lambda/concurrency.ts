import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import { quotaOf } from "../servicequotas/state.ts";
import { functions, type LambdaFunction } from "./state.ts";

interface Place {
  readonly account: string;
  readonly region: string;
}

/** The account's quota of concurrent executions in the region. */
export const concurrencyOf = (aws: EmbeddedAws, { account, region }: Place): number =>
  quotaOf(aws, account, region, "L-B99A9384");

export const reservedBy = (some: Iterable<LambdaFunction>): number =>
  [...some].reduce((sum, { reservedConcurrency = 0 }) => sum + reservedConcurrency, 0);

/**
 * Whether the function has reached its concurrency: its reservation, or, without one, what the account's unreserved
 * functions share (developer guide, "Understanding Lambda function scaling").
 */
export function isThrottled(aws: EmbeddedAws, fn: LambdaFunction): boolean {
  if (fn.reservedConcurrency !== undefined) return fn.running >= fn.reservedConcurrency;
  const all = [...aws.state(functions, fn.account, fn.region).values()];
  const running = all.reduce((sum, one) => sum + (one.reservedConcurrency === undefined ? one.running : 0), 0);
  return running >= concurrencyOf(aws, fn) - reservedBy(all);
}

/** @throws AwsError TooManyRequestsException */
export function requireConcurrency(aws: EmbeddedAws, fn: LambdaFunction): void {
  if (isThrottled(aws, fn)) throw new AwsError("TooManyRequestsException", "Rate Exceeded.", { status: 429 });
}
