/** What is known of a channel's newest roll-out, of its record. */
interface LastRollout {
  readonly state: string;
  readonly steps: readonly { readonly waves: readonly string[] }[];
}

/** A group in it; `how` is left out where it is not known how the group gets its AMI. */
interface RolledOut {
  readonly wave: string;
  readonly how?: { readonly mode: string; readonly ring?: string | undefined } | undefined;
}

/**
 * Whether it is certain that no group that opted in uses the ring of a wave that the config no longer has: the channel's
 * newest roll-out was planned without the wave, went through, and knew of each group where its AMI comes from.
 */
export function isRingUnused(wave: string, rollout: LastRollout | undefined, targets: readonly RolledOut[]): boolean {
  if (rollout?.state !== "done" || rollout.steps.some(({ waves }) => waves.includes(wave))) return false;
  return targets.length > 0 && targets.every(({ how, ...target }) => how && how.ring !== wave && target.wave !== wave);
}
