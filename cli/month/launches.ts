import { EC2Client, RunInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { channelParameter } from "../../core/names.ts";
import { clientOptions } from "./client-options.ts";
import type { Happening } from "./happening.ts";
import { type Place, readAmi } from "./read-back.ts";
import { launches } from "./story.ts";

/** What consumers run for longer than a trial: each starts what a channel points at, and some end it. */
export const launchHappenings = (place: Place): Happening[] =>
  launches.flatMap((launch) => launchAndEnd(launch, place));

function launchAndEnd(launch: (typeof launches)[number], place: Place): Happening[] {
  const { from, account, image, channel, region, instances } = launch;
  const ec2 = new EC2Client(clientOptions(place.endpoint, account, region));
  let InstanceIds: string[] = [];
  const start = async () => {
    const ImageId = await readAmi(place, region, channelParameter(place.factory.name, image, channel));
    // Where it points at nothing, the month says so.
    if (!ImageId) return;
    const { Instances = [] } = await ec2.send(
      new RunInstancesCommand({ ImageId, InstanceType: "t3.micro", MinCount: instances, MaxCount: instances }),
    );
    InstanceIds = Instances.flatMap(({ InstanceId }) => InstanceId ?? []);
  };
  const end = async () => {
    if (InstanceIds.length > 0) await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
  };
  return [{ at: from, happen: start }, ...("until" in launch ? [{ at: launch.until, happen: end }] : [])];
}
