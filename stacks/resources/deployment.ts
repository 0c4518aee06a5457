import { createHash } from "node:crypto";
import { findForeignArns } from "../../core/factory/check-network.ts";
import { factoryTags } from "../../core/factory/factory-tags.ts";
import { describeRenamedKey, renamedKeysOf } from "../../core/factory/renamed-keys.ts";
import type { Place } from "../../core/names.ts";
import { factory } from "../program/factory.ts";

const { partition } = await aws.getPartition();
const { accountId } = await aws.getCallerIdentity();

/** The partition, build region and account of this deployment. */
export const place: Place = { partition, region: factory.buildRegion, account: accountId };

/** The tags of all resources that support tags. */
export const tags: Readonly<Record<string, string>> = factoryTags(factory);

/** The permissions boundary of every role. */
export const boundary =
  factory.permissionsBoundary === undefined ? {} : { permissionsBoundary: factory.permissionsBoundary };

// Every stack imports this file, so a deployment warns once.
for (const key of renamedKeysOf(factory)) process.stderr.write(`Warning: ${describeRenamedKey(key)}\n`);

const [foreign] = findForeignArns(factory, accountId);
if (foreign) {
  const { at, account } = foreign;
  throw new Error(
    `${at}: this is account ${accountId}, the factory is in ${account}: use its credentials, or change ${at}`,
  );
}

/** `amint-<factory>-<part>`, cut to AWS's limit for the kind of resource; a hash keeps cut names apart. */
export function resourceName(part: string, limit = 64): string {
  const name = `amint-${factory.name}-${part}`;
  if (name.length <= limit) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, limit - 9)}-${hash}`;
}

/** A Pulumi logical name: `al2023-base` becomes `Al2023Base`. */
export const logicalName = (name: string): string =>
  name
    .split(/[^a-zA-Z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

/** An ARN of this account in the build region, or in `region`. */
export const arnOf = (service: string, resource: string, region = place.region): string =>
  `arn:${place.partition}:${service}:${region}:${place.account}:${resource}`;

/** The ARN of a parameter in the build region; ARNs are returned unchanged. AWS's public parameters have no account. */
export function parameterArn(name: string): string {
  if (name.startsWith("arn:")) return name;
  const account = name.startsWith("/aws/service/") ? "" : place.account;
  return `arn:${place.partition}:ssm:${place.region}:${account}:parameter${name}`;
}
