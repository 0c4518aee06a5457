import type * as Sdk from "@aws-sdk/client-ec2";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { retentionOf } from "../rbin/rule.ts";
import { requireFreeName } from "./add-image.ts";
import { authorizeImage, authorizeResource } from "./authorization.ts";
import { imagesNotFound, invalidParameter, requireId, snapshotNotFound } from "./refusals.ts";
import { ec2State, type Image, type Snapshot } from "./state.ts";

/**
 * A deregistered or deleted resource, unchanged: a restored one is shared with the same accounts again (EBS user guide,
 * "Considerations").
 */
interface Binned<T> {
  readonly resource: T;
  readonly enteredAt: number;
  /** From then on it is deleted permanently. */
  readonly exitsAt: number;
}

interface BinState {
  readonly images: Map<string, Binned<Image>>;
  readonly snapshots: Map<string, Binned<Snapshot>>;
}

const binState = defineState<BinState>("ec2.recycle-bin", () => ({ images: new Map(), snapshots: new Map() }));

interface Place {
  readonly account: string;
  readonly region: string;
}

/** The tag of all resources in the bin (EBS user guide, "Considerations" for Recycle Bin). */
const IN_BIN = ["aws:recycle-bin:resource-in-bin", "true"] as const;

/** An account's bin, oldest first. Resources whose retention is over are removed with their tags. */
export function binOf(aws: EmbeddedAws, { account, region }: Place): BinState {
  const bin = aws.state(binState, account, region);
  const { tags } = aws.state(ec2State, account, region);
  for (const kept of [bin.images, bin.snapshots]) {
    for (const [id, { exitsAt }] of kept) {
      if (exitsAt > aws.clock.now()) continue;
      kept.delete(id);
      tags.delete(id);
    }
  }
  return bin;
}

/** Removes an image, into the bin if a rule retains it. An image that is not available cannot be restored. */
export function removeImage(aws: EmbeddedAws, image: Image): void {
  const { images, tags } = aws.state(ec2State, image.owner, image.region);
  images.delete(image.id);
  const complete = image.state === "available" || image.state === "disabled";
  const binned = complete && retained(aws, image, "EC2_IMAGE");
  if (binned) binOf(aws, placeOf(image)).images.set(image.id, { resource: image, ...binned });
  else tags.delete(image.id);
}

/** Removes a snapshot, into the bin if a rule retains it. A snapshot that is not completed cannot be restored. */
export function removeSnapshot(aws: EmbeddedAws, snapshot: Snapshot): void {
  const { snapshots, tags } = aws.state(ec2State, snapshot.owner, snapshot.region);
  snapshots.delete(snapshot.id);
  const binned = snapshot.state === "completed" && retained(aws, snapshot, "EBS_SNAPSHOT");
  if (binned) binOf(aws, placeOf(snapshot)).snapshots.set(snapshot.id, { resource: snapshot, ...binned });
  else tags.delete(snapshot.id);
}

/** Removes the bin's tag from a resource that leaves it. */
function unmark(aws: EmbeddedAws, place: Place, id: string): void {
  aws.state(ec2State, place.account, place.region).tags.get(id)?.delete(IN_BIN[0]);
}

const placeOf = ({ owner, region }: Image | Snapshot): Place => ({ account: owner, region });

/** Start and end of the retention; undefined if no rule retains it. */
function retained(aws: EmbeddedAws, resource: Image | Snapshot, type: "EC2_IMAGE" | "EBS_SNAPSHOT") {
  const place = placeOf(resource);
  const { tags } = aws.state(ec2State, place.account, place.region);
  const own = tags.get(resource.id) ?? new Map<string, string>();
  const time = retentionOf(aws, { ...place, type, tags: own });
  if (time === undefined) return undefined;
  tags.set(resource.id, new Map([...own, IN_BIN]));
  const enteredAt = aws.clock.now();
  return { enteredAt, exitsAt: enteredAt + time };
}

/** Limit in one request (EC2 API reference, ListImagesInRecycleBin). */
const MOST_IMAGES = 20;

const times = ({ enteredAt, exitsAt }: Binned<unknown>) => ({
  RecycleBinEnterTime: new Date(enteredAt),
  RecycleBinExitTime: new Date(exitsAt),
});

/** An image's snapshots must be restored first (EBS user guide, "Considerations"). The error is not documented. */
function requireSnapshots(call: Call, { id, devices }: Image): void {
  const { snapshots } = call.aws.state(ec2State, call.account, call.region);
  const binned = binOf(call.aws, call).snapshots;
  for (const { snapshotId } of devices) {
    if (snapshots.has(snapshotId)) continue;
    const why = binned.has(snapshotId) ? "is in the Recycle Bin: restore it first" : "does not exist";
    throw new AwsError(
      "InvalidSnapshot.NotFound",
      `The image '${id}' can't be restored because its snapshot '${snapshotId}' ${why}.`,
    );
  }
}

export const operations = {
  ListImagesInRecycleBin: {
    list: "Images",
    run(input, call) {
      const { images } = binOf(call.aws, call);
      const ids = (input.ImageIds ?? []).map((id) => requireId(id, "ami-", "InvalidAMIID.Malformed"));
      if (ids.length > MOST_IMAGES) {
        throw invalidParameter(`At most ${MOST_IMAGES} image IDs can be listed at once, not ${ids.length}.`);
      }
      const missing = ids.filter((id) => !images.has(id));
      if (missing.length > 0) throw imagesNotFound(missing);
      const asked = [...images.values()].filter(({ resource }) => ids.length === 0 || ids.includes(resource.id));
      return {
        Images: asked.map((binned) => ({
          ImageId: binned.resource.id,
          Name: binned.resource.name,
          ...(binned.resource.description && { Description: binned.resource.description }),
          ...times(binned),
        })),
      };
    },
  },
  ListSnapshotsInRecycleBin: {
    list: "Snapshots",
    run(input, call) {
      const { snapshots } = binOf(call.aws, call);
      const ids = (input.SnapshotIds ?? []).map((id) => requireId(id, "snap-", "InvalidSnapshotID.Malformed"));
      for (const id of ids) if (!snapshots.has(id)) throw snapshotNotFound(id);
      const asked = [...snapshots.values()].filter(({ resource }) => ids.length === 0 || ids.includes(resource.id));
      return {
        Snapshots: asked.map((binned) => ({
          SnapshotId: binned.resource.id,
          Description: binned.resource.description,
          // As DescribeSnapshots answers for snapshots whose volume was deleted or is another account's.
          VolumeId: "vol-ffffffff",
          ...times(binned),
        })),
      };
    },
  },
  /**
   * The image is restored unchanged: disabled if it was disabled, with its tags and shares. No event is sent (EC2 user
   * guide, "Monitor AMI events using Amazon EventBridge").
   */
  RestoreImageFromRecycleBin: {
    authorize: ({ ImageId }, call) => [authorizeImage(call, ImageId)],
    run(input, call) {
      const id = requireId(input.ImageId, "ami-", "InvalidAMIID.Malformed");
      const { images } = binOf(call.aws, call);
      const image = images.get(id)?.resource;
      if (!image) throw imagesNotFound([id]);
      requireSnapshots(call, image);
      requireFreeName(call.aws, call, image.name);
      images.delete(id);
      unmark(call.aws, call, id);
      call.aws.state(ec2State, call.account, call.region).images.set(id, image);
      return { Return: true };
    },
  },
  RestoreSnapshotFromRecycleBin: {
    authorize: ({ SnapshotId }, call) => [authorizeResource(call, "snapshot", SnapshotId)],
    run(input, call) {
      const id = requireId(input.SnapshotId, "snap-", "InvalidSnapshotID.Malformed");
      const { snapshots } = binOf(call.aws, call);
      const snapshot = snapshots.get(id)?.resource;
      if (!snapshot) throw snapshotNotFound(id);
      snapshots.delete(id);
      unmark(call.aws, call, id);
      call.aws.state(ec2State, call.account, call.region).snapshots.set(id, snapshot);
      return {
        SnapshotId: id,
        Description: snapshot.description,
        Encrypted: snapshot.encrypted,
        OwnerId: snapshot.owner,
        Progress: "100%",
        StartTime: new Date(snapshot.startedAt),
        State: snapshot.state,
        VolumeId: "vol-ffffffff",
        VolumeSize: snapshot.sizeGiB,
      };
    },
  },
} satisfies Operations<typeof Sdk>;
