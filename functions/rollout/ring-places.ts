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
 * What new instances of a group start from: its ring's parameter is made to say what the ring's record says, the account's
 * copy of the channel's is only read.
 * @param first its ring has moved nowhere yet, and moves here alone
 */
export async function sayAmi(acting: Acting, ring: string | undefined, first: boolean): Promise<string | undefined> {
  const { running, entered } = acting;
  const { image, channel, record, step } = running;
  if (ring === undefined) {
    const name = mirrorParameter(step.settings.factory.name, image, channel);
    return readParameter(entered.ssm, name);
  }
  if (first) {
    const places = [placeOf(entered.account, entered.region)];
    const { id, build, amis } = record;
    await changeRing({ image, channel, wave: ring }, step, (now) =>
      beginRing(now, { build, amis }, { rollout: id, places }),
    );
  }
  return writePlace(acting, ring);
}
