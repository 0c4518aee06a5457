import type * as Sdk from "@aws-sdk/client-ec2";
import type { CreateVolumePermission, Snapshot as SnapshotOutput } from "@aws-sdk/client-ec2";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { findKey } from "../kms/find-key.ts";
import { authorizeResource } from "./authorization.ts";
import { type FilterFields, toPredicate } from "./filters.ts";
import { canUse, requireOwnSnapshot, requireUsableSnapshot } from "./find-image.ts";
import { ownerAlias } from "./public-images.ts";
import { removeSnapshot } from "./recycle-bin.ts";
import { invalidCombination, invalidParameter, notPermitted, requirePageSize } from "./refusals.ts";
import { tagsOf, toTags } from "./resource-tags.ts";
import { ec2State, type Image, type Snapshot } from "./state.ts";

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
    // The size is known only after completion.
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
    // AWS's value for snapshots whose volume was deleted or is another account's.
    VolumeId: "vol-ffffffff",
    VolumeSize: snapshot.sizeGiB,
  };
}

/** The caller's images that use a snapshot, including disabled ones. */
export const imagesUsing = ({ aws, account, region }: Call, snapshotId: string): Image[] =>
  [...aws.state(ec2State, account, region).images.values()].filter((image) =>
    image.devices.some((device) => device.snapshotId === snapshotId),
  );

/** Accounts added or removed in one request (EC2 API reference, ModifySnapshotAttribute). */
const MAX_CHANGES = 500;

const namesOf = (permissions: readonly CreateVolumePermission[] | undefined): string[] =>
  (permissions ?? []).flatMap((one) => one.UserId ?? one.Group ?? []);

function requireOneDirection(add: readonly string[], remove: readonly string[]): void {
  const combination = (message: string) => invalidCombination(message);
  if (add.length > 0 && remove.length > 0) {
    throw combination("Both add and remove cannot be specified in one request.");
  }
  if (add.length + remove.length === 0) throw combination("No attributes specified.");
  if (add.length + remove.length > MAX_CHANGES) {
    throw combination(`At most ${MAX_CHANGES} permissions can be changed in one request.`);
  }
}

function requireShareable(snapshot: Snapshot, add: readonly string[], { aws }: Call): void {
  const refused = (message: string) => notPermitted(message);
  const place = { account: snapshot.owner, region: snapshot.region };
  if (snapshot.kmsKeyArn && findKey(aws, place, snapshot.kmsKeyArn)?.manager === "AWS") {
    throw refused("Encrypted snapshots with EBS default key cannot be shared");
  }
  if (snapshot.encrypted && add.includes("all")) throw refused("Encrypted snapshots cannot be shared publicly");
}

export const operations = {
  /** The caller's own snapshots, and those shared publicly or with this account. */
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
  DeleteSnapshot: {
    authorize: (input, call) => [authorizeResource(call, "snapshot", input.SnapshotId)],
    run(input, call) {
      const snapshot = requireOwnSnapshot(call, input.SnapshotId);
      const { id } = snapshot;
      const [user] = imagesUsing(call, id);
      if (user) {
        throw new AwsError("InvalidSnapshot.InUse", `The snapshot ${id} is currently in use by ${user.id}`);
      }
      removeSnapshot(call.aws, snapshot);
    },
  },
  ModifySnapshotAttribute: {
    authorize: (input, call) => [
      authorizeResource(call, "snapshot", input.SnapshotId, { "ec2:Attribute": "CreateVolumePermission" }),
    ],
    run(input, call) {
      const snapshot = requireOwnSnapshot(call, input.SnapshotId);
      const listed = [...(input.UserIds ?? []), ...(input.GroupNames ?? [])];
      const add = [...namesOf(input.CreateVolumePermission?.Add), ...(input.OperationType === "add" ? listed : [])];
      const remove = [
        ...namesOf(input.CreateVolumePermission?.Remove),
        ...(input.OperationType === "remove" ? listed : []),
      ];
      requireOneDirection(add, remove);
      for (const name of [...add, ...remove]) {
        if (!/^(\d{12}|all)$/.test(name)) throw invalidParameter(`Invalid value '${name}' for createVolumePermission`);
      }
      if (add.length > 0) requireShareable(snapshot, add, call);
      for (const name of remove) snapshot.sharedWith.delete(name);
      for (const name of add) snapshot.sharedWith.add(name);
    },
  },
  DescribeSnapshotAttribute: {
    authorize: (input, call) => [authorizeResource(call, "snapshot", input.SnapshotId)],
    run(input, call) {
      const snapshot = requireOwnSnapshot(call, input.SnapshotId);
      if (input.Attribute === "productCodes") return { SnapshotId: snapshot.id, ProductCodes: [] };
      return {
        SnapshotId: snapshot.id,
        CreateVolumePermissions: [...snapshot.sharedWith].map((name) =>
          name === "all" ? { Group: "all" as const } : { UserId: name },
        ),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
