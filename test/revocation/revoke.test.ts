import { DescribeImagesCommand, EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { readImageState } from "../../adapters/build/image-state.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { keyOf } from "../../core/ledger/kinds.ts";
import { clientOptions } from "../../local/boot/client-options.ts";
import { openTrail, type Trail } from "../channel/way-back/trail.ts";
import { readAftermath } from "../whole/faults-aftermath.ts";
import { DAY, HOUR } from "../world/time.ts";

const image = "al2023-base";
const sandbox = "ou-exam-sandbox1";

/** Who can launch a build's AMIs, by region; what is disabled, too. */
async function launchable(trail: Trail, build: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const region of ["eu-west-1", "us-east-1"]) {
    const ec2 = new EC2Client({ ...trail.factory.options, region });
    const ami = trail.amiOf(build, region);
    const { Images = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: [ami], IncludeDisabled: true }));
    const { amis } = await readAftermath(trail.factory);
    const shares = amis.find(({ id }) => id === ami)?.shares ?? 0;
    found[region] = `${Images[0]?.State}, ${shares} shares`;
  }
  return found;
}

test("a revoked build leaves its channel, its promotion and every account; restored, it is shared as before", async () => {
  const trail = await openTrail(image, 2);
  const { factory } = trail;
  const [first = "", second = ""] = trail.builds;
  expect(await launchable(trail, second)).toEqual({
    "eu-west-1": "available, 1 shares",
    "us-east-1": "available, 1 shares",
  });

  const gone = await trail.amint("revoke", image, second, "--reason", "CVE-2026-99901 in the base");

  expect(gone).toMatchObject({ code: 0, stderr: "" });
  expect(gone.stdout).toContain(`${image} ${second} is revoked; its AMIs are disabled in 2 regions`);
  expect(gone.stdout).toContain(`candidate points at ${first}`);
  expect(gone.stdout).toContain(sandbox);
  expect(await launchable(trail, second)).toEqual({
    "eu-west-1": "disabled, 0 shares",
    "us-east-1": "disabled, 0 shares",
  });
  // Parameter Store checks an AMI after it has taken the value.
  await factory.clock.runUntil(factory.clock.now() + 60_000);
  const { parameters, executions } = await readAftermath(factory);
  const candidate = parameters.filter((one) => one.image === image && one.channel === "candidate");
  expect(candidate.map(({ value }) => trail.nameOf(value))).toEqual([first, first]);
  // It soaked: its promotion is stopped, not failed.
  expect(executions.map(({ name, status }) => [name?.endsWith("-2"), status])).toContainEqual([true, "ABORTED"]);
  expect(trail.said("build.revoked")).toEqual([
    expect.objectContaining({
      reason: "CVE-2026-99901 in the base",
      by: "arn:aws:iam::111122223333:root",
      channels: [expect.objectContaining({ channel: "candidate" })],
      sharedWith: [expect.stringContaining(sandbox)],
      left: [],
    }),
  ]);

  // The accounts that could launch it no longer can.
  const consumer = new EC2Client(clientOptions(factory.booted.url, "500000000001", "eu-west-1"));
  const seen = await consumer
    .send(new DescribeImagesCommand({ ImageIds: [trail.amiOf(second, "eu-west-1")], IncludeDisabled: true }))
    .then(
      ({ Images }) => Images?.length,
      (error: Error) => error.name,
    );
  expect(seen).toBe("InvalidAMIID.NotFound");

  // No rollback leads to it, and revoking it again changes and reports nothing.
  const refused = await trail.amint("rollback", image, "candidate", "--to", second);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("it was revoked by arn:aws:iam") });
  const again = await trail.amint("revoke", image, second, "--reason", "again");
  expect(again.stdout).toContain(`candidate points at ${first}`);
  expect(trail.said("build.revoked")).toHaveLength(1);

  const restored = await trail.amint("restore", image, second, "--reason", "false alarm");

  expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining("is restored in 2 regions, shared with") });
  expect(await launchable(trail, second)).toEqual({
    "eu-west-1": "available, 1 shares",
    "us-east-1": "available, 1 shares",
  });
  expect(trail.said("build.restored")).toMatchObject([{ reason: "false alarm" }]);
  expect((await trail.amint("restore", image, second, "--reason", "once more")).stderr).toContain(
    "is neither revoked nor retired",
  );
  expect((await trail.amint("rollback", image, "candidate", "--to", second)).stdout).toContain(`points at ${second}`);

  // The last good build goes, too: the channel stops, visibly.
  await trail.amint("revoke", image, first, "--reason", "worse");
  const last = await trail.amint("revoke", image, second, "--reason", "as bad");
  expect(last.stdout).toContain("candidate points at nothing: no good build");
  expect((await trail.amint("channels", image)).stdout).toContain("candidate points at nothing");
});

test("a revoked build takes its descendants along, where that is asked for, and says which they are, where not", {
  tags: "deep",
}, async () => {
  const trail = await openTrail(image, 1);
  const { clock } = trail.factory;
  const [parent = ""] = trail.builds;
  // Through the soak into stable, which starts the child.
  await clock.runUntil(clock.now() + DAY + 12 * HOUR);
  const { builds } = await readImageState(trail.ledger, "al2023-web");
  const [child] = builds.filter(({ status }) => status === "available");
  expect(child).toBeDefined();

  const user = "200000000001";
  const amiId = (await readImageState(trail.ledger, image)).channels.stable?.amis["eu-west-1"];
  await new EC2Client({ ...trail.factory.options, credentials: { accessKeyId: user, secretAccessKey: "test" } }).send(
    new RunInstancesCommand({ ImageId: amiId, InstanceType: "t3.micro", MinCount: 2, MaxCount: 2 }),
  );
  await clock.runUntil(clock.now() + DAY + HOUR);

  const spared = await trail.amint("revoke", image, parent, "--reason", "bad");
  // The ledger does not name its parent: EC2 does.
  await trail.ledger.documents.send(
    new UpdateCommand({
      TableName: trail.ledger.table,
      Key: { ...keyOf("build", { image: "al2023-web", build: child!.build }) },
      UpdateExpression: "REMOVE parentBuild",
    }),
  );
  const taken = await trail.amint("revoke", image, parent, "--reason", "bad", "--descendants");

  expect(spared.stdout).toContain(`descendants not revoked: acme-al2023-web ${buildVersion(child!.build)}`);
  expect(taken.stdout).toContain(`al2023-web ${buildVersion(child!.build)} is revoked`);
  expect(trail.said("build.revoked").map(({ image: name, because }) => [name, typeof because])).toEqual([
    [image, "undefined"],
    ["al2023-web", "string"],
  ]);
  const { amis } = await readAftermath(trail.factory);
  expect(amis.filter(({ shares }) => shares > 0)).toEqual([]);
  await clock.runUntil(clock.now() + 2 * HOUR);
  expect(trail.said("build.in-use").map(({ image: name, users, unknown }) => [name, users, unknown])).toEqual([
    [image, [{ account: user, region: "eu-west-1", instances: 2, launchTemplates: 0 }], []],
    ["al2023-web", [], []],
  ]);
});
