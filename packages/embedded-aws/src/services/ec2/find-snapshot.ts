import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Call } from "../../engine/operation.ts";
import { requireId, snapshotNotFound } from "./refusals.ts";
import { ec2State, type Snapshot } from "./state.ts";

/** Of any owner. */
export function findSnapshot(aws: EmbeddedAws, region: string, id: string): Snapshot | undefined {
  for (const place of aws.places(ec2State)) {
    const snapshot = place.region === region ? place.state.snapshots.get(id) : undefined;
    if (snapshot) return snapshot;
  }
  return undefined;
}

/** Whether an account may create volumes and copies from it. Launch permissions of its image do not matter. */
export const canUse = (snapshot: Snapshot, account: string): boolean =>
  snapshot.owner === account || snapshot.sharedWith.has(account) || snapshot.sharedWith.has("all");

/** @throws InvalidSnapshotID.Malformed, InvalidSnapshot.NotFound */
export function requireOwnSnapshot(call: Call, id: string | undefined): Snapshot {
  const valid = requireId(id, "snap-", "InvalidSnapshotID.Malformed");
  const snapshot = call.aws.state(ec2State, call.account, call.region).snapshots.get(valid);
  if (!snapshot) throw snapshotNotFound(valid);
  return snapshot;
}

/** @throws InvalidSnapshotID.Malformed, InvalidSnapshot.NotFound */
export function requireUsableSnapshot(call: Call, id: string | undefined): Snapshot {
  const valid = requireId(id, "snap-", "InvalidSnapshotID.Malformed");
  const snapshot = findSnapshot(call.aws, call.region, valid);
  if (!snapshot || !canUse(snapshot, call.account)) throw snapshotNotFound(valid);
  return snapshot;
}
