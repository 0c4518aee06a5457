import { setTimeout as pause } from "node:timers/promises";
import * as fc from "fast-check";
import { revokeBuild } from "../../../functions/lib/channels/revoke-build.ts";
import { rollBack } from "../../../functions/lib/channels/roll-back.ts";
import { random } from "../../../local/faults/random.ts";
import { promote } from "./promote.ts";
import { IMAGE, Killed, type World } from "./world.ts";

export const BUILDS = 4;

/** Seconds. Little, so that much of it falls together: between two calls of one, some of another's. */
const LONGEST = 6;
const mostly = fc.nat(5).map((n) => n > 0);

/** What happens at some second, beside the promotions. */
const act = fc.oneof(
  fc.record({
    kind: fc.constant("rollback" as const),
    at: fc.nat(LONGEST),
    channel: fc.constantFrom("candidate", "stable"),
    to: fc.option(fc.nat(BUILDS - 1), { nil: undefined }),
  }),
  fc.record({ kind: fc.constant("revoke" as const), at: fc.nat(LONGEST), build: fc.nat(BUILDS - 1) }),
);

/** Builds, each with the second in which its promotion begins, and what else happens meanwhile. */
export const schedules = fc.record({
  seed: fc.nat(),
  builds: fc.array(fc.record({ at: fc.nat(LONGEST), passes: mostly, soak: fc.nat(3) }), {
    minLength: 2,
    maxLength: BUILDS,
  }),
  acts: fc.array(act, { minLength: 1, maxLength: 4 }),
  /** How often, from 0 to 1, an invocation dies half-way. */
  killed: fc.constantFrom(0, 0.2, 0.5),
});
export type Schedule = typeof schedules extends fc.Arbitrary<infer Value> ? Value : never;

export interface Lived {
  /** What became of each promotion. */
  readonly promotions: readonly string[];
  /** Each act's outcome: `done`, or the refusal. */
  readonly acts: readonly string[];
}

const RETRIES = 4;

/** Lets a schedule happen on a fresh factory. Every invocation that dies is done again, as AWS or a person does. */
export async function liveThrough(world: World, { seed, builds, acts, killed }: Schedule): Promise<Lived> {
  await world.renew();
  const dice = random(seed);
  const later = (seconds: number) => world.step().clients.wait(seconds * 1000);
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let tries = 0; ; tries++) {
      const dies = tries < RETRIES && dice() < killed;
      const fate = {
        calls: dies ? Math.floor(dice() * 30) : Number.POSITIVE_INFINITY,
        turns: () => Math.floor(dice() * 4),
      };
      try {
        return await world.fates.run(fate, work);
      } catch (error) {
        if (tries > 2 * RETRIES || !isPassing(error)) throw error;
        await later(2);
      }
    }
  };
  const promotions = builds.map(async ({ at, passes, soak }, n) => {
    await later(at);
    const one = world.builds[n]!;
    await world.judge(one, passes ? "passed" : "rejected");
    return promote(world, one.build, attempt, () => soak * 1000);
  });
  const others = acts.map(async (one, n) => {
    await later(one.at);
    try {
      if (one.kind === "revoke") {
        await attempt(() => revokeBuild({ build: buildOf(world, one.build), by: "ada", reason: "bad" }, world.step()));
      } else {
        const to = one.to === undefined ? {} : { to: buildOf(world, one.to) };
        const asked = { image: IMAGE, channel: one.channel, by: "ada", reason: "slow", request: `r${n}`, ...to };
        await attempt(() => rollBack(asked, world.step()));
      }
      return "done";
    } catch (error) {
      return error instanceof Error ? error.name : String(error);
    }
  });
  const lived = world.through(Promise.all([Promise.all(promotions), Promise.all(others)]));
  const [promoted, acted] = await Promise.race([lived, tooLong()]);
  await world.clock.runUntil(world.clock.now() + 400_000);
  return { promotions: promoted, acts: acted };
}

const tooLong = async (): Promise<never> => {
  await pause(20_000, undefined, { ref: false });
  throw new Error("It does not come to an end.");
};

const buildOf = (world: World, n: number) => world.builds[n]!.build;

/** What the state machine, Lambda or the command tries again. */
const isPassing = (error: unknown): boolean =>
  error instanceof Killed ||
  (error instanceof Error && ["ChannelContested", "NotAllUndone", "TooManyUpdates"].includes(error.name));
