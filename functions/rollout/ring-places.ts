import { readParameter } from "../../adapters/channel/parameters.ts";
import { mirrorParameter } from "../../core/names.ts";
import { beginRing, placeOf } from "../../core/rollout/ring.ts";
import { rolloutRoleOf } from "./consumer-session.ts";
import type { Acting } from "./in-place.ts";
import { changeRing } from "./move-rings.ts";
import { writeRing } from "./write-ring.ts";

/** Makes a ring's parameter of a place say what the ring's record says. @returns what it says */
export function writePlace({ running, entered }: Acting, wave: string): Promise<string | undefined> {
  const { image, channel, step } = running;
  const { account, region } = entered;
  return writeRing({ image, channel, wave, account, region }, rolloutRoleOf(step.settings, account), step);
}

/**
 * Whether new instances of a group would start from the AMI: its ring moves there, unless its whole wave has, and its
 * parameter is made to say it; the account's copy of the channel's is waited for.
 */
export async function showsAmi(acting: Acting, ring: string | undefined, ami: string): Promise<boolean> {
  const { running, entered } = acting;
  const { image, channel, record, step } = running;
  if (ring === undefined) {
    const name = mirrorParameter(step.settings.factory.name, image, channel);
    return (await readParameter(entered.ssm, name)) === ami;
  }
  const places = [placeOf(entered.account, entered.region)];
  const { id, build, amis } = record;
  await changeRing({ image, channel, wave: ring }, step, (now) =>
    beginRing(now, { build, amis }, { rollout: id, places }),
  );
  return (await writePlace(acting, ring)) === ami;
}
