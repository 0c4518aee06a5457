import { isUndone } from "../../adapters/promotion/promotion.ts";
import type { UnsharedAmi } from "../../adapters/revocation/revocations.ts";
import { entities, missingFrom, noPermission } from "../../core/share/launch-permission.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { artifactOf, proveArtifact } from "../share/artifact-of.ts";
import { ShareNotVerified } from "../share/share-with-channel.ts";

/**
 * Restores the launch permissions and channel marks of a build's unshared AMIs, in all regions at once, and reads them
 * back. If the build's promotion was undone, its AMIs are only enabled: what it had shared stays unshared.
 * @returns one message for each AMI that failed
 */
export async function reshareBuild(
  build: BuildArn,
  saved: readonly UnsharedAmi[],
  invocation: Invocation,
): Promise<string[]> {
  const undone = await isUndone(invocation.ledger, build);
  const failed = await Promise.all(
    saved.map(async (one) => {
      try {
        await reshareAmi(build, undone ? { ...one, permission: noPermission, marks: [] } : one, invocation);
        // After the share: a concurrent undo is either seen here or removes the share.
        if (!undone && (await isUndone(invocation.ledger, build))) await unshareOne(build, one, invocation);
        return undefined;
      } catch (failure) {
        return `${one.amiId} in ${one.region}: ${failure instanceof Error ? failure.message : failure}`;
      }
    }),
  );
  return failed.flatMap((failure) => failure ?? []);
}

async function unshareOne(build: BuildArn, { region, amiId, permission, marks }: UnsharedAmi, invocation: Invocation) {
  const handle = artifactOf(region, amiId, invocation);
  await handle.removePermission(permission);
  for (const channel of marks) await handle.unmark(build, channel);
}

/**
 * Enables, shares and marks an AMI as saved, then reads back its permissions. An AMI that will be shared is first
 * proven to be the build's, before it is enabled.
 * @throws NotProven, ShareNotVerified
 */
export async function reshareAmi(
  build: BuildArn,
  { region, amiId: artifact, permission, marks }: UnsharedAmi,
  invocation: Invocation,
): Promise<void> {
  const isShared = marks.length > 0 || entities(permission).length > 0;
  const handle = isShared ? await proveArtifact({ build, region, artifact, orDisabled: true }, invocation) : undefined;
  await artifactOf(region, artifact, invocation).enable();
  if (!handle) return;
  // Marks come before launch permissions: where Allowed AMIs requires a mark, EC2 refuses to launch an AMI without it.
  for (const channel of marks) await handle.mark(build, channel);
  await handle.addPermission(missingFrom(await handle.readPermission(), permission));
  const absent = entities(missingFrom(await handle.readPermission(), permission));
  if (absent.length > 0) throw new ShareNotVerified(artifact, region, absent);
}
