import { expect, test } from "vitest";
import { simulateFleet } from "../../src/services/autoscaling/fleet.ts";
import type { BusEvent } from "../../src/services/events/event.ts";
import { watchBus } from "../../src/services/events/watch.ts";
import { PRODUCTION, REGION } from "../ec2/an-aws.ts";
import { MINUTE, NAME, refreshWorld } from "./refresh-world.ts";

test("launches, failed launches and terminations of a group's instances put events on the default bus", async () => {
  const { aws, create, autoScaling, pass, group } = await refreshWorld();
  const told: BusEvent[] = [];
  watchBus(aws, PRODUCTION, REGION, "default", (event) => {
    if (event.source === "aws.autoscaling") told.push(event);
  });
  await create({ DesiredCapacity: 1 });
  const { AutoScalingGroupARN, Instances } = await group();
  const id = Instances?.[0]?.InstanceId ?? "";
  await autoScaling("SetDesiredCapacity", { AutoScalingGroupName: NAME, DesiredCapacity: 0 });
  await pass(2 * MINUTE);
  simulateFleet(aws, { capacity: () => false });
  await autoScaling("SetDesiredCapacity", { AutoScalingGroupName: NAME, DesiredCapacity: 1 });
  await pass(30);

  const resources = [AutoScalingGroupARN, `arn:aws:ec2:${REGION}:${PRODUCTION}:instance/${id}`];
  const detail = { AutoScalingGroupName: NAME, EC2InstanceId: id, StatusCode: "InProgress", StatusMessage: "" };
  expect(told).toMatchObject([
    {
      "detail-type": "EC2 Instance Launch Successful",
      resources,
      detail: {
        ...detail,
        Description: `Launching a new EC2 instance: ${id}`,
        Details: {
          "Availability Zone": expect.stringContaining(REGION),
          "Subnet ID": expect.stringMatching(/^subnet-/),
        },
        Origin: "EC2",
        Destination: "AutoScalingGroup",
      },
    },
    {
      "detail-type": "EC2 Instance Terminate Successful",
      resources,
      detail: { ...detail, Origin: "AutoScalingGroup", Destination: "EC2" },
    },
    {
      "detail-type": "EC2 Instance Launch Unsuccessful",
      resources: [AutoScalingGroupARN],
      detail: { EC2InstanceId: "", StatusCode: "Failed", StatusMessage: expect.stringContaining("capacity") },
    },
  ]);
});
