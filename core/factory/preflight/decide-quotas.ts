import { type Check, fails, fine, unknown } from "./check.ts";

/** Must stay unreserved for the account's other functions (Lambda developer guide, "reserved concurrency"). */
const LEAST_UNRESERVED = 100;

/** Concurrent steps of one promotion, and functions that events start meanwhile. */
const CONCURRENT = 20;

interface Concurrency {
  readonly limit: number;
  /** Excludes what the factory's functions already reserve. */
  readonly unreserved: number;
}

/** @param reserves the total that the factory's functions reserve */
export function decideConcurrency({ limit, unreserved }: Concurrency, reserves: number, region: string): Check {
  const subject = { check: "lambda-concurrency", where: `account quota in ${region}` };
  const found = `${limit} concurrent executions, ${unreserved} of them unreserved; the factory reserves ${reserves}`;
  const fix = `aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000 --region ${region}`;
  if (reserves > 0 && unreserved - reserves < LEAST_UNRESERVED) {
    return fails(subject, found, `the deployment: Lambda keeps ${LEAST_UNRESERVED} executions unreserved`, fix);
  }
  if (unreserved - reserves < CONCURRENT) {
    return fails(
      subject,
      found,
      `promotions: up to ${CONCURRENT} functions run at once, the others are throttled`,
      fix,
    );
  }
  return fine(subject, found);
}

export interface QuotaFacts {
  readonly service: string;
  readonly name: string;
  readonly region: string;
  /** Undefined: Service Quotas does not list the quota. */
  readonly value: number | undefined;
  /** Current use. */
  readonly used: number;
  /** What the factory adds. */
  readonly adds: number;
  readonly breaks: string;
}

export function decideQuota({ service, name, region, value, used, adds, breaks }: QuotaFacts): Check {
  const subject = { check: "quota", where: `${service}: ${name} in ${region}` };
  if (value === undefined) {
    return unknown(subject, "Service Quotas does not list it", "look it up in the Service Quotas console");
  }
  const found = `${value}, ${used} used, the factory adds ${adds}`;
  if (used + adds <= value) return fine(subject, found);
  return fails(subject, found, breaks, `request at least ${used + adds} in the Service Quotas console of ${region}`);
}

/** A type's vCPUs by its size: `large` has 2, `xlarge` 4, `<n>xlarge` 4n (EC2 user guide, "Instance types"). */
export function vcpusOf(instanceType: string): number {
  const size = instanceType.split(".")[1] ?? "";
  const times = /^(\d+)xlarge$/.exec(size)?.[1];
  if (times !== undefined) return Number(times) * 4;
  return size === "xlarge" ? 4 : 2;
}
