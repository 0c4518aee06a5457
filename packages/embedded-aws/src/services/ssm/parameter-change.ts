import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { publishServiceEvent } from "../events/publish-service-event.ts";

interface ParameterChange {
  readonly account: string;
  readonly region: string;
  readonly arn: string;
  readonly name: string;
  readonly type: string;
  readonly operation: "Create" | "Update" | "Delete" | "LabelParameterVersion";
  readonly description?: string | undefined;
  /** A failed asynchronous validation, with its data type. */
  readonly failure?: { readonly exception: string; readonly dataType: string };
}

/**
 * Publishes to the account's default bus. Shapes as in the Systems Manager user guide: "Amazon EventBridge event
 * examples" and, for failures, "Using native parameter support in Parameter Store for Amazon Machine Image IDs".
 */
export function publishParameterChange(aws: EmbeddedAws, change: ParameterChange): void {
  const { account, region, arn, name, type, operation, description, failure } = change;
  publishServiceEvent(aws, {
    account,
    region,
    source: "aws.ssm",
    "detail-type": "Parameter Store Change",
    resources: [arn],
    detail: { ...failure, name, type, operation, ...(description && { description }) },
  });
}
