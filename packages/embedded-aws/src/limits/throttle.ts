import { directoryOf } from "../engine/directory.ts";
import { defineState, type StateDefinition } from "../engine/embedded-aws.ts";
import { AwsError, type Call, type Service } from "../engine/operation.ts";
import { throttling } from "../faults/service-fault.ts";
import { type Bucket, publishedLimit } from "./published-limits.ts";

/** `roles`: does not limit an account's root user, which tests use to inspect while time stands still. */
export type Limited = "everybody" | "roles";

interface Limits {
  /** Undefined: no limits. */
  limited: Limited | undefined;
  /** By owner and operation. */
  readonly buckets: Map<string, TokenBucket>;
}

const definition = defineState("published limits", (): Limits => ({ limited: undefined, buckets: new Map() }));

interface Stateful {
  state<T>(definition: StateDefinition<T>, account: string, region: string): T;
}

/** From now on requests above AWS's published rates are throttled, by this AWS's clock. */
export const enforcePublishedLimits = (aws: Stateful, limited: Limited = "everybody"): void => {
  aws.state(definition, "", "").limited = limited;
};

/**
 * Takes the request's tokens, even if the request later fails or is a dry run.
 * @throws AwsError RequestLimitExceeded (EC2), TooManyRequestsException (Organizations)
 */
export function throttle(service: Service, operation: string, input: object, call: Call): void {
  const limits = call.aws.state(definition, "", "");
  if (!limits.limited || (limits.limited === "roles" && call.principal.kind !== "role")) return;
  const limit = publishedLimit(service.name, operation, { ...input });
  if (!limit) return;
  const now = call.aws.clock.now();
  const of = (whose: string, size: Bucket): TokenBucket => {
    const key = `${service.name}:${limit.name} ${whose}`;
    const bucket = limits.buckets.get(key) ?? new TokenBucket(size, now);
    limits.buckets.set(key, bucket);
    return bucket;
  };
  const organization = limit.organization && directoryOf(call.aws).organizationOf(call.aws, call.account)?.id;
  const buckets = [
    of(`${call.account} ${call.region}`, limit.account),
    ...(limit.organization && organization ? [of(organization, limit.organization)] : []),
  ];
  // From both buckets or from neither: a throttled request takes no token.
  if (buckets.map((bucket) => bucket.has(now)).includes(false)) throw refusal(service);
  for (const bucket of buckets) bucket.take();
}

/** Messages as reported by clients; other services have no published limits here. */
function refusal(service: Service): AwsError {
  const { code, status } = throttling(service);
  const message =
    service.name === "ec2"
      ? "Request limit exceeded."
      : "You have sent too many requests in too short a period of time. Try again later.";
  return new AwsError(code, message, status === undefined ? {} : { status });
}

/** Tokens that refill continuously; AWS documents a number per second, which is the same over seconds. */
class TokenBucket {
  readonly #size: Bucket;
  #tokens: number;
  /** Milliseconds since the epoch. */
  #at: number;

  constructor(size: Bucket, now: number) {
    this.#size = size;
    this.#tokens = size.burst;
    this.#at = now;
  }

  /** Whether a token is available. */
  has(now: number): boolean {
    // In thousandths, because sums of fractions could leave a due token slightly short.
    const { burst, perSecond } = this.#size;
    const refilled = Math.round(this.#tokens * 1000 + Math.max(0, now - this.#at) * perSecond) / 1000;
    this.#tokens = Math.min(burst, refilled);
    this.#at = Math.max(this.#at, now);
    return this.#tokens >= 1;
  }

  /** Call `has` first. */
  take(): void {
    this.#tokens--;
  }
}
