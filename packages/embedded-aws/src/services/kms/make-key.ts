import type { KeyManagerType } from "@aws-sdk/client-kms";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Key, kmsState, type SigningMaterial } from "./state.ts";

export interface NewKey {
  readonly account: string;
  readonly region: string;
  readonly manager: KeyManagerType;
  readonly policy: string;
  /** A primary key; replicas of it are not built. */
  readonly multiRegion?: boolean | undefined;
  /** Left out: a symmetric key. */
  readonly signing?: SigningMaterial | undefined;
  readonly description?: string | undefined;
  readonly tags?: Iterable<readonly [string, string]>;
}

/** Adds an enabled key. AWS managed keys rotate every year, customer keys once somebody says so. */
export function makeKey(aws: EmbeddedAws, made: NewKey): Key {
  // KMS developer guide, "Multi-Region keys": such a key is known by its id's beginning.
  const id = made.multiRegion ? `mrk-${aws.hexId(32)}` : aws.uuid();
  const now = aws.clock.now();
  const key: Key = {
    id,
    arn: `arn:${aws.partition}:kms:${made.region}:${made.account}:key/${id}`,
    account: made.account,
    manager: made.manager,
    createdAt: now,
    signing: made.signing,
    description: made.description ?? "",
    policy: made.policy,
    state: "Enabled",
    rotationDays: made.manager === "AWS" ? 365 : undefined,
    rotationSince: now,
    tags: new Map(made.tags),
    grants: new Map(),
  };
  aws.state(kmsState, made.account, made.region).keys.set(id, key);
  return key;
}

export function addAlias(aws: EmbeddedAws, account: string, region: string, name: string, keyId: string): void {
  const now = aws.clock.now();
  const arn = `arn:${aws.partition}:kms:${region}:${account}:${name}`;
  aws.state(kmsState, account, region).aliases.set(name, { name, arn, keyId, createdAt: now, updatedAt: now });
}
