import {
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  type EC2Client,
  GetAllowedImagesSettingsCommand,
  type _InstanceType as InstanceType,
  paginateDescribeSubnets,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateGrantCommand,
  DecryptCommand,
  DescribeKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  type KMSClient,
  ReEncryptCommand,
} from "@aws-sdk/client-kms";
import { AUTO_SCALING_OPERATIONS } from "../../core/share/auto-scaling-grants.ts";
import type { AmiId } from "../../events/ids.ts";
import { unlessError } from "../unless-error.ts";

/**
 * Describes an AMI with a consumer's credentials.
 * @returns the ids of its snapshots
 * @throws errors of EC2: `InvalidAMIID.NotFound` where the AMI is not shared with the account
 */
export async function describeAsConsumer(client: EC2Client, ami: AmiId): Promise<string[]> {
  const { Images = [] } = await client.send(new DescribeImagesCommand({ ImageIds: [ami] }));
  return (Images[0]?.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
}

/**
 * Checks by a dry run whether a launch is permitted. It does not check the keys of the AMI's snapshots.
 * @throws errors of EC2
 */
export async function dryRunLaunch(
  client: EC2Client,
  { ami, instanceType, subnet }: { readonly ami: AmiId; readonly instanceType: string; readonly subnet?: string },
): Promise<void> {
  const launch = new RunInstancesCommand({
    ImageId: ami,
    InstanceType: instanceType as InstanceType,
    MinCount: 1,
    MaxCount: 1,
    ...(subnet && { SubnetId: subnet }),
    DryRun: true,
  });
  // EC2's answer to a permitted dry run.
  await unlessError(client.send(launch), /^DryRunOperation$/);
}

/** The account's subnets that have all of these tags. */
export async function findSubnets(client: EC2Client, tags: Readonly<Record<string, string>>): Promise<string[]> {
  const Filters = Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));
  const found: string[] = [];
  for await (const { Subnets = [] } of paginateDescribeSubnets({ client }, { Filters })) {
    found.push(...Subnets.flatMap(({ SubnetId }) => SubnetId ?? []));
  }
  return found;
}

/** Whether the account's Allowed AMIs setting hides AMIs; undefined where access is denied. */
export async function findHidesImages(client: EC2Client): Promise<boolean | undefined> {
  const settings = await unlessError(client.send(new GetAllowedImagesSettingsCommand({})), /^UnauthorizedOperation$/);
  return settings && settings.State === "enabled";
}

/** The key ARNs of the account's own snapshots, each once. */
export async function findKeys(client: EC2Client, snapshots: readonly string[]): Promise<string[]> {
  if (snapshots.length === 0) return [];
  const { Snapshots = [] } = await client.send(new DescribeSnapshotsCommand({ SnapshotIds: [...snapshots] }));
  return [...new Set(Snapshots.flatMap(({ KmsKeyId }) => KmsKeyId ?? []))];
}

/** A dry run of a key operation. */
interface KeyDryRun {
  /** IAM's name of the action. */
  readonly action: string;
  /** @throws errors of KMS */
  readonly run: () => Promise<void>;
}

/**
 * Dry runs of the key operations of a launch that callers can check themselves (EBS user guide, "Requirements for
 * Amazon EBS encryption"). The operations that EC2 performs with its own grant show in a real launch only.
 * @param key its ARN
 * @param autoScalingRole the ARN of the account's service-linked role
 */
export function keyDryRuns(client: KMSClient, key: string, autoScalingRole: string): KeyDryRun[] {
  const noCiphertext = { DryRun: true, DryRunModifiers: ["IGNORE_CIPHERTEXT" as const] };
  const trial = (action: string, send: () => Promise<unknown>): KeyDryRun => ({
    action,
    run: async () => void (await unlessError(send(), FINE)),
  });
  return [
    trial("kms:DescribeKey", () => client.send(new DescribeKeyCommand({ KeyId: key }))),
    trial("kms:Decrypt", () => client.send(new DecryptCommand({ KeyId: key, ...noCiphertext }))),
    trial("kms:GenerateDataKeyWithoutPlaintext", () =>
      client.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId: key, KeySpec: "AES_256", DryRun: true })),
    ),
    trial("kms:ReEncrypt", () =>
      client.send(new ReEncryptCommand({ SourceKeyId: key, DestinationKeyId: key, ...noCiphertext })),
    ),
    trial("kms:CreateGrant", () =>
      client.send(
        new CreateGrantCommand({
          KeyId: key,
          GranteePrincipal: autoScalingRole,
          Operations: [...AUTO_SCALING_OPERATIONS],
          DryRun: true,
        }),
      ),
    ),
  ];
}

/**
 * KMS answers a dry run that would have succeeded with DryRunOperationException, and a grant for a role that does not
 * exist with InvalidArnException: an account that has never used Auto Scaling does not have the role.
 */
const FINE = /^(DryRunOperation|InvalidArn)Exception$/;
