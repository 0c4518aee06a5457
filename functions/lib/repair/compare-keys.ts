import { KMSClient } from "@aws-sdk/client-kms";
import { readKeyPolicy, readKeyState } from "../../../adapters/keys.ts";
import { policyDifference } from "../../../core/policy-difference.ts";
import { keyPolicy } from "../../../core/share/key-policy.ts";
import { inAllRegions } from "../channels/in-all-regions.ts";
import { keysOf } from "../share/keys-of.ts";
import type { RepairStep } from "./repair.ts";
import type { Known, Scope } from "./scope.ts";
import { type Drift, tellDrift } from "./tell-drift.ts";

/**
 * Reports keys that are not enabled, and policies that differ from those that the stack gave its keys. Nothing is changed:
 * a function that could write key policies could give the keys to anyone. Two calls a region.
 * @returns how many differences were new
 */
export async function compareKeys(known: Known, scope: Scope, step: RepairStep): Promise<number> {
  const keys = keysOf(step);
  const drifts = await inAllRegions(scope.regions, async (region) => {
    const key = keys.get(region);
    return key === undefined ? [] : look(region, key, step);
  });
  return tellDrift(undefined, "key", drifts.flat(), known, scope, step);
}

async function look(region: string, key: string, { client, settings }: RepairStep): Promise<Drift[]> {
  const { factory, place } = settings;
  const kms = client(KMSClient, region);
  const state = await readKeyState(kms, key);
  // Of keys that were there before the factory, the policies are their owners'.
  const isGiven = factory.keys?.[region] !== undefined;
  const difference = isGiven ? undefined : policyDifference(await readKeyPolicy(kms, key), keyPolicy(factory, place));
  const drifts: Drift[] = [];
  if (state !== "Enabled") {
    drifts.push({
      what: `key ${region} state`,
      found: `the key ${key} is ${state}: no instance can start from an image that it encrypts`,
      done: "Nothing was changed. Enable it (`aws kms enable-key`), or cancel its deletion first.",
      repaired: false,
    });
  }
  if (difference) {
    drifts.push({
      what: `key ${region} policy`,
      found: `the policy of the key ${key} is not what was deployed: ${difference}`,
      done: "Nothing was changed. Put it back with `npx sst refresh` and `npx sst deploy`.",
      repaired: false,
    });
  }
  return drifts;
}
