import { findRetirement, type RetiredRegion } from "../../../adapters/ledger/retirements.ts";
import { entities } from "../../../core/launch-permission.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { Step } from "../step.ts";
import { takeBack } from "./take-back.ts";

/**
 * Takes the retirement of a build back that this invocation claimed, whatever it has come to.
 * @returns undefined where none was begun, or it was taken back before
 */
export async function restoreRetired(
  build: BuildArn,
  step: Step,
): Promise<{ shared: Pick<RetiredRegion, "region" | "amiId">[]; sharedWith: string[] } | undefined> {
  const { retirement, regions } = await findRetirement(step.ledger, build);
  const begun = [...regions.values()].some(({ done, saved, deprecatedBefore }) => done ?? saved ?? deprecatedBefore);
  if (!retirement || !(begun || retirement.givingBack || retirement.stage === "condemned")) return undefined;
  const taken = await takeBack({ retirement, regions }, "deprecated", step);
  const shared = taken.map(({ region, amiId }) => ({ region, amiId }));
  return { shared, sharedWith: [...new Set(taken.flatMap(saysWhom))] };
}

const saysWhom = ({ saved }: RetiredRegion): string[] => (saved ? entities(saved.permission) : []);
