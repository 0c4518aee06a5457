import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Call } from "../../engine/operation.ts";
import { organizationOf } from "../organizations/state.ts";
import { imageJudge, isFound } from "./allowed-images/is-allowed.ts";
import { imagesNotFound, notAuthorizedForImage, requireId, snapshotNotFound } from "./refusals.ts";
import { ec2State, type Image, type Snapshot } from "./state.ts";

/** Every account's images of one region. */
export function* imagesIn(aws: EmbeddedAws, region: string): Iterable<Image> {
  for (const place of aws.places(ec2State)) if (place.region === region) yield* place.state.images.values();
}

/** Of any owner. */
export function findImage(aws: EmbeddedAws, region: string, id: string): Image | undefined {
  for (const place of aws.places(ec2State)) {
    const image = place.region === region ? place.state.images.get(id) : undefined;
    if (image) return image;
  }
  return undefined;
}

/** An image that the caller may launch. @throws InvalidAMIID.Malformed, InvalidAMIID.NotFound */
export function requireVisibleImage(call: Call, id: string | undefined): Image {
  const valid = requireId(id, "ami-", "InvalidAMIID.Malformed");
  const image = findImage(call.aws, call.region, valid);
  if (!image || !canSee(image, viewerOf(call.aws, call.account))) throw imagesNotFound([valid]);
  // AWS does not document the error for an image that Allowed AMIs hides; it says "not discoverable".
  if (!isFound(image, imageJudge(call.aws, call.account, call.region))) throw imagesNotFound([valid]);
  return image;
}

/** An image that the caller may change. @throws InvalidAMIID.Malformed, InvalidAMIID.NotFound, AuthFailure */
export function requireOwnImage(call: Call, id: string | undefined): Image {
  const image = requireVisibleImage(call, id);
  if (image.owner !== call.account) throw notAuthorizedForImage(image.id);
  return image;
}

/** An account with everything by which launch permissions can name it. */
export interface Viewer {
  readonly account: string;
  /** Keys of `Image.permissions` that allow it to launch an image that is not public. */
  readonly shares: readonly string[];
}

export const permissionKey = (kind: string, value: string): string => `${kind} ${value}`;

const PUBLIC = permissionKey("UserGroup", "all");

/** Uses current membership: an account that moves to another OU loses and gains images at once. */
export function viewerOf(aws: EmbeddedAws, account: string): Viewer {
  const organization = organizationOf(aws, account);
  return {
    account,
    shares: [
      permissionKey("UserId", account),
      ...(organization
        ? [
            permissionKey("OrganizationArn", organization.arn),
            ...organization.units.map(({ arn }) => permissionKey("OrganizationalUnitArn", arn)),
          ]
        : []),
    ],
  };
}

export const isPublic = (image: Image): boolean => image.permissions.has(PUBLIC);

/** Shared with the account, an OU above it, or its organization. Ownership does not count. */
export const isSharedWith = (image: Image, viewer: Viewer): boolean =>
  viewer.shares.some((share) => image.permissions.has(share));

export const canSee = (image: Image, viewer: Viewer): boolean =>
  image.owner === viewer.account || isPublic(image) || isSharedWith(image, viewer);

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
