import type { Image } from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { arnOf, normalised, type Place } from "../arn.ts";
import { builderState } from "../state.ts";
import type { ImageRecord } from "./image-record.ts";

/** Makes the next build version of an image, PENDING. */
export function newImage(
  aws: EmbeddedAws,
  place: Place,
  image: Omit<Image, "arn" | "state" | "dateCreated"> & { readonly name: string; readonly version: string },
): ImageRecord {
  const { images, buildNumbers } = aws.state(builderState, place.account, place.region);
  const versionArn = arnOf(place, "image", normalised(image.name), image.version);
  const buildNumber = (buildNumbers.get(versionArn) ?? 0) + 1;
  buildNumbers.set(versionArn, buildNumber);
  const arn = `${versionArn}/${buildNumber}`;
  const record: ImageRecord = {
    account: place.account,
    region: place.region,
    buildNumber,
    image: {
      type: "AMI",
      buildType: "USER_INITIATED",
      imageSource: "CUSTOM",
      ...structuredClone(image),
      arn,
      state: { status: "PENDING" },
      dateCreated: new Date(aws.clock.now()).toISOString(),
    },
    workflows: [],
    packages: [],
    findings: [],
    cancellation: new AbortController(),
  };
  images.set(arn, record);
  return record;
}
