import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { AwsError } from "../../../engine/operation.ts";
import { type Stack, type StackResource, type StackSource, tellResource, tellStack } from "../state.ts";
import { creationOrder } from "../template/references.ts";
import { conditionHolds, resolve } from "../template/resolve.ts";
import type { ResourceDeclaration } from "../template/template.ts";
import {
  createResource,
  deleteResource,
  type Failure,
  propertiesOf,
  scopeOf,
  updateResource,
} from "./resource-steps.ts";

/** Logical ids that a stack's conditions include, each after its dependencies. @throws AwsError ValidationError */
export function wantedResources(aws: EmbeddedAws, stack: Stack, source: StackSource = stack.source): string[] {
  const scope = scopeOf(aws, stack, source);
  const { template } = source;
  return creationOrder(template).filter((id) => {
    const condition = template.Resources[id]?.Condition;
    return condition === undefined || conditionHolds(condition, scope);
  });
}

/** Creates all resources; after a failure it deletes them again, unless rollback is off. */
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

/** Deletes a stack's resources, newest first. @returns those that could not be deleted */
async function removeAll(aws: EmbeddedAws, stack: Stack): Promise<string[] | undefined> {
  const left: string[] = [];
  for (const resource of [...stack.resources.values()].reverse()) {
    const failure = await deleteResource(aws, stack, resource);
    if (failure) left.push(failure.logicalId);
  }
  return left.length > 0 ? left : undefined;
}

/** Undoes one change. */
type Undo = () => Promise<void>;

interface Update {
  readonly aws: EmbeddedAws;
  readonly stack: Stack;
  /** The last change first. */
  readonly undo: Undo[];
  /** Resources that were replaced. */
  readonly replaced: StackResource[];
}

/** Updates a stack to a new source, which `stack.source` already is. After a failure it restores the old one. */
export async function runUpdate(aws: EmbeddedAws, stack: Stack, before: StackSource): Promise<void> {
  const update: Update = { aws, stack, undo: [], replaced: [] };
  const wanted = wantedResources(aws, stack);
  for (const id of wanted) {
    const declared = stack.source.template.Resources[id];
    const failure = declared && (await bring(update, id, declared));
    if (failure) return rollBackUpdate(update, before, failure);
  }
  const failure = giveOut(aws, stack);
  if (failure) return rollBackUpdate(update, before, failure);
  tellStack(aws, stack, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
  const leaving = [...stack.resources.values()].filter(({ logicalId }) => !wanted.includes(logicalId)).reverse();
  // A resource that cannot be deleted stays in AWS, but leaves the stack: its event says so.
  for (const resource of [...leaving, ...update.replaced]) {
    await deleteResource(aws, stack, resource);
    if (stack.resources.get(resource.logicalId) === resource) stack.resources.delete(resource.logicalId);
  }
  tellStack(aws, stack, "UPDATE_COMPLETE");
}

/** Creates or updates one resource. */
async function bring(update: Update, id: string, declared: ResourceDeclaration): Promise<Failure | undefined> {
  const { aws, stack, undo } = update;
  const there = stack.resources.get(id);
  if (!there || there.type !== declared.Type) return replace(update, id, declared, there);
  there.deletionPolicy = declared.DeletionPolicy ?? "Delete";
  const { properties: before } = there;
  const outcome = await updateResource(aws, stack, there, () => propertiesOf(aws, stack, declared));
  if (outcome === "same") return undefined;
  if (outcome === "replace") return replace(update, id, declared, there);
  if (outcome) return outcome;
  undo.unshift(async () => {
    await updateResource(aws, stack, there, () => Promise.resolve(before));
  });
  return undefined;
}

/** Creates a new resource; the old one, if any, is deleted at the end. */
async function replace(
  { aws, stack, undo, replaced }: Update,
  id: string,
  declared: ResourceDeclaration,
  there: StackResource | undefined,
): Promise<Failure | undefined> {
  if (there) {
    const why = "Requested update requires the creation of a new physical resource; hence creating one.";
    tellResource(aws, stack, there, "UPDATE_IN_PROGRESS", why);
  }
  const failure = await createResource(aws, stack, id, declared);
  if (failure) return failure;
  const made = stack.resources.get(id);
  if (there) replaced.push({ ...there, deletionPolicy: declared.UpdateReplacePolicy ?? "Delete" });
  undo.unshift(async () => {
    if (made) await deleteResource(aws, stack, made);
    if (there) stack.resources.set(id, there);
  });
  return undefined;
}

async function rollBackUpdate(
  { aws, stack, undo }: Update,
  before: StackSource,
  { logicalId, reason }: Failure,
): Promise<void> {
  tellStack(
    aws,
    stack,
    "UPDATE_ROLLBACK_IN_PROGRESS",
    logicalId ? `The following resource(s) failed to update: [${logicalId}].` : reason,
  );
  stack.source = before;
  for (const step of undo) await step();
  tellStack(aws, stack, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS");
  tellStack(aws, stack, "UPDATE_ROLLBACK_COMPLETE");
}

export async function runDelete(aws: EmbeddedAws, stack: Stack, retained: readonly string[] = []): Promise<void> {
  for (const id of retained) {
    const resource = stack.resources.get(id);
    if (resource) resource.deletionPolicy = "Retain";
  }
  const left = await removeAll(aws, stack);
  if (left) {
    tellStack(aws, stack, "DELETE_FAILED", `The following resource(s) failed to delete: [${left.join(", ")}].`);
    return;
  }
  stack.deleted = aws.clock.now();
  tellStack(aws, stack, "DELETE_COMPLETE");
}

/** Sets a stack's outputs. An output can fail here: an attribute that the resource does not have. */
function giveOut(aws: EmbeddedAws, stack: Stack): Failure | undefined {
  try {
    stack.outputs = outputsOf(aws, stack);
    return undefined;
  } catch (refusal) {
    if (!(refusal instanceof AwsError)) throw refusal;
    return { logicalId: "", reason: refusal.message };
  }
}

function outputsOf(aws: EmbeddedAws, stack: Stack): Stack["outputs"] {
  const scope = scopeOf(aws, stack);
  return Object.entries(stack.source.template.Outputs)
    .filter(([, { Condition }]) => Condition === undefined || conditionHolds(Condition, scope))
    .map(([key, { Value, Description }]) => ({
      key,
      value: String(resolve(Value, scope)),
      description: Description,
    }));
}
