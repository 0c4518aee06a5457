import { type ChannelRecord, findChannel } from "../../adapters/channel/channels.ts";
import { listMoves } from "../../adapters/channel/history.ts";
import { findGate } from "../../adapters/evidence/evidence.ts";
import { findRevocation } from "../../adapters/revocation/revocations.ts";
import { findRollout, keepRollout, listTargets, putRollout } from "../../adapters/rollout/rollouts.ts";
import type { Rollout } from "../../core/factory/rollout-schema.ts";
import { hasEnded, isBegun, type RolloutRecord } from "../../core/rollout/records.ts";
import { stepsOf } from "../../core/rollout/waves.ts";
import { amiId } from "../../events/ids.ts";
import type { Invocation, Settings } from "../invocation.ts";

export interface ChannelOf {
  readonly image: string;
  readonly channel: string;
}

/** A channel's roll-out policy, if configured. */
export const policyOf = ({ factory }: Pick<Settings, "factory">, { image, channel }: ChannelOf): Rollout | undefined =>
  factory.images[image]?.channels.find(({ name }) => name === channel)?.rollout;

/**
 * Opens the roll-out of a channel's present build, unless it is open already. A roll-out of another build is
 * superseded, but first finishes its running refreshes, unless its build is revoked.
 * @returns the roll-out to continue; undefined where none is due
 */
export async function openRollout(at: ChannelOf, invocation: Invocation): Promise<RolloutRecord | undefined> {
  const { ledger, settings, now } = invocation;
  const policy = policyOf(settings, at);
  const present = await findRollout(ledger, at);
  const going = present && !hasEnded(present) ? present : undefined;
  const pointed = await findChannel(ledger, at.image, at.channel);
  // Also one that has ended without a notice.
  const untold = present && !present.told ? present : undefined;
  if (!policy || !pointed || pointed.movedAt === present?.movedAt) return going ?? untold;
  if (!going && untold) return untold;
  const revoked = going !== undefined && (await findRevocation(ledger, going.build)) !== undefined;
  if (going && !revoked) {
    const targets = await listTargets(ledger, { ...at, rollout: going.id });
    // Its turns notice that the channel moved, and open the next roll-out after the last refresh.
    if (targets.some(isBegun)) return going;
  }
  const amis = Object.entries(pointed.amis).flatMap(([region, id]) => {
    const ami = amiId.safeParse(id);
    return ami.success ? [[region, ami.data] as const] : [];
  });
  const isFast = pointed.how === "revoke" && policy.revoked === "fast";
  const kind = isFast ? "fast" : await paceOf(policy, pointed, invocation);
  const before = (await listMoves(ledger, at.image, at.channel)).findLast(
    ({ build }) => build && build !== pointed.build,
  );
  const next = {
    id: idOf(pointed.movedAt),
    kind,
    build: pointed.build,
    amis: Object.fromEntries(amis),
    movedAt: pointed.movedAt,
    ...(before?.build && { previous: before.build }),
    ...(present && { after: present.id }),
    steps: stepsOf(policy, kind),
    index: 0,
    state: "running",
    startedAt: now.toISOString(),
    changedAt: now.toISOString(),
    told: false,
    resumed: false,
  } as const;
  if (going) await keepRollout(ledger, at, end(going, now, `the channel moved to another build`));
  // Another function may have opened it at the same moment.
  return (await putRollout(ledger, at, present, next)) ?? findRollout(ledger, at);
}

/** Urgent where the policy has an urgent pace, and the gate recorded why the build is urgent. */
export const paceOf = async (
  { urgent }: Rollout,
  { build, how }: Pick<ChannelRecord, "build" | "how">,
  { ledger }: Pick<Invocation, "ledger">,
): Promise<"urgent" | "normal"> =>
  urgent && how === "promotion" && (await findGate(ledger, build))?.urgent ? "urgent" : "normal";

/** An id that sorts by time. */
const idOf = (movedAt: string): string => movedAt.replaceAll(/[-:.]/g, "");

const end = (record: RolloutRecord, now: Date, why: string): RolloutRecord => ({
  ...record,
  state: "superseded",
  why,
  endedAt: now.toISOString(),
});
