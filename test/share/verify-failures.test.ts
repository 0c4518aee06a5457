import { DescribeInstancesCommand, EnableAllowedImagesSettingsCommand } from "@aws-sdk/client-ec2";
import { DisableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  EnablePolicyTypeCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { read } from "../../adapters/ledger/reads.ts";
import { removeLaunchPermission } from "../../adapters/share/amis.ts";
import { recordVerified, verifiedAt } from "../../adapters/share/verifications.ts";
import { moveChannel } from "../../functions/channel/move-channel.ts";
import { verifyShare } from "../../functions/share/verify-share.ts";
import { HOME } from "../world/factory-of.ts";
import { FACTORY, MANAGEMENT } from "../world/organization.ts";
import { ASKED, CANARY, openVerifying } from "./verify-world.ts";

test("an account that the role has not come to is named, with what brings it there", async () => {
  const world = await openVerifying({ deployedTo: [CANARY] });

  const failed = await world.verify();

  expect(failed?.message).toBe(
    `account ${ASKED} in eu-west-1: the role arn:aws:iam::${ASKED}:role/amint-sharing-consumer cannot be assumed; it does not exist, or its trust policy does not allow the factory: the StackSet with amint-sharing-consumer must reach the account (amint validate reports problems)`,
  );
  expect(world.said.filter(({ name }) => name.startsWith("share."))).toMatchObject([
    { name: "share.failed", detail: { account: ASKED, proof: "permitted", amiId: world.ami } },
  ]);
});

test("failures that may be transient are not reported before the last attempt", async () => {
  const world = await openVerifying({ deployedTo: [CANARY] });

  const early = verifyShare({ ...world.asked, triesLeft: 1 }, world.step());

  await expect(early).rejects.toMatchObject({ name: "NotLaunchableYet" });
  expect(world.said.filter(({ name }) => name.startsWith("share."))).toEqual([]);
  await world.deploy(ASKED);
  await world.grantAutoScaling(CANARY);
  expect(await world.verify()).toBeUndefined();
});

test("a canary that was removed already can be removed again: the role may delete only what has the canary's tag", async () => {
  const world = await openVerifying();
  await world.grantAutoScaling(CANARY);

  const failed = await world.verify({ ends: 2 });

  expect(failed).toBeUndefined();
  expect(world.said.map(({ name }) => name)).not.toContain("share.failed");
});

test("an AMI whose launch permission is gone is named, in each account", async () => {
  const world = await openVerifying();
  const organization = `arn:aws:organizations::${MANAGEMENT}:organization/o-exampleorgid`;
  await removeLaunchPermission(world.ec2(FACTORY), world.ami, {
    organizationArns: [organization],
    organizationalUnitArns: [],
    accountIds: [],
  });

  const failed = await world.verify();

  expect(failed?.message.split("\n")).toEqual(
    [ASKED, CANARY].map(
      (account) =>
        `account ${account} in eu-west-1: the launch permission for ${world.ami}; the AMI is not shared with account ${account}: amint shares lists its recipients`,
    ),
  );
});

test("an account that hides the factory's images from itself is named", async () => {
  const world = await openVerifying();
  await world.ec2(ASKED).send(new EnableAllowedImagesSettingsCommand({ AllowedImagesSettingsState: "enabled" }));

  const failed = await world.verify();

  expect(failed?.message).toBe(
    `account ${ASKED} in eu-west-1: ${world.ami} is not allowed by the account's Allowed AMIs settings; they must allow the factory's account as an image provider (amint policy allowed-images prints the policy)`,
  );
});

test("a service control policy that forbids launches is named", async () => {
  const world = await openVerifying();
  const client = new OrganizationsClient(world.optionsOf(MANAGEMENT));
  const deny = { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "ec2:RunInstances", Resource: "*" }] };
  await client
    .send(new EnablePolicyTypeCommand({ RootId: "r-exam", PolicyType: "SERVICE_CONTROL_POLICY" }))
    .catch(() => undefined);
  const { Policy } = await client.send(
    new CreatePolicyCommand({
      Name: "no-launches",
      Description: "none",
      Type: "SERVICE_CONTROL_POLICY",
      Content: JSON.stringify(deny),
    }),
  );
  await client.send(new AttachPolicyCommand({ PolicyId: Policy?.PolicySummary?.Id, TargetId: ASKED }));

  const failed = await world.verify();

  expect(failed?.message).toBe(
    `account ${ASKED} in eu-west-1: ec2:RunInstances denied by a service control policy; the organization's policies for account ${ASKED} must allow ec2:RunInstances`,
  );
});

test("a key that was disabled is named, which a dry run of the launch does not notice", async () => {
  const world = await openVerifying();
  await new KMSClient(world.optionsOf(FACTORY)).send(new DisableKeyCommand({ KeyId: world.key }));

  const failed = await world.verify();

  expect(failed?.message).toContain(`account ${ASKED} in eu-west-1: the key ${world.key} is disabled`);
  expect(world.said.at(-1)).toMatchObject({ name: "share.failed", detail: { proof: "decryptable" } });
});

test("without its grant Auto Scaling's launch fails, is named, and nothing of the canary stays", async () => {
  const world = await openVerifying();

  const failed = await world.verify();

  expect(failed?.message).toBe(
    `account ${CANARY} in eu-west-1: the grant with which Auto Scaling uses the key of ${world.ami}; AWSServiceRoleForAutoScaling of account ${CANARY} needs it in eu-west-1: amint creates it in every promotion, and whenever it reads the organization (OrganizationGrantsToAutoScaling in the key policy must allow it)`,
  );
  expect(world.said.at(-1)).toMatchObject({ name: "share.failed", detail: { account: CANARY, proof: "launched" } });
  await world.pass(3_600_000);
  const { Reservations = [] } = await world.ec2(CANARY).send(new DescribeInstancesCommand({}));
  const states = Reservations.flatMap(({ Instances = [] }) => Instances).map(({ State }) => State?.Name);
  expect(states.filter((state) => state !== "terminated")).toEqual([]);
});

test("a channel does not move to what its consumers have not tried, nor to another AMI than they tried", async () => {
  const world = await openVerifying();
  const at = { ...world.asked, region: HOME };

  const untried = moveChannel(world.asked, world.step());
  await expect(untried).rejects.toMatchObject({ name: "NotVerified" });
  await recordVerified(world.ledger, at, "ami-0000000000000000f" as typeof world.ami, new Date());
  await expect(moveChannel(world.asked, world.step())).rejects.toMatchObject({ name: "NotVerified" });
  await world.grantAutoScaling(CANARY);
  await world.verify();
  const moved = await moveChannel(world.asked, world.step());

  expect(moved).toEqual({ moved: true });
});

test("an earlier verification does not count while a new one runs", async () => {
  const world = await openVerifying();
  await world.grantAutoScaling(CANARY);
  await world.verify();
  await world.ec2(ASKED).send(new EnableAllowedImagesSettingsCommand({ AllowedImagesSettingsState: "enabled" }));

  const before = await read(world.ledger, verifiedAt(world.asked));
  await world.verify();
  const after = await read(world.ledger, verifiedAt(world.asked));

  expect([before, after]).toEqual([world.ami, undefined]);
});

test("a factory whose config names no consumers verifies none", async () => {
  const world = await openVerifying();
  const step = world.step();
  const { consumers: _, ...factory } = step.settings.factory;

  const verified = await verifyShare(
    { ...world.asked, triesLeft: 0 },
    { ...step, settings: { ...step.settings, factory } },
  );

  expect(verified).toEqual({ region: HOME, amiId: world.ami });
  expect(world.said.filter(({ name }) => name.startsWith("share."))).toEqual([]);
});
