import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  StartInstanceRefreshCommand,
} from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateCommand, EC2Client } from "@aws-sdk/client-ec2";
import factory from "../../../factory.config.ts";
import type { RunningFactory } from "../../../local/boot/boot-factory.ts";
import { clientOptions } from "../../../local/boot/client-options.ts";

const name = "jobs";

/** A team runs an AMI of the channel in a group that did not opt in, and replaces its instances itself. */
export async function refreshAsTeam(
  account: string,
  ImageId: string,
  { options }: Pick<RunningFactory, "options">,
): Promise<void> {
  const { buildRegion: region } = factory;
  const own = { ...options, ...clientOptions(options.endpoint, account, region) };
  const { LaunchTemplate } = await new EC2Client(own).send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: name,
      LaunchTemplateData: { ImageId, InstanceType: "t3.small" },
    }),
  );
  const autoScaling = new AutoScalingClient(own);
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      LaunchTemplate: { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId, Version: "1" },
      MinSize: 1,
      MaxSize: 2,
      DesiredCapacity: 1,
      AvailabilityZones: [`${region}a`],
    }),
  );
  await autoScaling.send(new StartInstanceRefreshCommand({ AutoScalingGroupName: name }));
}
