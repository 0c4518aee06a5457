import { afterWork } from "../../engine/clock/clock.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { ec2State } from "./state.ts";

const GIB = 2 ** 30;
/** A snapshot has complete blocks (EBS direct APIs, "Block size"). */
const BLOCK = 512 * 1024;
/** Size of a small installed Linux system. */
const SYSTEM = 1.75 * GIB;

interface NewSnapshot {
  readonly sizeGiB: number;
  /** How much of the volume was ever written. Default: a small Linux system, or all of a smaller volume. */
  readonly writtenBytes?: number | undefined;
  /** Full ARN; undefined: not encrypted. */
  readonly kmsKeyArn: string | undefined;
  readonly description: string;
  /** How long it stays pending, in milliseconds. Default: completed at once. */
  readonly completedAfterMs?: number | undefined;
}

/** Adds a snapshot and answers its id. */
export function addSnapshot(
  aws: EmbeddedAws,
  { account, region }: { readonly account: string; readonly region: string },
  made: NewSnapshot,
): string {
  const id = `snap-${aws.hexId(17)}`;
  const { snapshots } = aws.state(ec2State, account, region);
  snapshots.set(id, {
    id,
    owner: account,
    region,
    description: made.description,
    sizeGiB: made.sizeGiB,
    fullSizeBytes: Math.min(inBlocks(made.writtenBytes ?? SYSTEM), made.sizeGiB * GIB),
    encrypted: made.kmsKeyArn !== undefined,
    kmsKeyArn: made.kmsKeyArn,
    startedAt: aws.clock.now(),
    state: made.completedAfterMs ? "pending" : "completed",
    sharedWith: new Set(),
  });
  if (made.completedAfterMs) {
    afterWork(aws.clock, made.completedAfterMs, () => {
      const snapshot = snapshots.get(id);
      if (snapshot) snapshot.state = "completed";
    });
  }
  return id;
}

const inBlocks = (bytes: number): number => Math.ceil(bytes / BLOCK) * BLOCK;
