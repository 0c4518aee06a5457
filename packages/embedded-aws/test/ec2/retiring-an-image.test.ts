import type { EC2 } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { injectFaults } from "../../src/faults/inject-faults.ts";
import { ec2State } from "../../src/services/ec2/state.ts";
import { watchBus } from "../../src/services/events/watch.ts";
import { codeOf } from "../expect-refusal.ts";
import { allow, makeRole } from "../policy.ts";
import { type Connect, TRANSPORTS } from "../wire/transports.ts";
import { anAws, anImage, ec2Clients, FACTORY, OTHER_REGION, PRODUCTION, REGION, STRANGER } from "./an-aws.ts";
import { launchWorld } from "./launch-world.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** An image that production may launch; `told` are the states in events. */
async function aSharedImage(connect: Connect) {
  const { aws, clock } = anAws();
  const client = await ec2Clients(connect, aws);
  const ec2 = client();
  const ImageId = anImage(aws, "golden");
  await ec2.modifyImageAttribute({ ImageId, LaunchPermission: { Add: [{ UserId: PRODUCTION }] } });
  const told: unknown[] = [];
  watchBus(aws, FACTORY, REGION, "default", ({ "detail-type": type, detail }) => {
    if (type === "EC2 AMI State Change") told.push(detail.State);
  });
  const seen = async (asked: EC2, more: object = {}) =>
    ((await asked.describeImages({ Owners: [FACTORY], ...more })).Images ?? []).length;
  return { aws, clock, client, ec2, ImageId, told, seen };
}

describe.each(TRANSPORTS)("retiring an image, $name", ({ connect }) => {
  it("deprecates it at once if the date is the current minute, for requests that do not name it", async () => {
    const { clock, client, ec2, ImageId, seen } = await aSharedImage(connect);
    const others = client(PRODUCTION);
    await clock.runUntil(clock.now() + 20_000);

    const past = await codeOf(
      ec2.enableImageDeprecation({ ImageId, DeprecateAt: new Date(clock.now() - 10 * 60_000) }),
    );
    await ec2.enableImageDeprecation({ ImageId, DeprecateAt: new Date(clock.now()) });
    const found = {
      owner: await seen(ec2),
      listed: await seen(others),
      included: await seen(others, { IncludeDeprecated: true }),
      named: await seen(others, { ImageIds: [ImageId] }),
      stranger: await seen(client(STRANGER), { IncludeDeprecated: true }),
    };

    expect(past).toBe("InvalidParameterValue");
    expect(found).toEqual({ owner: 1, listed: 0, included: 1, named: 1, stranger: 0 });
  });

  it("does not deprecate a copy with its source", async () => {
    const { clock, client, ec2, ImageId } = await aSharedImage(connect);
    await ec2.enableImageDeprecation({ ImageId, DeprecateAt: new Date(clock.now() + DAY) });
    const away = client(FACTORY, OTHER_REGION);
    const copy = { SourceImageId: ImageId, SourceRegion: REGION, Name: "golden" };
    const { ImageId: copied = "" } = await away.copyImage(copy);
    await clock.runUntil(clock.now() + 2 * DAY);

    const { Images } = await away.describeImages({ ImageIds: [copied] });

    expect(Images).toMatchObject([{ State: "available" }]);
    expect(Images?.[0]).not.toHaveProperty("DeprecationTime");
  });

  it("refuses a public image's deprecation later than two years after it was made", async () => {
    const { aws, clock, ec2, ImageId } = await aSharedImage(connect);
    const image = aws.state(ec2State, FACTORY, REGION).images.get(ImageId);
    image?.permissions.set("UserGroup all", { kind: "UserGroup", value: "all" });
    const inYears = (years: number) =>
      ec2.enableImageDeprecation({ ImageId, DeprecateAt: new Date(clock.now() + years * 365 * DAY) });

    const later = await codeOf(inYears(3));
    const sooner = await codeOf(inYears(1));

    expect([later, sooner]).toEqual(["InvalidParameterValue", undefined]);
  });

  it("disables it and removes its shares; enabling restores only the state", async () => {
    const { client, ec2, ImageId, seen, told } = await aSharedImage(connect);
    const others = client(PRODUCTION);
    const shares = async () => {
      const asked = { ImageId, Attribute: "launchPermission" as const };
      return (await ec2.describeImageAttribute(asked)).LaunchPermissions ?? [];
    };
    const before = await shares();

    await ec2.disableImage({ ImageId });
    const disabled = {
      listed: await seen(ec2),
      included: await seen(ec2, { IncludeDisabled: true }),
      others: await codeOf(seen(others, { ImageIds: [ImageId], IncludeDisabled: true })),
      shares: await shares(),
      shared: await codeOf(ec2.modifyImageAttribute({ ImageId, LaunchPermission: { Add: [{ UserId: PRODUCTION }] } })),
    };
    await ec2.enableImage({ ImageId });
    const enabled = { listed: await seen(ec2), others: await seen(others), shares: await shares() };

    expect(before).toHaveLength(1);
    expect(disabled).toEqual({
      listed: 0,
      included: 1,
      others: "InvalidAMIID.NotFound",
      shares: [],
      shared: "InvalidAMIID.Unavailable",
    });
    expect(enabled).toEqual({ listed: 1, others: 0, shares: [] });
    expect(told).toEqual(["disabled", "available"]);
  });

  it("does not deregister it while it is protected, nor in its cooldown; a dry run changes nothing", async () => {
    const { clock, ec2, ImageId, seen, told } = await aSharedImage(connect);
    const deregister = (DryRun = false) => codeOf(ec2.deregisterImage({ ImageId, DryRun }));
    const protect = (WithCooldown: boolean) => ec2.enableImageDeregistrationProtection({ ImageId, WithCooldown });
    const unprotect = () => ec2.disableImageDeregistrationProtection({ ImageId });

    await protect(true);
    const guarded = await deregister();
    await unprotect();
    const cooling = await deregister();
    await clock.runUntil(clock.now() + 24 * HOUR - 1);
    const nearly = await deregister();
    await clock.runUntil(clock.now() + 1);
    const dry = [await deregister(true), await seen(ec2)];
    await protect(false);
    const again = await deregister();
    await unprotect();
    const done = [await deregister(), await seen(ec2)];

    expect([guarded, cooling, nearly, again]).toEqual(Array(4).fill("OperationNotPermitted"));
    expect(dry).toEqual(["DryRunOperation", 1]);
    expect(done).toEqual([undefined, 0]);
    expect(told).toEqual(["deregistered"]);
  });
});

describe("deregistering an image with its snapshots", () => {
  it("succeeds without permission to delete them, and reports that for each", async () => {
    const { aws, as, imageId } = await launchWorld();
    const half = await makeRole(aws, FACTORY, "retire", { AWS: FACTORY }, allow("ec2:DeregisterImage"));

    const answer = await as("ec2", half)("DeregisterImage", { ImageId: imageId, DeleteAssociatedSnapshots: true });
    const { Snapshots } = await as("ec2")<{ Snapshots: { SnapshotId: string }[] }>("DescribeSnapshots", {
      OwnerIds: ["self"],
    });

    expect(Snapshots).toHaveLength(1);
    expect(answer).toEqual({
      Return: true,
      DeleteSnapshotResults: [{ SnapshotId: Snapshots[0]?.SnapshotId, ReturnCode: "missing-permissions" }],
    });
  });

  it("succeeds if EBS fails, and if a snapshot no longer exists", async () => {
    const { aws, as, imageId } = await launchWorld();
    const rights = allow(["ec2:DeregisterImage", "ec2:DeleteSnapshot"]);
    const may = await makeRole(aws, FACTORY, "retire", { AWS: FACTORY }, rights);
    const second = anImage(aws, "second");
    const { images, snapshots } = aws.state(ec2State, FACTORY, REGION);
    snapshots.delete(images.get(second)?.devices[0]?.snapshotId ?? "");
    const deregister = async (ImageId: string) => {
      const asked = { ImageId, DeleteAssociatedSnapshots: true };
      const answer = await as("ec2", may)<{ DeleteSnapshotResults: { ReturnCode: string }[] }>(
        "DeregisterImage",
        asked,
      );
      return answer.DeleteSnapshotResults.map(({ ReturnCode }) => ReturnCode);
    };
    injectFaults(aws, { seed: 1, snapshotsLeft: 1 });

    const codes = [await deregister(imageId), await deregister(second)];

    expect(codes).toEqual([["internal-error"], ["client-error"]]);
    expect(snapshots.size).toBe(1);
  });
});
