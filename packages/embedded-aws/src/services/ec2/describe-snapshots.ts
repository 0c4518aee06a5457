import type * as Sdk from "@aws-sdk/client-ec2";
import type { Snapshot as SnapshotOutput } from "@aws-sdk/client-ec2";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import { type FilterFields, toPredicate } from "./filters.ts";
import { canUse, requireUsableSnapshot } from "./find-snapshot.ts";
import { ownerAlias } from "./owner-alias.ts";
import { requirePageSize } from "./refusals.ts";
import { tagsOf, toTags } from "./resource-tags.ts";
import { ec2State, type Snapshot } from "./state.ts";

const filters: FilterFields<Snapshot> = {
  description: (snapshot) => snapshot.description,
  encrypted: (snapshot) => String(snapshot.encrypted),
  "owner-alias": (snapshot) => ownerAlias(snapshot.owner),
  "owner-id": (snapshot) => snapshot.owner,
  progress: (snapshot) => progress(snapshot),
  "snapshot-id": (snapshot) => snapshot.id,
  "start-time": (snapshot) => new Date(snapshot.startedAt).toISOString(),
  status: (snapshot) => snapshot.state,
  "storage-tier": () => "standard",
  "volume-id": () => "vol-ffffffff",
  "volume-size": (snapshot) => String(snapshot.sizeGiB),
};

const progress = (snapshot: Snapshot): string => (snapshot.state === "completed" ? "100%" : "0%");

export const operations = {
  /** One's own, and those that others let everybody or this account make volumes of. */
  DescribeSnapshots: {
    list: "Snapshots",
    run(input, call) {
      const { aws, account, region } = call;
      const tags = (snapshot: Snapshot) => tagsOf(aws, call, snapshot.id);
      const isOwner = (owner: string) => (snapshot: Snapshot) =>
        snapshot.owner === (owner === "self" ? account : owner) || ownerAlias(snapshot.owner) === owner;
      const isRestorable = (user: string) => (snapshot: Snapshot) =>
        user === "self" ? canUse(snapshot, account) : snapshot.sharedWith.has(user);
      const wanted = [
        toPredicate(input.Filters, filters, tags),
        anyOf((input.OwnerIds ?? []).map(isOwner)),
        anyOf((input.RestorableByUserIds ?? []).map(isRestorable)),
      ];
      const visible = input.SnapshotIds?.length
        ? input.SnapshotIds.map((id) => requireUsableSnapshot(call, id))
        : [...snapshotsIn(aws, region)].filter((snapshot) => canUse(snapshot, account));
      requirePageSize(input.MaxResults, 5, 1000);
      const snapshots = visible.filter((snapshot) => wanted.every((test) => test(snapshot)));
      return { Snapshots: snapshots.map((snapshot) => toSnapshot(snapshot, tags(snapshot))) };
    },
  },
} satisfies Operations<typeof Sdk>;

const anyOf =
  <T>(tests: readonly ((value: T) => boolean)[]) =>
  (value: T): boolean =>
    tests.length === 0 || tests.some((test) => test(value));

function* snapshotsIn(aws: EmbeddedAws, region: string): Iterable<Snapshot> {
  for (const place of aws.places(ec2State)) if (place.region === region) yield* place.state.snapshots.values();
}

function toSnapshot(snapshot: Snapshot, tags: ReadonlyMap<string, string>): SnapshotOutput {
  const alias = ownerAlias(snapshot.owner);
  return {
    Description: snapshot.description,
    Encrypted: snapshot.encrypted,
    // Of one that is not completed nobody knows yet.
    ...(snapshot.state === "completed" && { FullSnapshotSizeInBytes: snapshot.fullSizeBytes }),
    ...(snapshot.kmsKeyArn && { KmsKeyId: snapshot.kmsKeyArn }),
    ...(alias && { OwnerAlias: alias }),
    OwnerId: snapshot.owner,
    Progress: progress(snapshot),
    SnapshotId: snapshot.id,
    StartTime: new Date(snapshot.startedAt),
    State: snapshot.state,
    StorageTier: "standard",
    ...(tags.size > 0 && { Tags: toTags(tags) }),
    // What AWS says of snapshots whose volume is gone or was never ours.
    VolumeId: "vol-ffffffff",
    VolumeSize: snapshot.sizeGiB,
  };
}
