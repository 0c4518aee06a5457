import { findRetirement, type RetiredRegion, recordRetiredRegion } from "../../adapters/retirement/retirements.ts";
import { entities } from "../../core/share/launch-permission.ts";
import type { BuildArn } from "../../events/ids.ts";
import { inTurn } from "../in-turn.ts";
import type { Invocation } from "../invocation.ts";
import { artifactOf } from "../share/artifact-of.ts";
import { retirableOf } from "./retirable-of.ts";
import { undoRetirement } from "./undo-retirement.ts";

/**
 * Restores a build's deregistered AMIs from the Recycle Bin, still disabled: all of them or, if one is no longer there,
 * none. A repeated call resumes.
 * @throws BuildDeregistered naming the regions where the AMI is lost
 */
export async function restoreFromRecycleBin(build: BuildArn, invocation: Invocation): Promise<void> {
  const { regions } = await findRetirement(invocation.ledger, build);
  const deregistered = [...regions.values()].filter(({ done }) => done?.stage === "deregistered");
  const found = await Promise.all(deregistered.map(async (one) => ({ one, is: await whereIs(one, invocation) })));
  const lost = found.flatMap(({ one, is }) => (is === "lost" ? [one] : []));
  if (lost.length > 0) throw new BuildDeregistered(build, lost);
  await inTurn(
    Object.fromEntries(
      found.map(({ one, is }) => [
        `${one.amiId} in ${one.region}`,
        async () => {
          const ids = (one.snapshots ?? []).map(({ snapshotId }) => snapshotId);
          if (is === "in the bin") await retirableOf(one.region, one.amiId, invocation).restoreFromBin(ids);
          const { snapshots: _, ...back } = one;
          await recordRetiredRegion(invocation.ledger, {
            ...back,
            done: { stage: "disabled", at: invocation.now.toISOString() },
          });
          return 1;
        },
      ]),
    ),
  );
}

async function whereIs(one: RetiredRegion, invocation: Invocation): Promise<"there" | "in the bin" | "lost"> {
  if ((await artifactOf(one.region, one.amiId, invocation).findState()) !== undefined) return "there";
  return (await retirableOf(one.region, one.amiId, invocation).isInBin()) ? "in the bin" : "lost";
}

class BuildDeregistered extends Error {
  override readonly name = "BuildDeregistered";

  constructor(build: BuildArn, lost: readonly RetiredRegion[]) {
    const where = lost.map(({ region, amiId, done }) => `${amiId} in ${region}, deregistered at ${done?.at}`);
    super(
      `${build} is not restored: the Recycle Bin no longer has ${where.join("; ")}. It cannot be recovered; start another build.`,
    );
  }
}

/**
 * Undoes a build's retirement, at any stage, after this invocation claimed it.
 * @returns undefined where no retirement had begun, or it is already undone
 */
export async function restoreRetired(
  build: BuildArn,
  invocation: Invocation,
): Promise<{ shared: Pick<RetiredRegion, "region" | "amiId">[]; sharedWith: string[] } | undefined> {
  const { retirement, regions } = await findRetirement(invocation.ledger, build);
  const begun = [...regions.values()].some(({ done, saved, deprecatedBefore }) => done ?? saved ?? deprecatedBefore);
  if (!retirement || !(begun || retirement.givingBack || retirement.stage === "condemned")) return undefined;
  const taken = await undoRetirement({ retirement, regions }, "deprecated", invocation);
  const shared = taken.map(({ region, amiId }) => ({ region, amiId }));
  return { shared, sharedWith: [...new Set(taken.flatMap(saysWhom))] };
}

const saysWhom = ({ saved }: RetiredRegion): string[] => (saved ? entities(saved.permission) : []);
