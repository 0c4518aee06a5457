/** The parts used of the record of a channel's newest roll-out. */
interface LastRollout {
  readonly state: string;
  readonly steps: readonly { readonly waves: readonly string[] }[];
}

/** A group in it; `how` is absent if it is unknown how the group gets its AMI. */
interface RolledOut {
  readonly wave: string;
  readonly how?: { readonly mode: string; readonly ring?: string | undefined } | undefined;
}

/**
 * Whether it is certain that no group uses the ring of a wave that is no longer in the config: the channel's newest roll-out
 * was planned without the wave, was completed, and knew the source of each group's AMI.
 */
export function isRingUnused(wave: string, rollout: LastRollout | undefined, targets: readonly RolledOut[]): boolean {
  if (rollout?.state !== "done" || rollout.steps.some(({ waves }) => waves.includes(wave))) return false;
  return targets.length > 0 && targets.every(({ how, ...target }) => how && how.ring !== wave && target.wave !== wave);
}
