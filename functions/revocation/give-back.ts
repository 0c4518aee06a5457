import type { Withdrawal } from "../../adapters/revocation/revocations.ts";
import { entities, missingFrom } from "../../core/share/launch-permission.ts";
import type { BuildArn } from "../../events/ids.ts";
import { artifactOf, proveArtifact } from "../share/artifact-of.ts";
import { ShareNotVerified } from "../share/share-with-channel.ts";
import type { Step } from "../step.ts";

/**
 * Gives withdrawn AMIs back to whoever could launch them, with the marks that they bore, in all regions at once, and reads back that they can.
 * @returns what could not be given back, in words
 */
export async function giveBack(build: BuildArn, saved: readonly Withdrawal[], step: Step): Promise<string[]> {
  const failed = await Promise.all(
    saved.map(async (one) => {
      try {
        await giveOneBack(build, one, step);
        return undefined;
      } catch (failure) {
        return `${one.amiId} in ${one.region}: ${failure instanceof Error ? failure.message : failure}`;
      }
    }),
  );
  return failed.flatMap((failure) => failure ?? []);
}

/**
 * Enables, shares and marks an AMI as it was saved, and reads back that it is. What is to be shared is proven first, so
 * that nothing is enabled that is not the build's.
 * @throws NotProven, ShareNotVerified
 */
export async function giveOneBack(
  build: BuildArn,
  { region, amiId: artifact, permission, marks }: Withdrawal,
  step: Step,
): Promise<void> {
  const isShared = marks.length > 0 || entities(permission).length > 0;
  const handle = isShared ? await proveArtifact({ build, region, artifact, orDisabled: true }, step) : undefined;
  await artifactOf(region, artifact, step).enable();
  if (!handle) return;
  // Before it can be launched: where Allowed AMIs ask for a mark, what lacks it is refused.
  for (const channel of marks) await handle.mark(build, channel);
  await handle.addPermission(missingFrom(await handle.readPermission(), permission));
  const absent = entities(missingFrom(await handle.readPermission(), permission));
  if (absent.length > 0) throw new ShareNotVerified(artifact, region, absent);
}
