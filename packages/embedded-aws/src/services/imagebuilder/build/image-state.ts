import type { Image, ImageStatus } from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { publishServiceEvent } from "../../events/publish-service-event.ts";
import { arnOf, normalised, type Place } from "../arn.ts";
import { builderState, type ImageRecord, isTerminal } from "../state.ts";
import type { FailedState, FailureContext } from "./failure-context.ts";

/** Creates the next build version of an image, PENDING. */
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

/** States that Image Builder reports to EventBridge ("EventBridge integration in Image Builder"). */
const TOLD: readonly ImageStatus[] = [
  "BUILDING",
  "TESTING",
  "DISTRIBUTING",
  "INTEGRATING",
  "AVAILABLE",
  "CANCELLED",
  "FAILED",
];

/** Sets an image's next state and publishes its event. */
export function moveImage(
  aws: EmbeddedAws,
  record: ImageRecord,
  status: ImageStatus,
  failure?: { readonly reason: string; readonly context: FailureContext },
): void {
  const { image, account, region } = record;
  const previous = image.state?.status;
  const state: FailedState = failure ? { status, reason: failure.reason, failureContext: failure.context } : { status };
  image.state = state;
  if (isTerminal(record)) abandonScan(record);
  if (!TOLD.includes(status)) return;
  publishServiceEvent(aws, {
    account,
    region,
    source: "aws.imagebuilder",
    "detail-type": "EC2 Image Builder Image State Change",
    resources: [image.arn ?? ""],
    detail: {
      "previous-state": { status: previous },
      state: failure ? { status, reason: failure.reason } : { status },
    },
  });
}

/** A scan that did not end before its image will never end. */
function abandonScan({ image }: ImageRecord): void {
  const { status } = image.scanState ?? {};
  if (status === "PENDING" || status === "SCANNING" || status === "COLLECTING") {
    image.scanState = { status: "ABANDONED", reason: `The image is ${image.state?.status}.` };
  }
}

/** `{{ imagebuilder:buildDate }}` as in AMI names, e.g. `2023-05-17T21-17-23.099935Z`. */
const buildDate = (time: number): string => new Date(time).toISOString().replaceAll(":", "-").replace("Z", "000Z");

const VARIABLE = /\{\{\s*imagebuilder:(buildDate|buildVersion)(?::([^}]*?))?\s*\}\}/g;

/** Replaces Image Builder's variables in an AMI name or tag; a format such as `yyyyMMdd` may follow buildDate. */
export function fillIn(template: string, time: number, build: number): string {
  return template.replaceAll(VARIABLE, (_, variable: string, format: string | undefined) => {
    if (variable === "buildVersion") return String(build);
    return format === undefined ? buildDate(time) : formatted(time, format);
  });
}

function formatted(time: number, format: string): string {
  const iso = new Date(time).toISOString();
  const parts: Readonly<Record<string, string>> = {
    yyyy: iso.slice(0, 4),
    MM: iso.slice(5, 7),
    dd: iso.slice(8, 10),
    HH: iso.slice(11, 13),
    mm: iso.slice(14, 16),
    ss: iso.slice(17, 19),
  };
  return format.replaceAll(/yyyy|MM|dd|HH|mm|ss/g, (token) => parts[token] ?? token);
}
