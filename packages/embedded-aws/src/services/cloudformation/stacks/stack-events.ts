import type { ResourceStatus, StackStatus } from "@aws-sdk/client-cloudformation";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { Stack, StackResource } from "../state.ts";

const STACK_TYPE = "AWS::CloudFormation::Stack";

/** The stack goes over to a status, and an event says so. */
export function tellStack(aws: EmbeddedAws, stack: Stack, status: StackStatus, reason?: string): void {
  stack.status = status;
  stack.reason = reason;
  stack.events.push({
    id: aws.uuid(),
    at: aws.clock.now(),
    logicalId: stack.name,
    physicalId: stack.id,
    type: STACK_TYPE,
    status,
    reason,
    properties: undefined,
  });
}

export function tellResource(
  aws: EmbeddedAws,
  stack: Stack,
  { logicalId, type, physicalId, properties }: StackResource,
  status: ResourceStatus,
  reason?: string,
): void {
  stack.events.push({
    id: `${logicalId}-${status}-${new Date(aws.clock.now()).toISOString()}-${aws.nextId()}`,
    at: aws.clock.now(),
    logicalId,
    physicalId: physicalId ?? "",
    type,
    status,
    reason,
    properties,
  });
}
