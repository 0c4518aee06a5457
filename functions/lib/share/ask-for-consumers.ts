import { LambdaClient } from "@aws-sdk/client-lambda";
import { invokeLater } from "../../../adapters/functions.ts";
import { readTries } from "../../../adapters/ledger/consumer-tries.ts";
import { readImageStates } from "../../../adapters/ledger/image-state.ts";
import type { OrganizationTree } from "../../../core/share/organization-tree.ts";
import type { Step } from "../step.ts";
import { findGrantPlan } from "./keep-grants.ts";
import { findMirrorTasks } from "./mirror-channel.ts";

/**
 * Sets going what is to be done in accounts that joined, left, or in which it failed before. Where nothing is to be done,
 * it costs a list of each key's grants and looks at the ledger.
 * @returns whether anything is to be done
 */
export async function askForConsumers(
  tree: OrganizationTree,
  step: Step<"KEY_ARNS" | "MIRROR_CHANNEL_FUNCTION" | "KEEP_GRANTS_FUNCTION">,
): Promise<boolean> {
  const { factory, env } = step.settings;
  if (!factory.consumers) return false;
  const { make, revoke } = await findGrantPlan(tree, step);
  let pending = make.length + revoke.length > 0;
  if (pending) await invokeLater(step.client(LambdaClient), env.KEEP_GRANTS_FUNCTION, {});
  const states = await readImageStates(step.ledger, Object.keys(factory.images));
  const triesOf = await readTries(step.ledger);
  for (const [image, { channels }] of Object.entries(factory.images)) {
    for (const { name: channel } of channels) {
      const mirrored = { pointed: states.get(image)?.channels[channel], known: triesOf({ image, channel }) };
      const tasks = findMirrorTasks({ image, channel, all: false }, mirrored, tree, step.settings);
      if (tasks.length === 0) continue;
      pending = true;
      await invokeLater(step.client(LambdaClient), env.MIRROR_CHANNEL_FUNCTION, { image, channel, all: false });
    }
  }
  return pending;
}
