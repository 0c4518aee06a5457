import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Call } from "../../engine/operation.ts";
import { imageJudge, isFound } from "./allowed-images/is-allowed.ts";
import { imagesNotFound, notAuthorizedForImage, requireId } from "./refusals.ts";
import { ec2State, type Image } from "./state.ts";
import { canSee, viewerOf } from "./viewer.ts";

/** Every account's images of one region. */
export function* imagesIn(aws: EmbeddedAws, region: string): Iterable<Image> {
  for (const place of aws.places(ec2State)) if (place.region === region) yield* place.state.images.values();
}

/** Whoever owns it. */
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
  // How AWS refuses an image that Allowed AMIs keeps from an account is not documented; it says "not discoverable".
  if (!isFound(image, imageJudge(call.aws, call.account, call.region))) throw imagesNotFound([valid]);
  return image;
}

/** An image that the caller may change. @throws InvalidAMIID.Malformed, InvalidAMIID.NotFound, AuthFailure */
export function requireOwnImage(call: Call, id: string | undefined): Image {
  const image = requireVisibleImage(call, id);
  if (image.owner !== call.account) throw notAuthorizedForImage(image.id);
  return image;
}
