import { listBuilderInstances, readImageEnd, terminateInstance } from "../../../adapters/builder-instances.ts";
import { recordRemoval } from "../../../adapters/ledger/leftovers.ts";
import { BUILDER_IMAGE_TAG, oldInstances, whyInstanceLeft } from "../../../core/clean-up/plan-instances.ts";
import { inTurn } from "../repair/in-turn.ts";
import type { CleanUpStep } from "./clean-up-step.ts";

/** In one run: more than builds leave in a day. */
const MOST = 20;

/** Terminates build and test instances whose builds ended long ago. @returns how many */
export async function cleanInstances({ settings, clients, ledger, now }: CleanUpStep): Promise<number> {
  const { name: factory, leftovers } = settings.factory;
  const { region } = settings.place;
  const ec2 = clients.ec2(region);
  const found = await listBuilderInstances(ec2, factory);
  const old = oldInstances(found, { factory, now, keepSeconds: leftovers.instances });
  const ends = old.slice(0, MOST).map(({ instanceId, tags, launchedAt }) => [
    instanceId,
    async () => {
      const reason = whyInstanceLeft(await readImageEnd(clients.imageBuilder, tags[BUILDER_IMAGE_TAG] ?? ""));
      if (!reason) return 0;
      await terminateInstance(ec2, instanceId);
      const why = `${reason}; it ran since ${launchedAt}`;
      await recordRemoval(ledger, { kind: "instance", id: instanceId, region, why }, now);
      return 1;
    },
  ]);
  return inTurn(Object.fromEntries(ends));
}
