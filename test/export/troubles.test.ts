// @module-tag deep
// @module-tag needs/sst-platform

import {
  DescribeExportImageTasksCommand,
  DescribeSnapshotsCommand,
  EnableEbsEncryptionByDefaultCommand,
} from "@aws-sdk/client-ec2";
import { simulateExports } from "embedded-aws/instances";
import { expect, test } from "vitest";
import { recordGone } from "../../adapters/retirement/leftovers.ts";
import type { BuildArn } from "../../events/ids.ts";
import { MINUTE } from "../world/time.ts";
import { type ExportsWorld, IMAGE, promote, startExports } from "./exports-world.ts";

const ACCOUNT = "111122223333";

const tasksOf = async (world: ExportsWorld) =>
  (await world.ec2("eu-west-1").send(new DescribeExportImageTasksCommand({}))).ExportImageTasks ?? [];

test("a function that crashes after each effect makes each effect once, and leaves nothing behind", async () => {
  const world = await startExports();
  await promote(world);
  const died = new Set<string>();
  const changing = /^(Start|Put|Complete|Register|Export|Create|UploadPart|Sign|Deregister|Delete)/;
  const once = (command: string) => changing.test(command) && !died.has(command) && Boolean(died.add(command));

  for (let n = 0; n < 100 && (await world.record())?.told !== true; n++) {
    await world.follow(undefined, once).catch(() => undefined);
    await world.pass(16 * MINUTE);
  }

  expect([...died].sort()).toEqual([
    "CompleteMultipartUploadCommand",
    "CompleteSnapshotCommand",
    "CreateMultipartUploadCommand",
    "DeleteSnapshotCommand",
    "DeregisterImageCommand",
    "ExportImageCommand",
    "PutObjectCommand",
    "PutSnapshotBlockCommand",
    "RegisterImageCommand",
    "SignCommand",
    "StartSnapshotCommand",
    "UploadPartCopyCommand",
  ]);
  expect(await world.record()).toMatchObject({ state: "ready", attempt: 1 });
  expect((await tasksOf(world)).map(({ Status }) => Status)).toEqual(["completed", "completed"]);
  expect((await world.keys(IMAGE)).map((key) => key.replace(/^.*\.(vmdk|raw)/, "$1")).sort()).toEqual([
    "raw",
    "raw.json",
    "raw.json.sig",
    "vmdk",
    "vmdk.json",
    "vmdk.json.sig",
  ]);
  expect(await world.plain()).toEqual([]);
  expect(world.said("export.ready")).toHaveLength(1);
});

test("two concurrent runs make one export; a revoked build's files, tasks and disks are removed", async () => {
  const world = await startExports();
  await promote(world);

  const both = await Promise.all([world.follow(), world.follow()]);
  await world.pass(10 * MINUTE);
  await world.follow();
  const tasks = await tasksOf(world);
  const { build = "" } = (await world.record()) ?? {};
  await world.send("revoke-build", { image: IMAGE, build, by: "ada", reason: "CVE-2026-99901" });
  await world.pass(5 * MINUTE);
  await world.follow();

  expect(both.filter(({ steps }) => steps > 0)).toHaveLength(1);
  expect(tasks.map(({ Status }) => Status)).toEqual(["active"]);
  expect((await tasksOf(world)).map(({ Status }) => Status)).toEqual(["deleted"]);
  expect(await world.record()).toMatchObject({ state: "removed", files: {} });
  expect([await world.keys(), await world.plain()]).toEqual([[], []]);
});

test.each([
  [
    "revoked",
    (world: ExportsWorld, build: BuildArn) =>
      world.send("revoke-build", { image: IMAGE, build, by: "ada", reason: "CVE-2026-99901" }),
  ],
  [
    "retired",
    (world: ExportsWorld, build: BuildArn) =>
      recordGone(world.ledger, build, "it is being retired", new Date(world.clock.now())),
  ],
])("finished files are deleted when their build is %s", async (_how, withdraw) => {
  const world = await startExports();
  await promote(world);
  await world.followToTheEnd();
  const ready = await world.keys(IMAGE);
  const record = await world.record();

  if (record) await withdraw(world, record.build);
  await world.pass(5 * MINUTE);
  await world.followToTheEnd();

  expect(ready).toHaveLength(6);
  expect(await world.keys()).toEqual([]);
  expect(await world.record()).toMatchObject({ state: "removed" });
});

test("a task that fails three times is reported once with EC2's message; on request it is retried", async () => {
  const world = await startExports();
  await promote(world);
  const message = "ClientError: Unsupported configuration.";
  simulateExports(world.booted.aws, ACCOUNT, "eu-west-1", ({ format }) => (format === "raw" ? message : undefined));

  await world.followToTheEnd();
  await world.follow();
  const failed = await world.record();
  const left = await world.plain();
  simulateExports(world.booted.aws, ACCOUNT, "eu-west-1", undefined);
  const build = failed?.build;
  if (build) await world.follow({ again: build });
  await world.followToTheEnd();

  expect(failed).toMatchObject({ state: "failed", tries: 3 });
  expect(left).toEqual([]);
  expect(world.said("export.failed")).toEqual([
    expect.objectContaining({ formats: ["raw"], tries: 3, error: expect.stringContaining(message) }),
  ]);
  // What was written before the failure was kept.
  expect((await tasksOf(world)).filter(({ Status }) => Status === "completed")).toHaveLength(2);
  expect(await world.record()).toMatchObject({ state: "ready", tries: 1 });
  expect(world.said("export.ready")).toHaveLength(1);
});

test("with EBS encryption by default, exports fail with a notice, and no disk is left", async () => {
  const world = await startExports();
  await promote(world);
  await world.ec2("eu-west-1").send(new EnableEbsEncryptionByDefaultCommand({}));
  const before = await snapshotsOf(world);

  await world.followToTheEnd();

  expect(world.said("export.failed")).toEqual([
    expect.objectContaining({ tries: 3, error: expect.stringContaining("EBS encryption by default is on") }),
  ]);
  expect(await snapshotsOf(world)).toEqual(before);
});

const snapshotsOf = async (world: ExportsWorld) =>
  (await world.ec2("eu-west-1").send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }))).Snapshots?.map(
    ({ SnapshotId }) => SnapshotId,
  );
