import { EBSClient } from "@aws-sdk/client-ebs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { findEvidence } from "../../adapters/evidence/evidence.ts";
import { copyBlocks, ExportFailure, sealDisk, startDisk } from "../../adapters/export/copy-disk.ts";
import { keepFile, putBeside, removeObjects, signManifest } from "../../adapters/export/export-bucket.ts";
import {
  beginTask,
  cancelTask,
  isCompleted,
  isTaskDone,
  readDisk,
  registerPlain,
  removePlain,
} from "../../adapters/export/export-tasks.ts";
import { toManifest } from "../../core/export/export-manifest.ts";
import {
  type ExportFile,
  type ExportRecord,
  effectToken,
  fileKey,
  isCleared,
  type KeptFile,
  manifestKey,
  plainName,
  STAGING,
  signatureKey,
} from "../../core/export/export-record.ts";
import type { ExportFormat } from "../../core/export/formats.ts";
import { factoryTags } from "../../core/factory/factory-tags.ts";
import { NotProven } from "../../core/share/decide-proof.ts";
import { prover } from "../share/prove-artifact.ts";
import type { ExportInvocation } from "./export-env.ts";

/** An EC2 export task that takes longer is cancelled. */
const TASK_PATIENCE_MS = 12 * 3_600_000;

type Disk = NonNullable<ExportRecord["disk"]>;

interface Turn extends ExportInvocation {
  /** Whether this invocation has to end. */
  readonly isOver: () => boolean;
}

/**
 * Runs the next step of an export. Steps can be repeated: tokens and names belong to the attempt.
 * @returns the changed record; undefined where it must wait
 * @throws ExportFailure
 */
export async function advanceExport(record: ExportRecord, turn: Turn): Promise<ExportRecord | undefined> {
  const lacking = record.formats.find((format) => !record.files[format]?.kept);
  if (record.state !== "under-way" || !lacking) return clearDisk(record, turn);
  if (!record.disk) return beginDisk(record, turn);
  if (!record.disk.whole) return copyDisk(record, record.disk, turn);
  if (!record.disk.sealed) return closeDisk(record, record.disk, turn);
  if (!record.plainAmi) return registerDisk(record, record.disk.snapshotId, turn);
  return exportFile(record, record.plainAmi, lacking, turn);
}

const tagsOf = ({ settings: { factory } }: ExportInvocation, { image }: ExportRecord) => ({
  ...factoryTags(factory),
  "amint:image": image,
  Name: `${factory.name} ${image}: for an export`,
});

async function beginDisk(record: ExportRecord, turn: Turn): Promise<ExportRecord> {
  const ec2 = turn.client(EC2Client);
  const ebs = turn.client(EBSClient);
  await requireProven(record, turn);
  const { sizeGiB } = await readDisk(ec2, record.amiId);
  const { snapshotId, encrypted } = await startDisk(ebs, {
    sizeGiB,
    token: effectToken(record.build, record.attempt, "disk"),
    description: `The disk of ${record.amiId}, for the time of its export`,
    tags: tagsOf(turn, record),
  });
  if (encrypted) {
    await removePlain(ec2, plainName(turn.settings.factory.name, record), snapshotId);
    throw new ExportFailure(
      "EBS encryption by default is on in the factory's account and build region, so that no snapshot there can be " +
        "without encryption, and EC2 cannot export encrypted ones: turn it off there, or remove the channel's exports",
    );
  }
  return { ...record, disk: { snapshotId, next: 0, copied: 0, whole: false, sealed: false } };
}

/** An export leaves the account: AWS must confirm first that the AMI is the build's. */
async function requireProven({ build, amiId: artifact }: ExportRecord, turn: Turn): Promise<void> {
  try {
    await prover(turn)({ build, region: turn.settings.place.region, artifact });
  } catch (error) {
    throw error instanceof NotProven ? new ExportFailure(error.message, { cause: error }) : error;
  }
}

async function copyDisk(record: ExportRecord, disk: Disk, { client, isOver }: Turn): Promise<ExportRecord | undefined> {
  const { snapshotId: from } = await readDisk(client(EC2Client), record.amiId);
  const { next, copied, done } = await copyBlocks(client(EBSClient), {
    from,
    to: disk.snapshotId,
    since: disk,
    isOver,
  });
  if (!done && next === disk.next) return undefined;
  return { ...record, disk: { ...disk, next, copied, whole: done } };
}

/** A separate step: a run that crashes after it must not write to a sealed snapshot. */
async function closeDisk(record: ExportRecord, disk: Disk, { client }: Turn): Promise<ExportRecord> {
  await sealDisk(client(EBSClient), disk.snapshotId, disk.copied, () =>
    isCompleted(client(EC2Client), disk.snapshotId),
  );
  return { ...record, disk: { ...disk, sealed: true } };
}

async function registerDisk(record: ExportRecord, snapshotId: string, turn: Turn): Promise<ExportRecord | undefined> {
  const ec2 = turn.client(EC2Client);
  if (!(await isCompleted(ec2, snapshotId))) return undefined;
  const disk = await readDisk(ec2, record.amiId);
  const name = plainName(turn.settings.factory.name, record);
  return { ...record, plainAmi: await registerPlain(ec2, { name, snapshotId, disk, tags: tagsOf(turn, record) }) };
}

/** One format at a time: EC2 runs one export task per AMI. */
async function exportFile(
  record: ExportRecord,
  ami: string,
  format: ExportFormat,
  turn: Turn,
): Promise<ExportRecord | undefined> {
  const { client, settings, now } = turn;
  const file = record.files[format] ?? {};
  const withFile = (changed: ExportFile): ExportRecord => ({
    ...record,
    files: { ...record.files, [format]: changed },
  });
  if (!file.task) {
    const id = await beginTask(client(EC2Client), {
      ami,
      format,
      bucket: settings.env.EXPORTS_BUCKET,
      prefix: STAGING,
      roleName: settings.env.EXPORTS_ROLE_NAME,
      token: effectToken(record.build, record.attempt, format),
    });
    return id === undefined ? undefined : withFile({ task: { id, startedAt: now.toISOString() } });
  }
  if (!file.staged) {
    const { id, startedAt } = file.task;
    if (await isTaskDone(client(EC2Client), id)) return withFile({ ...file, staged: `${STAGING}${id}.${format}` });
    if (now.getTime() - Date.parse(startedAt) < TASK_PATIENCE_MS) return undefined;
    await cancelTask(client(EC2Client), id);
    throw new ExportFailure(
      `EC2's task ${id} was not complete after ${TASK_PATIENCE_MS / 3_600_000} hours; \`amint export --again\` starts another`,
    );
  }
  return withFile({ ...file, kept: await keepExport(record, format, file.staged, turn) });
}

/** Removes the unencrypted AMI and snapshot. */
async function clearDisk(record: ExportRecord, turn: Turn): Promise<ExportRecord | undefined> {
  const ended: ExportRecord =
    record.state === "under-way" ? { ...record, state: "ready", failure: undefined, told: false } : record;
  if (isCleared(record)) return record.state === "under-way" ? ended : undefined;
  await removePlain(turn.client(EC2Client), plainName(turn.settings.factory.name, record), record.disk?.snapshotId);
  return { ...ended, disk: undefined, plainAmi: undefined };
}

/** The stack's bucket, with the key of its objects. */
const bucketOf = ({ settings: { env }, client }: ExportInvocation) => ({
  client: client(S3Client),
  bucket: env.EXPORTS_BUCKET,
  keyArn: env.EXPORTS_KEY_ARN,
});

/** Stores a file that EC2 wrote, with a signed manifest beside it; deletes the staged file last. */
async function keepExport(
  record: ExportRecord,
  format: ExportFormat,
  staged: string,
  invocation: ExportInvocation,
): Promise<KeptFile> {
  const { settings, client, ledger, now } = invocation;
  const { factory, place, env } = settings;
  const bucket = bucketOf(invocation);
  const key = fileKey(factory.name, record, format);
  const file: KeptFile = { key, ...(await keepFile(bucket, staged, key)), at: now.toISOString() };
  const evidence = await findEvidence(ledger, record.build);
  const said = toManifest({ factory: factory.name, region: place.region, record, format, file, evidence });
  const signature = await signManifest(client(KMSClient), env.SIGNING_KEY_ARN, said);
  await putBeside(bucket, manifestKey(key), said, "application/json");
  await putBeside(bucket, signatureKey(key), signature, "application/octet-stream");
  return file;
}

/** Deletes all objects of an export. */
export async function removeFiles(record: ExportRecord, invocation: ExportInvocation): Promise<void> {
  const { factory } = invocation.settings;
  const keys = record.formats.flatMap((format) => {
    const key = fileKey(factory.name, record, format);
    return [key, manifestKey(key), signatureKey(key)];
  });
  const staged = Object.values(record.files).flatMap((file) => file.staged ?? []);
  await removeObjects(bucketOf(invocation), [...keys, ...staged]);
}
