import type { KeyManagerType } from "@aws-sdk/client-kms";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Key, kmsState, type SigningMaterial } from "./state.ts";

interface NewKey {
  readonly account: string;
  readonly region: string;
  readonly manager: KeyManagerType;
  readonly policy: string;
  /** Left out: made up. */
  readonly id?: string | undefined;
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
  const id = made.id ?? (made.multiRegion ? `mrk-${aws.hexId(32)}` : aws.uuid());
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

/** A customer managed symmetric key with a given id, which exists before the story begins. */
export const seedKey = (aws: EmbeddedAws, key: Required<Pick<NewKey, "account" | "region" | "id" | "policy">>): void =>
  void makeKey(aws, { ...key, manager: "CUSTOMER" });

export function addAlias(aws: EmbeddedAws, account: string, region: string, name: string, keyId: string): void {
  const now = aws.clock.now();
  const arn = `arn:${aws.partition}:kms:${region}:${account}:${name}`;
  aws.state(kmsState, account, region).aliases.set(name, { name, arn, keyId, createdAt: now, updatedAt: now });
}

/** The service that an AWS managed key works for, as `kms:ViaService` names it. */
const services: Readonly<Record<string, string>> = {
  dynamodb: "dynamodb",
  ebs: "ec2",
  ecr: "ecr",
  lambda: "lambda",
  s3: "s3",
  sns: "sns",
  sqs: "sqs",
  ssm: "ssm",
};

/**
 * Makes the AWS managed key behind `alias/aws/<service>` on its first use, as AWS does.
 * Other alias names are left alone.
 */
export function ensureManagedKey(aws: EmbeddedAws, account: string, region: string, alias: string): void {
  const short = alias.startsWith("alias/aws/") ? alias.slice("alias/aws/".length) : "";
  const service = services[short];
  if (!service || aws.state(kmsState, account, region).aliases.has(alias)) return;
  const key = makeKey(aws, {
    account,
    region,
    manager: "AWS",
    policy: policyOf(aws.partition, account, `${service}.${region}.amazonaws.com`),
    description: `Default key that protects my ${short.toUpperCase()} data when no other key is defined`,
  });
  addAlias(aws, account, region, alias, key.id);
}

/** AWS writes this policy and nobody can change it: only the account itself, and only through the service. */
const policyOf = (partition: string, account: string, viaService: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Id: "auto-managed-key",
    Statement: [
      {
        Sid: "Allow access through the service for all principals in the account that are authorized to use it",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "kms:Encrypt",
          "kms:Decrypt",
          "kms:ReEncrypt*",
          "kms:GenerateDataKey*",
          "kms:CreateGrant",
          "kms:DescribeKey",
        ],
        Resource: "*",
        Condition: { StringEquals: { "kms:CallerAccount": account, "kms:ViaService": viaService } },
      },
      {
        Sid: "Allow direct access to key metadata to the account",
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"],
        Resource: "*",
      },
    ],
  });
