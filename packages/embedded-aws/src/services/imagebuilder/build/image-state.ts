import type { ImageStatus } from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { publishServiceEvent } from "../../events/publish-service-event.ts";
import type { FailedState, FailureContext } from "./failure-context.ts";
import { type ImageRecord, isTerminal } from "./image-record.ts";

/** States that Image Builder tells EventBridge of ("EventBridge integration in Image Builder"). */
const TOLD: readonly ImageStatus[] = [
  "BUILDING",
  "TESTING",
  "DISTRIBUTING",
  "INTEGRATING",
  "AVAILABLE",
  "CANCELLED",
  "FAILED",
];

/** Moves an image to its next state and publishes the event of it. */
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

/** A scan that hadn't ended when its image did never will. */
function abandonScan({ image }: ImageRecord): void {
  const { status } = image.scanState ?? {};
  if (status === "PENDING" || status === "SCANNING" || status === "COLLECTING") {
    image.scanState = { status: "ABANDONED", reason: `The image is ${image.state?.status}.` };
  }
}
