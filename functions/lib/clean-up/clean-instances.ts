import { EC2Client } from "@aws-sdk/client-ec2";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { listBuilderInstances, readImageEnd, terminateInstance } from "../../../adapters/builder-instances.ts";
import { recordRemoval } from "../../../adapters/ledger/leftovers.ts";
import { BUILDER_IMAGE_TAG, oldInstances, whyInstanceLeft } from "../../../core/clean-up/plan-instances.ts";
import { inTurn } from "../repair/in-turn.ts";
import type { Step } from "../step.ts";

/** In one run: more than builds leave in a day. */
const MOST = 20;

/** Terminates build and test instances whose builds ended long ago. @returns how many */
export async function cleanInstances({ settings, client, ledger, now }: Step<"PROMOTION_ARN">): Promise<number> {
  const { name: factory, leftovers } = settings.factory;
  const { region } = settings.place;
  const ec2 = client(EC2Client, region);
  const found = await listBuilderInstances(ec2, factory);
  const old = oldInstances(found, { factory, now, keepSeconds: leftovers.instances });
  const ends = old.slice(0, MOST).map(({ instanceId, tags, launchedAt }) => [
    instanceId,
    async () => {
      const reason = whyInstanceLeft(await readImageEnd(client(ImagebuilderClient), tags[BUILDER_IMAGE_TAG] ?? ""));
      if (!reason) return 0;
      await terminateInstance(ec2, instanceId);
      const why = `${reason}; it ran since ${launchedAt}`;
      await recordRemoval(ledger, { kind: "instance", id: instanceId, region, why }, now);
      return 1;
    },
  ]);
  return inTurn(Object.fromEntries(ends));
}
