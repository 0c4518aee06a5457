import { findChannel } from "../../adapters/channel/channels.ts";
import { listMoves } from "../../adapters/channel/history.ts";
import { findRevocation } from "../../adapters/revocation/revocations.ts";
import { findRollout, keepRollout, listTargets, putRollout } from "../../adapters/rollout/rollouts.ts";
import type { Rollout } from "../../core/factory/rollout-schema.ts";
import { hasEnded, isBegun, type RolloutRecord } from "../../core/rollout/records.ts";
import { stepsOf } from "../../core/rollout/waves.ts";
import { amiId } from "../../events/ids.ts";
import type { Settings, Step } from "../step.ts";

export interface ChannelOf {
  readonly image: string;
  readonly channel: string;
}

/** A channel's policy; undefined where the config has none, or not the channel. */
export const policyOf = ({ factory }: Pick<Settings, "factory">, { image, channel }: ChannelOf): Rollout | undefined =>
  factory.images[image]?.channels.find(({ name }) => name === channel)?.rollout;

/**
 * Begins the roll-out of what a channel points at, unless it was begun before. A roll-out of another build is superseded;
 * while refreshes of its are under way it is let finish them, unless its build is revoked.
 * @returns the channel's roll-out that is to be carried on; undefined where there is nothing to do
 */
export async function openRollout(at: ChannelOf, step: Step): Promise<RolloutRecord | undefined> {
  const { ledger, settings, now } = step;
  const policy = policyOf(settings, at);
  const present = await findRollout(ledger, at);
  const going = present && !hasEnded(present) ? present : undefined;
  const pointed = await findChannel(ledger, at.image, at.channel);
  // One that ended, and of whose end nobody was told, is carried on, too.
  const untold = present && !present.told ? present : undefined;
  if (!policy || !pointed || pointed.movedAt === present?.movedAt) return going ?? untold;
  if (!going && untold) return untold;
  const withdrawn = going !== undefined && (await findRevocation(ledger, going.build)) !== undefined;
  if (going && !withdrawn) {
    const targets = await listTargets(ledger, { ...at, rollout: going.id });
    // Its turns see that the channel has moved on, and open the next one when the last refresh is over.
    if (targets.some(isBegun)) return going;
  }
  const amis = Object.entries(pointed.amis).flatMap(([region, id]) => {
    const ami = amiId.safeParse(id);
    return ami.success ? [[region, ami.data] as const] : [];
  });
  const kind = pointed.how === "revoke" && policy.revoked === "fast" ? "fast" : "normal";
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
  if (going) await keepRollout(ledger, at, end(going, now, `the channel moved on to another build`));
  // Somebody else may have begun it at the same moment.
  return (await putRollout(ledger, at, present, next)) ?? findRollout(ledger, at);
}

/** A name that sorts by time. */
const idOf = (movedAt: string): string => movedAt.replaceAll(/[-:.]/g, "");

const end = (record: RolloutRecord, now: Date, why: string): RolloutRecord => ({
  ...record,
  state: "superseded",
  why,
  endedAt: now.toISOString(),
});
