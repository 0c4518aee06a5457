import { describe, expect, it } from "vitest";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { refusalOf } from "../expect-refusal.ts";
import { allow } from "../policy.ts";
import { FACTORY, PRODUCTION } from "./an-aws.ts";
import { ALLOW_KEYS, ALLOW_LAUNCHES, forConsumer, LAUNCH_ACTIONS, launchWorld } from "./launch-world.ts";

/** A grant for the role that launches. */
const TO_LAUNCHER = {
  GranteePrincipal: `arn:aws:iam::${PRODUCTION}:role/launcher`,
  Operations: LAUNCH_ACTIONS.map((action) => action.slice("kms:".length)),
};

const FAILED = {
  State: { Code: 48, Name: "terminated" },
  StateReason: { Code: "Client.InternalError", Message: "Client.InternalError: Client error on launch" },
};

describe("launching an image whose snapshots are encrypted", () => {
  it("runs for a role of another account that the key's policy and its own policy both let use the key", async () => {
    const { role, launch, denied } = await launchWorld(...forConsumer());
    const launcher = await role("launcher", ALLOW_LAUNCHES, ALLOW_KEYS);

    const { launched, instance } = await launch(launcher);

    expect(launched.Instances?.[0]?.State).toEqual({ Code: 0, Name: "pending" });
    expect(instance).toMatchObject({ State: { Code: 16, Name: "running" } });
    expect(instance?.StateReason).toBeUndefined();
    expect(denied).toEqual([]);
  });

  it.each(LAUNCH_ACTIONS)("ends without %s in the key's policy, which a dry run does not notice", async (missing) => {
    const { role, launch, as, imageId, denied } = await launchWorld(
      ...forConsumer(LAUNCH_ACTIONS.filter((action) => action !== missing)),
    );
    const launcher = await role("launcher", ALLOW_LAUNCHES, ALLOW_KEYS);

    const dry = await refusalOf(
      as("ec2", launcher)("RunInstances", {
        ImageId: imageId,
        InstanceType: "t3.micro",
        MinCount: 1,
        MaxCount: 1,
        DryRun: true,
      }),
    );
    const { instance } = await launch(launcher);

    expect(dry.code).toBe("DryRunOperation");
    expect(instance).toMatchObject(FAILED);
    expect(denied).toEqual([expect.stringContaining(`is not authorized to perform: ${missing}`)]);
  });

  it.each(LAUNCH_ACTIONS)("ends without %s in the policy of the role that launches", async (missing) => {
    const { role, launch } = await launchWorld(...forConsumer());
    const Action = LAUNCH_ACTIONS.filter((action) => action !== missing);
    const launcher = await role("launcher", ALLOW_LAUNCHES, allow(Action));

    const { instance } = await launch(launcher);

    expect(instance).toMatchObject(FAILED);
  });

  it("runs by a grant for the role, although none of its policies mentions KMS", async () => {
    const { role, launch, as, keyArn } = await launchWorld();
    const launcher = await role("launcher", ALLOW_LAUNCHES);
    await as("kms")("CreateGrant", { ...TO_LAUNCHER, KeyId: keyArn });

    const { instance } = await launch(launcher);

    expect(instance?.State?.Name).toBe("running");
  });

  it("does not run by a grant where the role's own policy denies", async () => {
    const { role, launch, as, keyArn } = await launchWorld();
    const launcher = await role("launcher", ALLOW_LAUNCHES, { Effect: "Deny", Action: "kms:Decrypt", Resource: "*" });
    await as("kms")("CreateGrant", { ...TO_LAUNCHER, KeyId: keyArn });

    const { instance } = await launch(launcher);

    expect(instance).toMatchObject(FAILED);
  });

  it.each([
    ["is disabled", "DisableKey", {}],
    ["waits for its deletion", "ScheduleKeyDeletion", { PendingWindowInDays: 7 }],
  ])("ends, for the owner too, once the key %s", async (_state, operation, input) => {
    const { launch, as, keyArn } = await launchWorld(...forConsumer());
    await as("kms")(operation, { KeyId: keyArn, ...input });

    const { instance } = await launch(accountPrincipal(FACTORY));

    expect(instance).toMatchObject(FAILED);
  });

  it("needs the keys again to start, and stops again without them", async () => {
    const { launch, as, keyArn, clock } = await launchWorld();
    const ec2 = as("ec2");
    const { instance } = await launch(accountPrincipal(FACTORY));
    const InstanceIds = [instance?.InstanceId];
    await ec2("StopInstances", { InstanceIds });
    await clock.runUntil(clock.now() + 60_000);
    await as("kms")("DisableKey", { KeyId: keyArn });

    await ec2("StartInstances", { InstanceIds });
    await clock.runUntil(clock.now() + 60_000);

    const described = await ec2("DescribeInstances", { InstanceIds });
    expect(described).toMatchObject({
      Reservations: [{ Instances: [{ State: { Name: "stopped" }, StateReason: { Code: "Client.InternalError" } }] }],
    });
  });

  it("uses the launch's key, and refuses one that the caller cannot use", async () => {
    const { launch, as } = await launchWorld(...forConsumer());
    const production = accountPrincipal(PRODUCTION);
    const { KeyMetadata } = await as("kms", production)<{ KeyMetadata: { Arn: string } }>("CreateKey");
    const withKey = (KmsKeyId: string) => ({
      BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { Encrypted: true, KmsKeyId } }],
    });

    const own = await launch(production, withKey(KeyMetadata.Arn));
    const none = await launch(production, withKey("alias/none"));

    expect(own.instance?.State?.Name).toBe("running");
    expect(none.instance).toMatchObject(FAILED);
  });
});
