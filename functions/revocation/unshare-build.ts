import type { BuildRecord } from "../../adapters/build/builds.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { listAmis } from "../../adapters/promotion/ami-of.ts";
import {
  listAllWithdrawals,
  listWithdrawals,
  type Revocation,
  saveWithdrawal,
  type UnsharedAmi,
} from "../../adapters/revocation/revocations.ts";
import { isEmpty } from "../../core/repair/find-drift.ts";
import { entities, type LaunchPermission } from "../../core/share/launch-permission.ts";
import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { artifactOf } from "../share/artifact-of.ts";
import { marksOf } from "../share/marks.ts";

interface Unshared {
  readonly withdrawn: readonly Pick<UnsharedAmi, "region" | "amiId">[];
  /** Organizations, OUs and accounts that could launch it. */
  readonly sharedWith: readonly string[];
  /** One message for each AMI that is still shared. */
  readonly left: readonly string[];
}

/**
 * Unshares a build's AMIs in all regions at once: saves their launch permissions, disables them and removes their
 * marks. A region that fails does not stop the others.
 */
export async function unshareBuild(
  { build, amiId }: Pick<BuildRecord, "build" | "amiId">,
  revoked: Revocation,
  invocation: Invocation,
): Promise<Unshared> {
  const { ledger, settings } = invocation;
  const amis = await listAmis(ledger, { build, amiId }, settings.factory.buildRegion);
  const done = await Promise.all(
    amis.map(async (ami) => {
      try {
        return (await unshare(ami.region, ami.amiId)) ? { unshared: ami } : {};
      } catch (failure) {
        invocation.log.warn("not unshared", { ...ami, failure: String(failure) });
        return { left: `${ami.amiId} in ${ami.region}: ${failure instanceof Error ? failure.message : failure}` };
      }
    }),
  );
  const saved = await listWithdrawals(ledger, build, revoked);
  return {
    withdrawn: done.flatMap(({ unshared }) => unshared ?? []),
    sharedWith: [...new Set(saved.flatMap(({ permission }) => entities(permission)))],
    left: done.flatMap(({ left }) => left ?? []),
  };

  /** @returns false where the AMI no longer exists */
  async function unshare(region: string, artifact: ArtifactId): Promise<boolean> {
    const handle = artifactOf(region, artifact, invocation);
    const state = await handle.findState();
    if (state === undefined) return false;
    // EC2 drops a disabled AMI's launch permissions; they were saved before, or another principal disabled the AMI.
    const shared = state === "disabled" ? undefined : await handle.readPermission();
    // Enabled but not shared: a restoration may have crashed after it enabled the AMI and before it shared it again.
    const permission =
      shared && !isEmpty(shared) ? shared : ((await findSavedBefore(ledger, build, artifact)) ?? shared);
    const marks = await marksOf(build, region, invocation);
    if (permission) await saveWithdrawal(ledger, build, revoked, { region, amiId: artifact, permission, marks });
    await handle.disable();
    // Disabling comes first, as it blocks launches. Copies in other accounts keep their marks.
    for (const channel of marks) await handle.unmark(build, channel);
    return true;
  }
}

/**
 * The launch permissions that the last revocation saved. A revocation that was overtaken by a restoration may have
 * crashed after it disabled the AMI; the next one then has nothing else to save.
 */
async function findSavedBefore(
  ledger: Ledger,
  build: BuildArn,
  artifact: ArtifactId,
): Promise<LaunchPermission | undefined> {
  return (await listAllWithdrawals(ledger, build)).findLast(({ amiId }) => amiId === artifact)?.permission;
}
