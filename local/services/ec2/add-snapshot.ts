import type { EmbeddedAws } from "../../embedded-aws.ts";
import { ec2State } from "./state.ts";

export interface NewSnapshot {
  readonly sizeGiB: number;
  /** Full ARN; undefined: not encrypted. */
  readonly kmsKeyArn: string | undefined;
  readonly description: string;
  /** How long it stays pending, in milliseconds. Default: completed at once. */
  readonly completedAfterMs?: number | undefined;
}

/** Answers its id. */
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
    encrypted: made.kmsKeyArn !== undefined,
    kmsKeyArn: made.kmsKeyArn,
    startedAt: aws.clock.now(),
    state: made.completedAfterMs ? "pending" : "completed",
    sharedWith: new Set(),
  });
  if (made.completedAfterMs) {
    aws.clock.after(made.completedAfterMs, () => {
      const snapshot = snapshots.get(id);
      if (snapshot) snapshot.state = "completed";
    });
  }
  return id;
}
