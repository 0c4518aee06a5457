import { listCanaries } from "../../../adapters/canaries-left.ts";
import { removeCanary } from "../../../adapters/canary.ts";
import { recordRemoval } from "../../../adapters/ledger/leftovers.ts";
import { inTurn } from "../repair/in-turn.ts";
import { enterCanary } from "../share/in-canary.ts";
import type { Step } from "../step.ts";

/** Ends the trials that were cut short: whoever began one and lives ends it within the hour. @returns how many */
export async function endCanaries(region: string, step: Step<"PROMOTION_ARN">): Promise<number> {
  const { settings, ledger, now } = step;
  const { consumers, leftovers, name: factory } = settings.factory;
  if (!consumers?.canary) return 0;
  const { account } = consumers.canary;
  const there = await enterCanary(account, region, step);
  const left = (await listCanaries(there.ec2, `amint-${factory}-canary-`)).filter(
    ({ since }) => since.getTime() + leftovers.canaries * 1000 <= now.getTime(),
  );
  const ends = left.map(({ name, since }) => [
    name,
    async () => {
      await removeCanary(there, name);
      const why = `its trial was cut short; it has been there since ${since.toISOString()}`;
      await recordRemoval(ledger, { kind: "canary", id: name, region, account, why }, now);
      return 1;
    },
  ]);
  return inTurn(Object.fromEntries(ends));
}
