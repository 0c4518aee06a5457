import type * as Sdk from "@aws-sdk/client-ec2";
import type { ServerSideEncryptionConfiguration } from "@aws-sdk/client-s3";
import { authorize } from "../../../engine/authorizer.ts";
import { afterWork } from "../../../engine/clock/clock.ts";
import { type Authorization, AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { rolePrincipal, servicePrincipal } from "../../../engine/principal.ts";
import { diskOf } from "../../ebs/blocks.ts";
import { findRole } from "../../iam/state.ts";
import { type Bucket, bucketsOf } from "../../s3/state.ts";
import { authorizeCreationTags, authorizeImage, ec2Arn } from "../authorization.ts";
import { findSnapshot, requireVisibleImage } from "../find-image.ts";
import { addTags, specifiedTags } from "../resource-tags.ts";
import { ec2State, type Image } from "../state.ts";
import { toDiskFile } from "./disk-file.ts";
import { EXPORT_TAKES_MS, type ExportTask, exportsState, toTask } from "./export-tasks.ts";

const SERVICE = "vmie.amazonaws.com";
/** VM Import/Export user guide, "Required service role": the external id in the trust policy. */
const EXTERNAL_ID = "vmimport";

/** The service role's required permissions on the bucket (same section, the policy for exports). */
const ON_BUCKET = ["s3:GetBucketLocation", "s3:GetBucketAcl", "s3:ListBucket"];
const ON_OBJECTS = ["s3:PutObject", "s3:GetObject"];

/** @throws InvalidParameter if the role does not exist, does not trust VM Import/Export, or may not write the file */
function requireExportRole(call: Call, roleName: string, bucket: Bucket, key: string): void {
  const arn = `arn:${call.aws.partition}:iam::${call.account}:role/${roleName}`;
  const role = findRole(call.aws, arn);
  if (!role) throw refused(roleName);
  const asked: Authorization[] = [
    {
      action: "sts:AssumeRole",
      resources: [arn],
      resourcePolicy: role.trustPolicy,
      owner: call.account,
      as: servicePrincipal(SERVICE, call.account, ""),
      context: { "sts:ExternalId": EXTERNAL_ID },
    },
    ...ON_BUCKET.map((action) => ({ action, resources: [`arn:aws:s3:::${bucket.name}`] })),
    ...ON_OBJECTS.map((action) => ({ action, resources: [`arn:aws:s3:::${bucket.name}/${key}`] })),
  ];
  for (const one of asked) {
    const as = one.as ? call : { ...call, principal: rolePrincipal(arn, "vmie") };
    const inBucket = one.as ? {} : { owner: bucket.account, resourcePolicy: bucket.policy };
    try {
      authorize(as, { ...one, ...inBucket });
    } catch (cause) {
      throw refused(roleName, cause);
    }
  }
}

const refused = (role: string, cause?: unknown): AwsError =>
  new AwsError(
    "InvalidParameter",
    `The service role ${role} provided does not exist or does not have sufficient permissions`,
    { cause },
  );

/** VM Import/Export user guide, "Considerations for image export": active conversion tasks in a region. */
const MOST_ACTIVE = 5;
/** Same section: 1 TiB. */
const LARGEST_GIB = 1024;

const FORMATS = { VMDK: "vmdk", VHD: "vhd", RAW: "raw" } as const;

export const operations = {
  ExportImage: {
    authorize: (input, call) => [
      authorizeImage(call, input.ImageId),
      { resources: [ec2Arn(call, "export-image-task", "*")] },
      ...authorizeCreationTags(call, "ExportImage", input.TagSpecifications),
    ],
    run(input, call) {
      const state = call.aws.state(exportsState, call.account, call.region);
      const before =
        input.ClientToken === undefined ? undefined : state.tasks.get(state.tokens.get(input.ClientToken) ?? "");
      if (before) return started(before, call);
      const image = requireVisibleImage(call, input.ImageId);
      const format = FORMATS[input.DiskImageFormat ?? "VMDK"];
      requireExportable(image, call);
      const { S3Bucket = "", S3Prefix: prefix = "" } = input.S3ExportLocation ?? {};
      const bucket = requireBucket(S3Bucket, call);
      const id = `export-ami-${call.aws.hexId(17)}`;
      const roleName = input.RoleName ?? "vmimport";
      requireExportRole(call, roleName, bucket, `${prefix}${id}.${format}`);
      requireRoom([...state.tasks.values()], image.id);
      const task: ExportTask = {
        id,
        imageId: image.id,
        format,
        bucket: bucket.name,
        prefix,
        roleName,
        description: input.Description,
        startedAt: call.aws.clock.now(),
        status: "active",
        message: undefined,
      };
      state.tasks.set(id, task);
      if (input.ClientToken !== undefined) state.tokens.set(input.ClientToken, id);
      addTags(call.aws, call, id, specifiedTags(input.TagSpecifications, "export-image-task"));
      afterWork(call.aws.clock, EXPORT_TAKES_MS, () => finish(task, call));
      return started(task, call);
    },
  },
} satisfies Operations<typeof Sdk>;

const started = (task: ExportTask, call: Call) => ({
  ...toTask(task, call),
  DiskImageFormat: task.format.toUpperCase() as keyof typeof FORMATS,
  RoleName: task.roleName,
});

/** AWS also refuses Marketplace images, which do not exist here. The codes of the other errors are not documented. */
function requireExportable(image: Image, call: Call): void {
  const refuse = (why: string) =>
    new AwsError("NotExportable", `The image ID provided (${image.id}) ${why} and is not exportable.`);
  if (image.owner !== call.account) throw refuse("is shared from another account");
  if (image.platform === "windows") throw refuse("contains third-party software");
  if (image.devices.some(({ encrypted }) => encrypted)) throw refuse("contains encrypted EBS snapshots");
  if (image.devices.some(({ volumeSizeGiB }) => volumeSizeGiB > LARGEST_GIB)) {
    throw refuse(`has a volume larger than ${LARGEST_GIB} GiB`);
  }
}

/** In the task's account and region, and not encrypted by KMS (same section). @throws InvalidParameter */
function requireBucket(name: string, { aws, account, region }: Call): Bucket {
  const bucket = bucketsOf(aws).get(name);
  const refuse = (why: string) => new AwsError("InvalidParameter", `The S3 bucket ${name} ${why}.`);
  if (!bucket || bucket.account !== account) throw refuse("does not exist in this account");
  if (bucket.region !== region) throw refuse(`is in ${bucket.region}, not in ${region}`);
  const { Rules } = (bucket.configurations.get("BucketEncryption") ?? {}) as Partial<ServerSideEncryptionConfiguration>;
  const algorithm = Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
  if (algorithm !== undefined && algorithm !== "AES256")
    throw refuse(`is encrypted using ${algorithm}: SSE-S3 or none`);
  return bucket;
}

/** At most one task for an AMI, and five in the region. The error code is not documented. */
function requireRoom(tasks: readonly ExportTask[], imageId: string): void {
  const active = tasks.filter(({ status }) => status === "active");
  const limit = (message: string) => new AwsError("ResourceLimitExceeded", message);
  if (active.some((task) => task.imageId === imageId)) {
    throw limit(`An export image task is already in progress for ${imageId}.`);
  }
  if (active.length >= MOST_ACTIVE)
    throw limit(`You have reached the limit of ${MOST_ACTIVE} active conversion tasks.`);
}

async function finish(task: ExportTask, call: Call): Promise<void> {
  const { aws, account, region } = call;
  if (task.status !== "active") return;
  const image = aws.state(ec2State, account, region).images.get(task.imageId);
  const snapshot = findSnapshot(aws, region, image?.devices[0]?.snapshotId ?? "");
  const failure = aws.state(exportsState, account, region).simulation?.(task);
  try {
    if (failure !== undefined) throw new Error(failure);
    if (!image || !snapshot) throw new Error(`ClientError: ${task.imageId} does not exist.`);
    const role = `arn:${aws.partition}:iam::${account}:role/${task.roleName}`;
    const put = {
      Bucket: task.bucket,
      Key: `${task.prefix}${task.id}.${task.format}`,
      Body: toDiskFile(diskOf(aws, snapshot), task.format),
    };
    await aws.call("s3", "PutObject", put, { principal: rolePrincipal(role, "vmie"), region });
    task.status = "completed";
  } catch (cause) {
    task.status = "deleted";
    task.message = cause instanceof Error ? cause.message : String(cause);
  }
}
