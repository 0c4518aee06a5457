import { DescribeImagesCommand, DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { GetResourceSharesCommand, RAMClient } from "@aws-sdk/client-ram";
import { expect, test } from "vitest";
import { prepareImage } from "../../functions/share/prepare-image.ts";
import { FACTORY } from "../world/organization.ts";
import { CANARY, openVerifying } from "./verify-world.ts";

test("AMIs, canaries and shares that functions make have the config's resourceTags", async () => {
  const world = await openVerifying({ resourceTags: { "cost-center": "42" } });
  await world.grantAutoScaling(CANARY);
  const step = world.step();
  const settings = { ...step.settings, env: { SOURCE_COMMIT: "unknown" } };

  await prepareImage(world.asked, { ...step, settings } as Parameters<typeof prepareImage>[1]);
  await world.verify();
  await world.publish();

  const { Images = [] } = await world.ec2(FACTORY).send(new DescribeImagesCommand({ ImageIds: [world.ami] }));
  const { Reservations = [] } = await world.ec2(CANARY).send(new DescribeInstancesCommand({}));
  const shares = await world.client(RAMClient).send(new GetResourceSharesCommand({ resourceOwner: "SELF" }));
  const tag = { Key: "cost-center", Value: "42" };
  expect(Images[0]?.Tags).toContainEqual(tag);
  expect(Reservations[0]?.Instances?.[0]?.Tags).toContainEqual(tag);
  expect(shares.resourceShares?.[0]?.tags).toContainEqual({ key: tag.Key, value: tag.Value });
});
