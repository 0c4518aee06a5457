import type { ResourceStatus, StackStatus, Tag } from "@aws-sdk/client-cloudformation";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Principal } from "../../engine/principal.ts";
import { validationError } from "./refusals.ts";
import type { GivenParameter } from "./template/parameters.ts";
import type { Json, Template } from "./template/template.ts";

export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  physicalId: string | undefined;
  attributes: Json;
  /** As passed to the service, with functions resolved. */
  properties: Json;
  /** Retain: the resource is kept when it leaves the stack. */
  deletionPolicy: string;
}

interface StackEvent {
  readonly id: string;
  readonly at: number;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: StackStatus | ResourceStatus;
  readonly reason: string | undefined;
  readonly properties: Json | undefined;
}

/** The template and parameters of a stack. */
export interface StackSource {
  readonly text: string;
  readonly template: Template;
  readonly parameters: ReadonlyMap<string, GivenParameter>;
  readonly tags: readonly Tag[];
  readonly capabilities: readonly string[];
}

export interface Stack {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly created: number;
  updated: number | undefined;
  deleted: number | undefined;
  source: StackSource;
  /** The principal that creates its resources: the caller, or the service role. */
  principal: Principal;
  roleArn: string | undefined;
  disableRollback: boolean;
  terminationProtection: boolean;
  status: StackStatus;
  reason: string | undefined;
  /** By logical id. */
  readonly resources: Map<string, StackResource>;
  outputs: readonly { readonly key: string; readonly value: string; readonly description: string | undefined }[];
  /** Oldest first. */
  readonly events: StackEvent[];
  /** Settles when the operation in progress has ended, successfully or not. */
  running: Promise<void>;
}

/** Stacks by id, including deleted ones. */
const stacks = defineState<Map<string, Stack>>("cloudformation.stacks", () => new Map());

export const stacksOf = (aws: EmbeddedAws, account: string, region: string): Map<string, Stack> =>
  aws.state(stacks, account, region);

/** By id, or by name if it is not deleted. */
export function findStack(aws: EmbeddedAws, account: string, region: string, reference: string): Stack | undefined {
  const all = stacksOf(aws, account, region);
  return (
    all.get(reference) ??
    [...all.values()].find(({ name, status }) => name === reference && status !== "DELETE_COMPLETE")
  );
}

/** @throws AwsError ValidationError */
export function requireStack(aws: EmbeddedAws, account: string, region: string, reference: string | undefined): Stack {
  const stack = findStack(aws, account, region, reference ?? "");
  if (stack) return stack;
  throw validationError(`Stack with id ${reference} does not exist`);
}

const STACK_TYPE = "AWS::CloudFormation::Stack";

/** Sets a stack's status, and records an event. */
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
