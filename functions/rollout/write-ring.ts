import { findRing, type RingOf } from "../../adapters/rollout/rings.ts";
import type { ConsumerRole } from "../../adapters/share/consumer.ts";
import { type ConsumerTry, findTry, recordTry } from "../../adapters/share/consumer-tries.ts";
import { ringHeld } from "../../core/rollout/ring.ts";
import type { ArtifactId } from "../../events/ids.ts";
import { copyName, heldProver, type ProveHeld, putCopies } from "../channel/put-copy.ts";
import type { Invocation } from "../invocation.ts";
import { afterTry, sayFailure } from "../share/in-accounts.ts";

interface Place extends RingOf {
  readonly account: string;
  readonly region: string;
}

type Writing = Pick<Invocation, "ledger" | "settings" | "client" | "wait" | "now">;

/** Enough, because only roll-outs and revocations move a ring. */
const TRIES = 5;

/**
 * Writes a ring's recorded value to its parameter in one account and region, and waits until it is readable: instances
 * launched there from then on have that AMI.
 * @param role the role to assume in the account
 * @param prove pass one prover for many places, so that each AMI is verified once
 * @returns the value; undefined where the ring has none there, and the parameter was deleted
 * @throws MirrorNotYet where Parameter Store has not stored the value within twenty seconds; NotProven, BuildRevoked,
 * PromotionUndone where the AMI must not be published; RingMoving; and errors of STS and Parameter Store
 */
export async function writeRing(
  at: Place,
  role: ConsumerRole,
  invocation: Writing,
  prove: ProveHeld = heldProver(invocation),
): Promise<ArtifactId | undefined> {
  const { ledger, settings } = invocation;
  const { account, region, ...ring } = at;
  const name = copyName(ring, settings);
  for (let tries = 0; tries < TRIES; tries++) {
    const record = await findRing(ledger, ring);
    const held = record && ringHeld(record, account, region);
    try {
      const last = await findTry(ledger, ring, account);
      // A value that Parameter Store had not stored in time may still arrive, over one that looks correct now.
      const before = last?.failed === undefined ? last?.amis[region] : "unsure";
      // Also a value that is not written again: a group is about to launch from it.
      const ami = held && (await prove(held, region));
      const [put] = await putCopies([{ name, held, before }], { role, region }, { ...invocation, prove });
      if (put?.kind === "failed") throw put.failure;
      await remember(at, ami, invocation);
      if ((await findRing(ledger, ring))?.movedAt === record?.movedAt) return ami;
    } catch (failure) {
      await remember(at, failure, invocation);
      throw failure;
    }
  }
  throw new RingMoving(at);
}

/** Records the try for `mirror-channel`, which retries it hourly. */
async function remember({ account, region, ...ring }: Place, came: unknown, { ledger, now }: Writing): Promise<void> {
  const before = await findTry(ledger, ring, account);
  const { [region]: _, ...others } = before?.amis ?? {};
  const failed = came instanceof Error ? sayFailure(came) : undefined;
  const amis: ConsumerTry["amis"] = typeof came === "string" ? { ...others, [region]: came as ArtifactId } : others;
  await recordTry(ledger, ring, afterTry(before, { account, amis, failed }, now));
}

/** The ring moves at this moment; a retry finds it at rest. */
class RingMoving extends Error {
  override readonly name = "RingMoving";

  constructor({ image, channel, wave, account, region }: Place) {
    super(
      `The ring ${wave} of ${image}'s channel ${channel} moved during each write of its parameter in ${account} ${region}; a retry writes it at rest.`,
    );
  }
}
