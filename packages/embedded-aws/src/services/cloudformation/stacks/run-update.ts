import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { Stack, StackResource, StackSource } from "../state.ts";
import type { ResourceDeclaration } from "../template/template.ts";
import { giveOut } from "./outputs.ts";
import { createResource, deleteResource, type Failure, propertiesOf, updateResource } from "./resource-steps.ts";
import { wantedResources } from "./run-create.ts";
import { tellResource, tellStack } from "./stack-events.ts";

/** Takes back one change. */
type Undo = () => Promise<void>;

interface Update {
  readonly aws: EmbeddedAws;
  readonly stack: Stack;
  /** The last change first. */
  readonly undo: Undo[];
  /** Resources that others took the place of. */
  readonly replaced: StackResource[];
}

/** Brings a stack to a new source; `stack.source` is that already. After a failure it goes back to the old one. */
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
  // What cannot be removed stays in AWS, and leaves the stack all the same: its event tells.
  for (const resource of [...leaving, ...update.replaced]) {
    await deleteResource(aws, stack, resource);
    if (stack.resources.get(resource.logicalId) === resource) stack.resources.delete(resource.logicalId);
  }
  tellStack(aws, stack, "UPDATE_COMPLETE");
}

/** Makes or changes one resource. */
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

/** A new resource; the old one, if any, goes when all else is done. */
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
