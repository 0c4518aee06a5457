import { enableAmi } from "../../../adapters/ami-state.ts";
import { addLaunchPermission, readLaunchPermission } from "../../../adapters/amis.ts";
import type { Withdrawal } from "../../../adapters/ledger/revocations.ts";
import { entities, missingFrom } from "../../../core/launch-permission.ts";
import { markFor } from "../share/marks.ts";
import type { AmiStep } from "./channel-step.ts";
import { ShareNotVerified } from "./share-with-channel.ts";

/**
 * Gives withdrawn AMIs back to whoever could launch them, with the marks that they bore, in all regions at once, and reads back that they can.
 * @returns what could not be given back, in words
 */
export async function giveBack(saved: readonly Withdrawal[], step: AmiStep): Promise<string[]> {
  const failed = await Promise.all(
    saved.map(async (one) => {
      try {
        await giveOneBack(one, step);
        return undefined;
      } catch (failure) {
        return `${one.amiId} in ${one.region}: ${failure instanceof Error ? failure.message : failure}`;
      }
    }),
  );
  return failed.flatMap((failure) => failure ?? []);
}

async function giveOneBack(one: Withdrawal, step: AmiStep): Promise<void> {
  await enableAmi(step.clients.ec2(one.region), one.amiId);
  await shareAgain(one, step);
}

/**
 * Shares and marks an AMI as it was saved, and reads back that it is.
 * @throws ShareNotVerified
 */
export async function shareAgain({ region, amiId, permission, marks }: Withdrawal, step: AmiStep): Promise<void> {
  const ec2 = step.clients.ec2(region);
  // Before it can be launched: where Allowed AMIs ask for a mark, what lacks it is refused.
  for (const channel of marks) await markFor(channel, { region, amiId }, step);
  await addLaunchPermission(ec2, amiId, missingFrom(await readLaunchPermission(ec2, amiId), permission));
  const absent = entities(missingFrom(await readLaunchPermission(ec2, amiId), permission));
  if (absent.length > 0) throw new ShareNotVerified(amiId, region, absent);
}
