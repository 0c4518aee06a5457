import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { Stack, StackSource } from "../state.ts";
import { creationOrder } from "../template/references.ts";
import { conditionHolds } from "../template/resolve.ts";
import { giveOut } from "./outputs.ts";
import { createResource, deleteResource, type Failure } from "./resource-steps.ts";
import { scopeOf } from "./scope.ts";
import { tellStack } from "./stack-events.ts";

/** Logical ids that a stack's conditions let in, each after what it needs. @throws AwsError ValidationError */
export function wantedResources(aws: EmbeddedAws, stack: Stack, source: StackSource = stack.source): string[] {
  const scope = scopeOf(aws, stack, source);
  const { template } = source;
  return creationOrder(template).filter((id) => {
    const condition = template.Resources[id]?.Condition;
    return condition === undefined || conditionHolds(condition, scope);
  });
}

/** Makes all resources; after a failure those that were made are taken back, unless rollback is off. */
export async function runCreate(aws: EmbeddedAws, stack: Stack): Promise<void> {
  for (const id of wantedResources(aws, stack)) {
    const declared = stack.source.template.Resources[id];
    const failure = declared && (await createResource(aws, stack, id, declared));
    if (failure) return stack.disableRollback ? giveUp(aws, stack, failure) : rollBackCreation(aws, stack, failure);
  }
  const failure = giveOut(aws, stack);
  if (failure) return stack.disableRollback ? giveUp(aws, stack, failure) : rollBackCreation(aws, stack, failure);
  tellStack(aws, stack, "CREATE_COMPLETE");
}

const failed = ({ logicalId, reason }: Failure): string =>
  logicalId ? `The following resource(s) failed to create: [${logicalId}].` : reason;

function giveUp(aws: EmbeddedAws, stack: Stack, failure: Failure): void {
  tellStack(aws, stack, "CREATE_FAILED", failed(failure));
}

async function rollBackCreation(aws: EmbeddedAws, stack: Stack, failure: Failure): Promise<void> {
  tellStack(aws, stack, "ROLLBACK_IN_PROGRESS", `${failed(failure)} Rollback requested by user.`);
  const left = await removeAll(aws, stack);
  const reason = left && `The following resource(s) failed to delete: [${left.join(", ")}].`;
  tellStack(aws, stack, left ? "ROLLBACK_FAILED" : "ROLLBACK_COMPLETE", reason);
}

/** Removes what a stack has, the youngest first. @returns what would not go */
export async function removeAll(aws: EmbeddedAws, stack: Stack): Promise<string[] | undefined> {
  const left: string[] = [];
  for (const resource of [...stack.resources.values()].reverse()) {
    const failure = await deleteResource(aws, stack, resource);
    if (failure) left.push(failure.logicalId);
  }
  return left.length > 0 ? left : undefined;
}
