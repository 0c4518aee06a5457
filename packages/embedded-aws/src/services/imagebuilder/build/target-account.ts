import type { DescribeImagesCommandOutput } from "@aws-sdk/client-ec2";
import type { Distribution } from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { AwsError } from "../../../engine/operation.ts";
import { type Principal, rolePrincipal } from "../../../engine/principal.ts";
import { callService, type ImageRecord } from "../state.ts";
import { builderPrincipal } from "./resolve-parent.ts";

/** Image Builder user guide, "Set up cross-account AMI distribution with Image Builder". */
const ROLE = "EC2ImageBuilderDistributionCrossAccountRole";

/** The accounts that get an AMI in a region: the distribution's, or the image's own. */
export const targetAccounts = (record: ImageRecord, { amiDistributionConfiguration: ami }: Distribution) =>
  ami?.targetAccountIds?.length ? ami.targetAccountIds : [record.account];

/**
 * The principal that Image Builder uses in an account: itself in the image's own, in others the role that their owners
 * create.
 * @throws AwsError as STS refuses it
 */
export async function principalIn(aws: EmbeddedAws, record: ImageRecord, account: string): Promise<Principal> {
  const own = builderPrincipal(record.account, record.image.executionRole);
  if (account === record.account) return own;
  const RoleArn = `arn:${aws.partition}:iam::${account}:role/${ROLE}`;
  const RoleSessionName = "ImageBuilder";
  const caller = { principal: own, region: record.region };
  await callService(aws, "sts", "AssumeRole", { RoleArn, RoleSessionName }, caller);
  return rolePrincipal(RoleArn, RoleSessionName);
}

/** Shares an AMI and its snapshots with an account, which makes its own copy. */
export async function lend(aws: EmbeddedAws, record: ImageRecord, imageId: string, account: string): Promise<void> {
  const caller = { principal: builderPrincipal(record.account, record.image.executionRole), region: record.region };
  const UserId = account;
  const described = { ImageIds: [imageId] };
  const { Images } = await callService<DescribeImagesCommandOutput>(aws, "ec2", "DescribeImages", described, caller);
  const image = { ImageId: imageId, LaunchPermission: { Add: [{ UserId }] } };
  await callService(aws, "ec2", "ModifyImageAttribute", image, caller);
  for (const { Ebs } of Images?.[0]?.BlockDeviceMappings ?? []) {
    if (Ebs?.SnapshotId === undefined) continue;
    const snapshot = { SnapshotId: Ebs.SnapshotId, CreateVolumePermission: { Add: [{ UserId }] } };
    await callService(aws, "ec2", "ModifySnapshotAttribute", snapshot, caller);
  }
}

/** A failure between two accounts, with Image Builder's message. */
export function acrossAccounts(error: unknown, record: ImageRecord, account: string, region: string): string {
  const said = error instanceof Error ? error.message : String(error);
  if (account === record.account) return said;
  const service = error instanceof AwsError && said.includes("sts:AssumeRole") ? "STS" : "EC2";
  return `${service} Client Error: '${said}' when distributing the image from the source account (ID: ${record.account}) to the destination account (ID: ${account}) in Region ${region}.`;
}
