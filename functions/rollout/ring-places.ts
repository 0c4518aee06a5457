import { readParameter } from "../../adapters/channel/parameters.ts";
import { mirrorParameter } from "../../core/names.ts";
import { beginRing, placeOf } from "../../core/rollout/ring.ts";
import { rolloutRoleOf } from "./consumer-session.ts";
import type { Acting } from "./in-place.ts";
import { changeRing } from "./move-rings.ts";
import { writeRing } from "./write-ring.ts";

/** Writes a ring's recorded value to its parameter in one account and region. @returns the value */
export function writePlace({ running, entered }: Acting, wave: string): Promise<string | undefined> {
  const { image, channel, invocation } = running;
  const { account, region } = entered;
  return writeRing({ image, channel, wave, account, region }, rolloutRoleOf(invocation.settings, account), invocation);
}

/**
 * The AMI of a group's new instances. Writes the ring's recorded value to its parameter; the account's copy of the
 * channel's parameter is only read.
 * @param first the ring has not moved anywhere yet, and moves in this account and region only
 */
export async function sayAmi(acting: Acting, ring: string | undefined, first: boolean): Promise<string | undefined> {
  const { running, entered } = acting;
  const { image, channel, record, invocation } = running;
  if (ring === undefined) {
    const name = mirrorParameter(invocation.settings.factory.name, image, channel);
    return readParameter(entered.ssm, name);
  }
  if (first) {
    const places = [placeOf(entered.account, entered.region)];
    const { id, build, amis } = record;
    await changeRing({ image, channel, wave: ring }, invocation, (now) =>
      beginRing(now, { build, amis }, { rollout: id, places }),
    );
  }
  return writePlace(acting, ring);
}
