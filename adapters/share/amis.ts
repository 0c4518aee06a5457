import {
  AttachImageWatermarkCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeImageAttributeCommand,
  DetachImageWatermarkCommand,
  type EC2Client,
  ModifyImageAttributeCommand,
} from "@aws-sdk/client-ec2";
import type { Proven } from "../../core/share/decide-proof.ts";
import type { LaunchPermission } from "../../core/share/launch-permission.ts";
import type { AmiId } from "../../events/ids.ts";

/** An AMI's launch permissions. */
export async function readLaunchPermission(client: EC2Client, ami: AmiId): Promise<LaunchPermission> {
  const { LaunchPermissions = [] } = await client.send(
    new DescribeImageAttributeCommand({ ImageId: ami, Attribute: "launchPermission" }),
  );
  const present = (values: (string | undefined)[]) => values.filter((value) => value !== undefined);
  return {
    organizationArns: present(LaunchPermissions.map(({ OrganizationArn }) => OrganizationArn)),
    organizationalUnitArns: present(LaunchPermissions.map(({ OrganizationalUnitArn }) => OrganizationalUnitArn)),
    accountIds: present(LaunchPermissions.map(({ UserId }) => UserId)),
  };
}

export const addLaunchPermission = (client: EC2Client, ami: Proven<AmiId>, added: LaunchPermission): Promise<void> =>
  changeLaunchPermission(client, ami, "Add", added);

export const removeLaunchPermission = (client: EC2Client, ami: AmiId, removed: LaunchPermission): Promise<void> =>
  changeLaunchPermission(client, ami, "Remove", removed);

async function changeLaunchPermission(
  client: EC2Client,
  ImageId: AmiId,
  change: "Add" | "Remove",
  { organizationArns, organizationalUnitArns, accountIds }: LaunchPermission,
): Promise<void> {
  const entries = [
    ...organizationArns.map((OrganizationArn) => ({ OrganizationArn })),
    ...organizationalUnitArns.map((OrganizationalUnitArn) => ({ OrganizationalUnitArn })),
    ...accountIds.map((UserId) => ({ UserId })),
  ];
  if (entries.length === 0) return;
  await client.send(
    new ModifyImageAttributeCommand({
      ImageId,
      Attribute: "launchPermission",
      LaunchPermission: { [change]: entries },
    }),
  );
}

/** Tags AMIs and snapshots by id. */
export async function tagResources(
  client: EC2Client,
  resources: readonly string[],
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await client.send(new CreateTagsCommand({ Resources: [...resources], Tags }));
}

export async function untagResources(
  client: EC2Client,
  resources: readonly string[],
  keys: readonly string[],
): Promise<void> {
  await client.send(new DeleteTagsCommand({ Resources: [...resources], Tags: keys.map((Key) => ({ Key })) }));
}

/**
 * Attaches a watermark to an AMI of this account, if it does not have it. Allowed AMIs can require it, and other
 * accounts cannot forge it: its key begins with the owner's account (EC2 API reference, "AttachImageWatermark").
 */
export async function attachWatermark(client: EC2Client, ami: Proven<AmiId>, name: string): Promise<void> {
  await client.send(new AttachImageWatermarkCommand({ ImageId: ami, WatermarkName: name }));
}

/** Detaches a watermark, if present. Copies in other accounts keep theirs. */
export async function detachWatermark(client: EC2Client, ami: AmiId, key: string): Promise<void> {
  await client.send(new DetachImageWatermarkCommand({ ImageId: ami, WatermarkKey: key }));
}
