import { inflateSync } from "node:zlib";
import type {
  DescribeExportImageTasksCommandOutput,
  ExportImageCommandOutput,
  RegisterImageCommandOutput,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { addSnapshot } from "../../src/services/ec2/add-snapshot.ts";
import { simulateExports } from "../../src/services/ec2/export-image/export-tasks.ts";
import { bucketsOf } from "../../src/services/s3/state.ts";
import { refusalOf } from "../expect-refusal.ts";
import { allow, policy } from "../policy.ts";
import { FACTORY, REGION } from "./an-aws.ts";

const BUCKET = "exports-of-111122223333";
const HOUR = 3_600_000;
const statement = (Action: string[], Resource: string) => allow(Action, Resource);

/** An AWS that authorizes, with a bucket, a service role that may write to it, and an image that is not encrypted. */
async function withImage(encryption = "AES256") {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const aws = createAws({ clock });
  const call = <Output>(service: string, operation: string, input: object) =>
    aws.call<Output>(service, operation, input, { principal: accountPrincipal(FACTORY), region: REGION });
  await call("s3", "CreateBucket", { Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } });
  await call("s3", "PutBucketEncryption", {
    Bucket: BUCKET,
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: encryption } }],
    },
  });
  const trust = {
    Effect: "Allow",
    Principal: { Service: "vmie.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "sts:Externalid": "vmimport" } },
  };
  const makeRole = async (RoleName: string, objects: string[], Statement: object = trust) => {
    const AssumeRolePolicyDocument = policy(Statement);
    await call("iam", "CreateRole", { RoleName, AssumeRolePolicyDocument });
    const statements = [
      statement(["s3:GetBucketLocation", "s3:GetBucketAcl", "s3:ListBucket"], `arn:aws:s3:::${BUCKET}`),
      statement(objects, `arn:aws:s3:::${BUCKET}/staging/*`),
    ];
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: statements });
    await call("iam", "PutRolePolicy", { RoleName, PolicyName: "export", PolicyDocument });
  };
  await makeRole("exporter", ["s3:PutObject", "s3:GetObject"]);
  const register = async (Name: string, made: { sizeGiB?: number; kmsKeyArn?: string } = {}) => {
    const snapshot = { sizeGiB: 8, kmsKeyArn: undefined, description: "root", ...made };
    const SnapshotId = addSnapshot(aws, { account: FACTORY, region: REGION }, snapshot);
    const BlockDeviceMappings = [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId } }];
    const input = { Name, RootDeviceName: "/dev/xvda", BlockDeviceMappings };
    return (await call<RegisterImageCommandOutput>("ec2", "RegisterImage", input)).ImageId;
  };
  const exported = (ImageId: string | undefined, more: object = {}) =>
    call<ExportImageCommandOutput>("ec2", "ExportImage", {
      ImageId,
      DiskImageFormat: "RAW",
      RoleName: "exporter",
      S3ExportLocation: { S3Bucket: BUCKET, S3Prefix: "staging/" },
      ...more,
    });
  const taskOf = async (id: string | undefined) => {
    const input = { ExportImageTaskIds: [id] };
    const answer = await call<DescribeExportImageTasksCommandOutput>("ec2", "DescribeExportImageTasks", input);
    return answer.ExportImageTasks?.[0];
  };
  const pass = (ms: number) => clock.runUntil(clock.now() + ms);
  const file = (key: string) => Buffer.from(bucketsOf(aws).get(BUCKET)?.objects.get(key)?.[0]?.body ?? []);
  return { aws, call, makeRole, register, exported, taskOf, pass, file };
}

test("An image becomes a file in each format, after a while, named after the task", async () => {
  const { register, exported, taskOf, pass, file } = await withImage();
  const image = await register("plain");
  const files: Record<string, Buffer> = {};

  for (const DiskImageFormat of ["RAW", "VHD", "VMDK"]) {
    const { ExportImageTaskId: id, Status } = await exported(image, { DiskImageFormat });
    await pass(10 * 60_000);
    const half = await taskOf(id);
    await pass(HOUR);
    expect([Status, half?.Status, half?.Progress, (await taskOf(id))?.Status]).toEqual([
      "active",
      "active",
      "50",
      "completed",
    ]);
    files[DiskImageFormat] = file(`staging/${id}.${DiskImageFormat.toLowerCase()}`);
  }

  const { RAW = Buffer.of(), VHD = Buffer.of(), VMDK = Buffer.of() } = files;
  expect(RAW.length).toBeGreaterThan(2 ** 20);
  expect(VHD.subarray(0, RAW.length).equals(RAW)).toBe(true);
  const footer = VHD.subarray(RAW.length);
  const sum = footer.reduce((all, byte, at) => (at >= 64 && at < 68 ? all : all + byte), 0);
  expect([footer.toString("latin1", 0, 8), footer.readUInt32BE(64)]).toEqual(["conectix", ~sum >>> 0]);
  expect(readVmdk(VMDK).equals(RAW)).toBe(true);
});

/** Reads a stream-optimized disk by its footer, grain directory and grain tables, as a reader of the format would. */
function readVmdk(file: Buffer): Buffer {
  const footer = file.subarray(file.length - 1024);
  expect([file.toString("latin1", 0, 4), footer.toString("latin1", 0, 4)]).toEqual(["KDMV", "KDMV"]);
  const disk = Buffer.alloc(Number(footer.readBigUInt64LE(12)) * 512);
  const directory = Number(footer.readBigUInt64LE(56)) * 512;
  const tables = Math.ceil(disk.length / 512 / 128 / 512);
  for (let table = 0; table < tables; table++) {
    const at = file.readUInt32LE(directory + table * 4) * 512;
    for (let entry = 0; entry < 512; entry++) {
      const grain = file.readUInt32LE(at + entry * 4) * 512;
      if (grain === 0) continue;
      const lba = Number(file.readBigUInt64LE(grain));
      const length = file.readUInt32LE(grain + 8);
      disk.set(inflateSync(file.subarray(grain + 12, grain + 12 + length)), lba * 512);
    }
  }
  return disk;
}

test("What AWS does not export is refused: encrypted, too large, unknown; and a bucket that KMS encrypts", async () => {
  const { register, exported } = await withImage();
  const byKms = await withImage("aws:kms");
  const key = `arn:aws:kms:${REGION}:${FACTORY}:key/1`;

  const refusals = [
    await refusalOf(exported(await register("encrypted", { kmsKeyArn: key }))),
    await refusalOf(exported(await register("large", { sizeGiB: 1025 }))),
    await refusalOf(exported("ami-0123456789abcdef0")),
    await refusalOf(exported(await register("bucket"), { S3ExportLocation: { S3Bucket: "not-ours" } })),
    await refusalOf(byKms.exported(await byKms.register("plain"))),
  ];

  expect(refusals.map(({ code }) => code)).toEqual([
    "NotExportable",
    "NotExportable",
    "InvalidAMIID.NotFound",
    "InvalidParameter",
    "InvalidParameter",
  ]);
  expect(refusals[0]?.message).toContain("contains encrypted EBS snapshots");
  expect(refusals[4]?.message).toContain("is encrypted using aws:kms");
});

test("The service role has to be there, trust VM Import/Export, and be allowed to write the file", async () => {
  const { register, exported, makeRole } = await withImage();
  const image = await register("plain");
  const stranger = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
  await makeRole("untrusting", ["s3:PutObject", "s3:GetObject"], stranger);
  await makeRole("reading", ["s3:GetObject"]);

  for (const RoleName of ["vmimport", "untrusting", "reading"]) {
    expect(await refusalOf(exported(image, { RoleName }))).toMatchObject({
      code: "InvalidParameter",
      message: `The service role ${RoleName} provided does not exist or does not have sufficient permissions`,
    });
  }
});

test("One task for an image, five in a region, and one for a client token", async () => {
  const { register, exported } = await withImage();
  const images = [];
  for (let n = 0; n < 6; n++) images.push(await register(`plain-${n}`));

  const first = await exported(images[0], { ClientToken: "once" });
  const same = await exported(images[0], { ClientToken: "once" });
  const again = await refusalOf(exported(images[0]));
  for (const image of images.slice(1, 5)) await exported(image);
  const sixth = await refusalOf(exported(images[5]));

  expect(same.ExportImageTaskId).toBe(first.ExportImageTaskId);
  expect([again.code, sixth.code]).toEqual(["ResourceLimitExceeded", "ResourceLimitExceeded"]);
});

test("A task that fails, loses its image or is cancelled ends deleted, says why, and leaves no file", async () => {
  const { aws, call, register, exported, taskOf, pass, file } = await withImage();
  const images = [await register("failing"), await register("lost"), await register("cancelled")];
  simulateExports(aws, FACTORY, REGION, ({ imageId }) =>
    imageId === images[0] ? "ClientError: Unsupported configuration." : undefined,
  );

  const ids = [];
  for (const image of images) ids.push((await exported(image)).ExportImageTaskId);
  await call("ec2", "DeregisterImage", { ImageId: images[1] });
  await call("ec2", "CancelExportTask", { ExportTaskId: ids[2] });
  await pass(HOUR);

  const ended = await Promise.all(ids.map(taskOf));
  expect(ended.map((task) => [task?.Status, task?.StatusMessage])).toEqual([
    ["deleted", "ClientError: Unsupported configuration."],
    ["deleted", `ClientError: ${images[1]} does not exist.`],
    ["deleted", "The task was cancelled."],
  ]);
  expect(ids.map((id) => file(`staging/${id}.raw`).length)).toEqual([0, 0, 0]);
});
