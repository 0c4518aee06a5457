import { scannedResources } from "../../evidence/scanned-resources.ts";
import type { Factory } from "../factory-schema.ts";
import { type Check, fails, fine, unknown } from "./check.ts";

export interface InspectorFacts {
  /** Resource types that the factory needs and Inspector does not scan. */
  readonly unscanned: readonly string[];
  /** The organization's delegated administrator for Inspector. */
  readonly administrator: string | undefined;
  readonly account: string;
}

/** Image Builder refuses pipelines that scan where Inspector is off; members cannot turn it off (Inspector user guide). */
export function decideInspector(factory: Factory, { unscanned, administrator, account }: InspectorFacts): Check {
  const { enableInspector, buildRegion } = factory;
  const subject = { check: "inspector", where: "enableInspector" };
  const types = scannedResources(factory);
  const found =
    unscanned.length === 0
      ? `Amazon Inspector scans ${types.join(" and ")} in ${buildRegion}`
      : `Amazon Inspector does not scan ${unscanned.join(" and ")} in ${buildRegion}`;
  if (enableInspector && administrator !== undefined && administrator !== account) {
    return fails(
      subject,
      `${found}; account ${administrator} administers it for the organization`,
      "removing the stack: a member account cannot turn Amazon Inspector off",
      `set enableInspector: false, and have account ${administrator} scan ${types.join(" and ")} in account ${account}`,
    );
  }
  if (!enableInspector && unscanned.length > 0) {
    return fails(
      subject,
      found,
      "the deployment: Image Builder refuses pipelines that scan",
      `aws inspector2 enable --resource-types ${unscanned.join(" ")} --region ${buildRegion}, or set enableInspector: true`,
    );
  }
  return fine(subject, unscanned.length === 0 ? found : `${found}; the deployment turns it on`);
}

/** Image Builder creates its role with the first resource, using the caller's rights (Image Builder user guide). */
export function decideServiceLinkedRole(exists: boolean, mayCreate: boolean): Check {
  const subject = { check: "service-linked-role", where: "AWSServiceRoleForImageBuilder" };
  if (exists) return fine(subject, "exists");
  if (mayCreate) return fine(subject, "does not exist; the deployment makes it");
  return fails(
    subject,
    "does not exist, and these credentials may not create it",
    "the deployment: Image Builder refuses the first resource of an account",
    "aws iam create-service-linked-role --aws-service-name imagebuilder.amazonaws.com, as an administrator",
  );
}

/** Exports use unencrypted snapshots, which EBS refuses to start if encryption is the default. */
export function decideEncryption(
  { images }: Pick<Factory, "images">,
  regions: readonly { readonly region: string; readonly encrypts: boolean; readonly key: string }[],
): Check[] {
  const exporting = Object.entries(images).flatMap(([name, { channels }]) =>
    channels.flatMap(({ exports }, nth) => (exports ? [`images.${name}.channels[${nth}].exports`] : [])),
  );
  return regions.map(({ region, encrypts, key }) => {
    const found = encrypts ? `on in ${region}, with ${key}` : `off in ${region}`;
    const [first] = exporting;
    const subject = { check: "ebs-encryption", where: first ?? region };
    if (!encrypts || first === undefined) return fine(subject, found);
    return fails(
      subject,
      found,
      "exports: EC2 exports no encrypted disk, and EBS starts no other snapshot",
      `aws ec2 disable-ebs-encryption-by-default --region ${region}, or remove exports`,
    );
  });
}

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

interface QuotaFacts {
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
