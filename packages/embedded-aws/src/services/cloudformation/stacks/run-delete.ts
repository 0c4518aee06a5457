import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { Stack } from "../state.ts";
import { removeAll } from "./run-create.ts";
import { tellStack } from "./stack-events.ts";

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
