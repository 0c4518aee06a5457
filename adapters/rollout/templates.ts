import {
  CreateLaunchTemplateVersionCommand,
  DescribeImagesCommand,
  DescribeLaunchTemplateVersionsCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import type { LaunchedAmi, TemplateData } from "../../core/rollout/decide-mode.ts";

/** A numbered version of a launch template, with parameters unresolved. @returns undefined where it does not exist */
export async function findTemplate(
  client: EC2Client,
  { id, version }: { readonly id: string; readonly version: string },
): Promise<TemplateData | undefined> {
  try {
    const { LaunchTemplateVersions: [found] = [] } = await client.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: [version] }),
    );
    const data = found?.LaunchTemplateData;
    return (
      data && {
        image: data.ImageId,
        devices: (data.BlockDeviceMappings ?? []).map(({ DeviceName = "", Ebs }) => ({
          name: DeviceName,
          snapshot: Ebs?.SnapshotId,
          size: Ebs?.VolumeSize,
        })),
      }
    );
  } catch (error) {
    if (error instanceof Error && error.name.startsWith("InvalidLaunchTemplate")) return undefined;
    throw error;
  }
}

interface NewVersion {
  readonly template: string;
  readonly source: string;
  readonly ami: string;
  /** At most 128 characters: a repeated call returns the same version. */
  readonly token: string;
  readonly description: string;
}

/** Creates a version that differs from its source only in its AMI. @returns its number */
export async function makeVersion(client: EC2Client, version: NewVersion): Promise<string> {
  const { template, source, ami, token, description } = version;
  const { LaunchTemplateVersion } = await client.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: template,
      SourceVersion: source,
      ClientToken: token,
      VersionDescription: description.slice(0, 255),
      LaunchTemplateData: { ImageId: ami },
    }),
  );
  return String(LaunchTemplateVersion?.VersionNumber ?? "");
}

/** An AMI as seen by the client's account. @returns undefined where the account cannot see it */
export async function findLaunched(client: EC2Client, id: string): Promise<LaunchedAmi | undefined> {
  try {
    const { Images: [found] = [] } = await client.send(new DescribeImagesCommand({ ImageIds: [id] }));
    const root = found?.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === found.RootDeviceName);
    return (
      found && {
        id,
        architecture: found.Architecture,
        rootDevice: found.RootDeviceName,
        size: root?.Ebs?.VolumeSize,
      }
    );
  } catch (error) {
    if (error instanceof Error && error.name.startsWith("InvalidAMIID")) return undefined;
    throw error;
  }
}
