import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { publishServiceEvent } from "../events/publish-service-event.ts";
import type { Image } from "./state.ts";

/** Tells the owner's default bus (EC2 user guide, "Monitor AMI events using Amazon EventBridge"). */
export function publishImageState(
  aws: EmbeddedAws,
  image: Image,
  state: "available" | "failed" | "deregistered" | "disabled",
  errorMessage = "",
): void {
  publishServiceEvent(aws, {
    account: image.owner,
    region: image.region,
    source: "aws.ec2",
    "detail-type": "EC2 AMI State Change",
    resources: [`arn:${aws.partition}:ec2:${image.region}::image/${image.id}`],
    detail: { RequestId: aws.uuid(), ImageId: image.id, State: state, ErrorMessage: errorMessage },
  });
}
