import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { defineState } from "../../../engine/state.ts";
import { retentionOf } from "../../rbin/retention.ts";
import { ec2State, type Image, type Snapshot } from "../state.ts";

/** What was deregistered or deleted, as it was: a restored one is shared again with whom it was (EBS user guide, "Considerations"). */
export interface Binned<T> {
  readonly resource: T;
  readonly enteredAt: number;
  /** From then on it is gone for good. */
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

/** The tag of whatever is in the bin (EBS user guide, "Considerations" for Recycle Bin). */
const IN_BIN = ["aws:recycle-bin:resource-in-bin", "true"] as const;

/** What an account has in its bin, oldest first; what has been there long enough is gone, with its tags. */
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

/** Takes an image away, into the bin where a rule retains it. What is not complete cannot be had back. */
export function removeImage(aws: EmbeddedAws, image: Image): void {
  const { images, tags } = aws.state(ec2State, image.owner, image.region);
  images.delete(image.id);
  const complete = image.state === "available" || image.state === "disabled";
  const binned = complete && retained(aws, image, "EC2_IMAGE");
  if (binned) binOf(aws, placeOf(image)).images.set(image.id, { resource: image, ...binned });
  else tags.delete(image.id);
}

/** Takes a snapshot away, into the bin where a rule retains it. What is not complete cannot be had back. */
export function removeSnapshot(aws: EmbeddedAws, snapshot: Snapshot): void {
  const { snapshots, tags } = aws.state(ec2State, snapshot.owner, snapshot.region);
  snapshots.delete(snapshot.id);
  const binned = snapshot.state === "completed" && retained(aws, snapshot, "EBS_SNAPSHOT");
  if (binned) binOf(aws, placeOf(snapshot)).snapshots.set(snapshot.id, { resource: snapshot, ...binned });
  else tags.delete(snapshot.id);
}

/** Takes the bin's mark off what leaves it. */
export function unmark(aws: EmbeddedAws, place: Place, id: string): void {
  aws.state(ec2State, place.account, place.region).tags.get(id)?.delete(IN_BIN[0]);
}

const placeOf = ({ owner, region }: Image | Snapshot): Place => ({ account: owner, region });

/** From when till when; undefined where no rule retains it. */
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
