import { DescribeImageAttributeCommand, type EC2Client, ModifyImageAttributeCommand } from "@aws-sdk/client-ec2";
import type { LaunchPermission } from "../core/launch-permission.ts";
import type { AmiId } from "../events/ids.ts";

/** Who may launch an AMI now. */
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

export const addLaunchPermission = (client: EC2Client, ami: AmiId, added: LaunchPermission): Promise<void> =>
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
