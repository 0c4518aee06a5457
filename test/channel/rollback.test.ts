import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { readAftermath } from "../whole/faults-aftermath.ts";
import { openTrail, type Trail } from "./way-back/trail.ts";

const image = "al2023-base";

/** A channel's parameter values in every region, by the builds' AMIs. */
async function pointedAt(trail: Trail, channel: string): Promise<string[]> {
  const { parameters } = await readAftermath(trail.factory);
  return parameters
    .filter((one) => one.image === image && one.channel === channel)
    .map(({ region, value }) => `${region} ${trail.nameOf(value)}`);
}

test("one command rolls a channel back in all regions, and reports why", async () => {
  const trail = await openTrail(image, 3);
  const [first = "", second = "", third = ""] = trail.builds;

  expect(await pointedAt(trail, "candidate")).toEqual([`eu-west-1 ${third}`, `us-east-1 ${third}`]);

  const gone = await trail.amint("rollback", image, "candidate", "--reason", "sshd does not start");
  expect(gone).toMatchObject({ code: 0, stderr: "" });
  expect(gone.stdout).toContain(`points at ${second} (was ${third}) in 2 regions`);
  expect(await pointedAt(trail, "candidate")).toEqual([`eu-west-1 ${second}`, `us-east-1 ${second}`]);
  expect(trail.said("channel.moved").at(-1)).toMatchObject({
    image,
    channel: "candidate",
    because: expect.stringContaining("sshd does not start"),
  });

  // Again: one further back; and forward by name.
  const further = await trail.amint("rollback", image, "candidate");
  expect(further.stdout).toContain(`points at ${first}`);
  const forward = await trail.amint("rollback", image, "candidate", "--to", third);
  expect(forward.stdout).toContain(`points at ${third}`);
  expect(await pointedAt(trail, "candidate")).toEqual([`eu-west-1 ${third}`, `us-east-1 ${third}`]);

  // Another image's build; a channel that does not exist.
  const strange = await trail.amint("rollback", image, "candidate", "--to", "9.9.9/9");
  expect(strange).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("it was never promoted to this channel. Possible: "),
  });
  const nowhere = await trail.amint("rollback", image, "beta");
  expect(nowhere).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`has no channel "beta"; it has candidate, stable`),
  });
  const empty = await trail.amint("rollback", image, "stable", "--to", first);
  expect(empty).toMatchObject({ code: 1, stderr: expect.stringContaining("it was never promoted to this channel") });

  // A parameter that was edited by hand is noticed, and a rollback corrects it.
  const ssm = new SSMClient({ ...trail.factory.options, region: "us-east-1" });
  const Name = "/imagebuilder/amint/acme/al2023-base/candidate";
  const foreign = trail.amiOf(second, "us-east-1");
  await ssm.send(new PutParameterCommand({ Name, Value: foreign, DataType: "aws:ec2:image", Overwrite: true }));
  await trail.factory.clock.runUntil(trail.factory.clock.now() + 60_000);
  const shown = await trail.amint("channels", image);
  expect(shown.stdout).toContain(`us-east-1: its parameter has ${foreign}`);
  expect(shown.stdout).toMatch(/rollback by arn:aws:iam::111122223333:root: sshd does not start/);
  // The second build was rolled back, so later rollbacks skip it.
  const repaired = await trail.amint("rollback", image, "candidate");
  expect(repaired.stdout).toContain("had another value in us-east-1 (edited by hand?); it is corrected");
  expect(await pointedAt(trail, "candidate")).toEqual([`eu-west-1 ${first}`, `us-east-1 ${first}`]);
});
