import type { BuildRecord } from "../../adapters/build/builds.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { listAmis } from "../../adapters/promotion/ami-of.ts";
import {
  listAllWithdrawals,
  listWithdrawals,
  type Revocation,
  saveWithdrawal,
  type Withdrawal,
} from "../../adapters/revocation/revocations.ts";
import { isEmpty } from "../../core/repair/find-drift.ts";
import { entities, type LaunchPermission } from "../../core/share/launch-permission.ts";
import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import { artifactOf } from "../share/artifact-of.ts";
import { marksOf } from "../share/marks.ts";
import type { Step } from "../step.ts";

interface Withdrawn {
  readonly withdrawn: readonly Pick<Withdrawal, "region" | "amiId">[];
  /** Organizations, units and accounts that could launch it. */
  readonly sharedWith: readonly string[];
  /** What could not be withdrawn, in words. */
  readonly left: readonly string[];
}

/**
 * Takes a build's AMIs from everybody, in all regions at once: who could launch them is saved, then they are disabled
 * and their marks taken. One region that fails does not keep the others.
 */
export async function withdrawBuild(
  { build, amiId }: Pick<BuildRecord, "build" | "amiId">,
  revoked: Revocation,
  step: Step,
): Promise<Withdrawn> {
  const { ledger, settings } = step;
  const amis = await listAmis(ledger, { build, amiId }, settings.factory.buildRegion);
  const done = await Promise.all(
    amis.map(async (ami) => {
      try {
        return (await withdraw(ami.region, ami.amiId)) ? { withdrawn: ami } : {};
      } catch (failure) {
        step.log.warn("not withdrawn", { ...ami, failure: String(failure) });
        return { left: `${ami.amiId} in ${ami.region}: ${failure instanceof Error ? failure.message : failure}` };
      }
    }),
  );
  const saved = await listWithdrawals(ledger, build, revoked);
  return {
    withdrawn: done.flatMap(({ withdrawn }) => withdrawn ?? []),
    sharedWith: [...new Set(saved.flatMap(({ permission }) => entities(permission)))],
    left: done.flatMap(({ left }) => left ?? []),
  };

  /** @returns false where the AMI is gone: nobody has it any more */
  async function withdraw(region: string, artifact: ArtifactId): Promise<boolean> {
    const handle = artifactOf(region, artifact, step);
    const state = await handle.findState();
    if (state === undefined) return false;
    // Of a disabled AMI EC2 has forgotten it, and it was saved before, or disabled by somebody else.
    const shared = state === "disabled" ? undefined : await handle.readPermission();
    // Enabled and not shared: a restoration may have crashed after it enabled the AMI and before it shared it again.
    const permission =
      shared && !isEmpty(shared) ? shared : ((await findSavedBefore(ledger, build, artifact)) ?? shared);
    const marks = await marksOf(build, region, step);
    if (permission) await saveWithdrawal(ledger, build, revoked, { region, amiId: artifact, permission, marks });
    await handle.disable();
    // Disabled first: that is what keeps people from launching it. Copies that others made keep their marks.
    for (const channel of marks) await handle.unmark(build, channel);
    return true;
  }
}

/**
 * Who could launch an AMI when the build was withdrawn for the last time. A revocation that a restoration overtook may
 * have died after it had disabled the AMI: the one that follows finds nothing else to save.
 */
async function findSavedBefore(
  ledger: Ledger,
  build: BuildArn,
  artifact: ArtifactId,
): Promise<LaunchPermission | undefined> {
  return (await listAllWithdrawals(ledger, build)).findLast(({ amiId }) => amiId === artifact)?.permission;
}
