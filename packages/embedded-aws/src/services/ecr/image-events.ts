import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { publishServiceEvent } from "../events/publish-service-event.ts";
import type { Repository } from "./state.ts";

/** "ECR Image Action" of a push or a deletion ("Amazon ECR events and EventBridge", user guide): it names no resources. */
export function announceImage(
  aws: EmbeddedAws,
  { account, region, name }: Repository,
  action: "PUSH" | "DELETE",
  digest: string,
  tag: string | undefined,
): void {
  publishServiceEvent(aws, {
    account,
    region,
    source: "aws.ecr",
    "detail-type": "ECR Image Action",
    detail: {
      result: "SUCCESS",
      "repository-name": name,
      "image-digest": digest,
      "action-type": action,
      ...(tag !== undefined && { "image-tag": tag }),
    },
  });
}
