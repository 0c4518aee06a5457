import { findRing, type RingOf } from "../../adapters/rollout/rings.ts";
import type { ConsumerRole } from "../../adapters/share/consumer.ts";
import { type ConsumerTry, findTry, recordTry } from "../../adapters/share/consumer-tries.ts";
import { ringHeld } from "../../core/rollout/ring.ts";
import type { ArtifactId } from "../../events/ids.ts";
import { copyName, heldProver, type ProveHeld, putCopy } from "../channel/put-copy.ts";
import { afterTry, sayFailure } from "../share/in-accounts.ts";
import type { Step } from "../step.ts";

interface Place extends RingOf {
  readonly account: string;
  readonly region: string;
}

type Writing = Pick<Step, "ledger" | "settings" | "client" | "wait" | "now">;

/** A roll-out and a withdrawal may move a ring at the same moment; more often than this nobody does. */
const TRIES = 5;

/**
 * Makes the parameter of one place say what the ring's record says, and waits until it does: what is launched there from
 * then on has that AMI.
 * @param role by which the account is entered
 * @param prove for many places at once: asks about each AMI once
 * @returns what it says; undefined where the ring has nothing to say there, and the parameter was removed
 * @throws MirrorNotYet where Parameter Store has not taken the value within twenty seconds; NotProven, BuildRevoked,
 * PromotionUndone where the AMI must not be published; RingMoving; and what STS and Parameter Store refuse
 */
export async function writeRing(
  at: Place,
  role: ConsumerRole,
  step: Writing,
  prove: ProveHeld = heldProver(step),
): Promise<ArtifactId | undefined> {
  const { ledger, settings } = step;
  const { account, region, ...ring } = at;
  const name = copyName(ring, settings);
  for (let tries = 0; tries < TRIES; tries++) {
    const record = await findRing(ledger, ring);
    const held = record && ringHeld(record, account, region);
    try {
      const last = await findTry(ledger, ring, account);
      // A value that Parameter Store had not taken in time may still come, over one that looks right by now.
      const before = last?.failed === undefined ? last?.amis[region] : "unsure";
      const ami = await putCopy({ name, held, before }, { role, region }, { ...step, prove });
      await remember(at, ami, step);
      if ((await findRing(ledger, ring))?.movedAt === record?.movedAt) return ami;
    } catch (failure) {
      await remember(at, failure, step);
      throw failure;
    }
  }
  throw new RingMoving(at);
}

/** Records the try as `mirror-channel` does, which makes up for it by the hour. */
async function remember({ account, region, ...ring }: Place, came: unknown, { ledger, now }: Writing): Promise<void> {
  const before = await findTry(ledger, ring, account);
  const { [region]: _, ...others } = before?.amis ?? {};
  const failed = came instanceof Error ? sayFailure(came) : undefined;
  const amis: ConsumerTry["amis"] = typeof came === "string" ? { ...others, [region]: came as ArtifactId } : others;
  await recordTry(ledger, ring, afterTry(before, { account, amis, failed }, now));
}

/** Others move the ring at this very moment; who asks again finds it at rest. */
class RingMoving extends Error {
  override readonly name = "RingMoving";

  constructor({ image, channel, wave, account, region }: Place) {
    super(
      `The ring ${wave} of ${image}'s channel ${channel} was moved each time its parameter in ${account} ${region} was written.`,
    );
  }
}
