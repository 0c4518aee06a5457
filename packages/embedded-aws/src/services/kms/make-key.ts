import type { KeyManagerType } from "@aws-sdk/client-kms";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Key, kmsState, type SigningMaterial } from "./state.ts";

interface NewKey {
  readonly account: string;
  readonly region: string;
  readonly manager: KeyManagerType;
  readonly policy: string;
  /** Omitted: generated. */
  readonly id?: string | undefined;
  /** A primary key; replicas of it are not built. */
  readonly multiRegion?: boolean | undefined;
  /** Omitted: a symmetric key. */
  readonly signing?: SigningMaterial | undefined;
  readonly description?: string | undefined;
  readonly tags?: Iterable<readonly [string, string]>;
}

/** Adds an enabled key. AWS managed keys rotate every year, customer keys only if rotation is enabled. */
export function makeKey(aws: EmbeddedAws, made: NewKey): Key {
  // KMS developer guide, "Multi-Region keys": their ids begin with `mrk-`.
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

/** A customer managed symmetric key with a given id, for seeds. */
export const seedKey = (aws: EmbeddedAws, key: Required<Pick<NewKey, "account" | "region" | "id" | "policy">>): void =>
  void makeKey(aws, { ...key, manager: "CUSTOMER" });

export function addAlias(aws: EmbeddedAws, account: string, region: string, name: string, keyId: string): void {
  const now = aws.clock.now();
  const arn = `arn:${aws.partition}:kms:${region}:${account}:${name}`;
  aws.state(kmsState, account, region).aliases.set(name, { name, arn, keyId, createdAt: now, updatedAt: now });
}

/** The service of an AWS managed key, as in `kms:ViaService`. */
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
 * Creates the AWS managed key of `alias/aws/<service>` on first use, as AWS does.
 * Ignores other alias names.
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

/** AWS's policy, which cannot be changed: only the account can use the key, and only through the service. */
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
