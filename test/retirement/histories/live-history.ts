import { reportsState } from "embedded-aws/state";
import { listRetirements } from "../../../adapters/retirement/retirements.ts";
import type { Decision } from "../../../core/retirement/plan-retirement.ts";
import type { BuildArn } from "../../../events/ids.ts";
import { retire } from "../../../functions/retirement/retire.ts";
import { HOUR } from "../../world/time.ts";
import { actOut } from "./act-out.ts";
import { disturb } from "./disturb.ts";
import { publish } from "./do-acts.ts";
import { type Act, type Deed, type History, LAST_DAY } from "./histories.ts";
import { CONSUMERS, DAY, EVIDENCE_DAYS, factory } from "./history-factory.ts";
import type { HistoryWorld } from "./history-world.ts";
import { findProtected, type Life, type Made } from "./life.ts";
import { isThere } from "./truth.ts";
import { watchActs } from "./watch-acts.ts";

/** Days after which a report can change the decision: it arrives, is given up, or another is due. */
const OF_REPORTS = [1, 2, 4];
/** And because of a launch: it is seen, it is long ago. */
const OF_LAUNCHES = [1, 14];
/** The longest time without a check, in case something other than these moments depends on time. */
const MOST = 5;

/**
 * The next day after a quiet one on which retirement's decision can change; the days between can be skipped. A day
 * that is too late only delays retirement.
 * @param planned when the next act happens, in milliseconds since the epoch
 */
function findNextDay(
  world: HistoryWorld,
  { made, held, revoked, returned }: Life,
  { begin, day, planned }: { readonly begin: number; readonly day: number; readonly planned: number | undefined },
): number {
  const after = (of: number, days: readonly number[]): number[] => days.map((one) => of + one * DAY);
  const there = made.filter(({ images }) => images.some((image) => isThere(world, image)));
  const reports = [...world.aws.places(reportsState)].flatMap(({ state }) => [...state.reports.values()]);
  const moments = [
    ...(planned === undefined ? [] : [planned]),
    ...there.flatMap(({ image, startedAt }) => {
      const { deprecateAfter, disableAfter, retireAfter } = factory.images[image]?.retention ?? never();
      return [deprecateAfter, disableAfter, retireAfter].map((age) => Date.parse(startedAt) + age * 1000);
    }),
    ...reports.flatMap(({ createdAt }) => after(createdAt, OF_REPORTS)),
    ...there.flatMap(({ images }) =>
      images.flatMap(({ launches }) => launches.flatMap((at) => after(at, OF_LAUNCHES))),
    ),
    ...held.values(),
    ...[...revoked.values(), ...returned.values()].flatMap((at) => after(at, [EVIDENCE_DAYS])),
  ].map((at) => Math.ceil((at - begin) / DAY));
  return Math.min(day + MOST, ...moments.filter((one) => one > day));
}

function never(): never {
  throw new Error("All images here have a retention.");
}

/** Uses end a while after the last day; then each of a build and its child needs some weeks. */
const MOST_DAYS = LAST_DAY + 160;
/** Decisions that change nothing. */
const QUIET: ReadonlySet<Decision["does"]> = new Set(["keep", "wait", "gone"]);
/** From when a use that reports show must have restored its build. */
const FOUND_OUT_DAYS = 12;

interface Planned {
  readonly at: number;
  readonly happen: () => Promise<unknown>;
}

interface Lived {
  readonly broken: readonly string[];
  /** Counts of outcomes. */
  readonly counts: ReadonlyMap<string, number>;
}

/**
 * Lets a history happen on a fresh factory, with a run of the function that retires on each day that matters.
 * @param options whether the ledger is compared with one in the embedded DynamoDB
 */
export async function liveHistory(
  world: HistoryWorld,
  history: History,
  { compares = false }: { readonly compares?: boolean } = {},
): Promise<Lived> {
  await world.renew(compares);
  const begin = world.clock.now();
  const condemned = new Set<BuildArn>();
  const life: Life = {
    made: [],
    held: new Map(),
    revoked: new Map(),
    failed: new Map(),
    asked: new Set(),
    returned: new Map(),
    condemned,
  };
  const watch = watchActs(world, life, () => fate.run.calls);
  world.now.before = watch.before;
  const fate = disturb(world, history, begin);
  const counts = watch.acts;
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
  let day = 0;
  /** What operators began while a run was under way. */
  const meanwhile: Promise<void>[] = [];
  const usedSince = new Map<string, number>();
  const planned: Planned[] = [];
  const plan = (at: number, happen: () => Promise<unknown>) => {
    planned.push({ at, happen });
    planned.sort((one, other) => one.at - other.at);
  };
  const later = (days: number, happen: () => Promise<unknown>) => plan(world.clock.now() + days * DAY, happen);
  const kill = () => {
    fate.run.left = 0;
  };
  const stage = { world, life, usedSince, count, later, kill, deny: fate.deny };
  const goesOn = () => world.clock.now() < begin + LAST_DAY * DAY;
  const made = (n: number): Made | undefined => life.made[n % history.builds.length];

  async function happen({ build, amid, deed }: Act, n: number): Promise<void> {
    const one = made(build);
    if (!one || !goesOn()) return;
    if (amid === undefined) return actOut(deed, one, `act-${n}`, stage);
    interrupt(amid, deed, one, n);
  }

  /** What the factory itself launches, or shares by hand, while a run is under way is seen by the next one. */
  function interrupt(at: number, deed: Deed, one: Made, n: number): void {
    if (deed.kind === "share" || (deed.kind === "use" && deed.who < 0)) return;
    fate.run.amid.push({
      at,
      happen: async () => {
        count("in the middle of a run");
        const acted = () => actOut(deed, one, `act-${n}`, stage);
        // It waits until the run has done with the build.
        if (deed.kind === "restore") return void meanwhile.push(acted());
        watch.now.turned.set(one.build, at);
        await acted();
      },
    });
  }

  /** An operator who waits for a call about a build acts soon after it. */
  fate.run.heed = ({ operation, input: { ImageId } }) => {
    for (const { act, n } of [...waiting]) {
      const { moment, build, deed } = act;
      const one = made(build);
      if (!("amidst" in moment) || moment.amidst !== operation || one?.images.every(({ id }) => id !== ImageId))
        continue;
      waiting.splice(
        waiting.findIndex((other) => other.n === n),
        1,
      );
      if (one && goesOn()) interrupt(fate.run.calls + 1 + moment.calls, deed, one, n);
    }
  };

  async function until(time: number): Promise<void> {
    for (let next = planned[0]; next && next.at < time; next = planned[0]) {
      planned.shift();
      await world.clock.runUntil(Math.max(world.clock.now(), next.at));
      await next.happen();
    }
    await world.clock.runUntil(Math.max(world.clock.now(), time));
  }

  async function runOnce(): Promise<readonly Decision[]> {
    const kept = await findProtected(world, life);
    watch.now.protectedBy = kept;
    watch.now.turned.clear();
    fate.begin();
    try {
      const { decisions } = await retire({ wants: "apply" }, world.retireStep());
      for (const { build, does } of decisions) {
        if (does === "condemn" && kept.has(build)) watch.broken.add(`${build} is condemned: ${kept.get(build)}`);
        if (does === "give-back") count("given back");
      }
      return decisions;
    } catch (error) {
      count("run failed");
      if (day > LAST_DAY) watch.broken.add(`a run fails that nothing hinders: ${error}`);
      return [];
    } finally {
      fate.run.amid.length = 0;
      await Promise.all(meanwhile.splice(0));
      watch.remember();
    }
  }

  for (const [n, { day, app }] of history.builds.entries()) {
    plan(begin + day * DAY + (n + 1) * HOUR, () => publish(world, life, app && n > 0 ? "app" : "base", n + 1));
  }
  const waiting = history.acts
    .map((act, n) => ({ act, n }))
    .filter(({ act, n }) => {
      const { moment } = act;
      if ("day" in moment) plan(begin + moment.day * DAY + moment.hours * HOUR, () => happen(act, n));
      return !("day" in moment);
    });
  let quiet = false;
  for (let left = true; left && day < MOST_DAYS && watch.broken.size === 0; ) {
    const next = { begin, day, planned: planned[0]?.at };
    day = quiet && fate.run.amid.length === 0 ? findNextDay(world, life, next) : day + 1;
    await until(begin + day * DAY);
    const decisions = await runOnce();
    count("days");
    quiet = decisions.length > 0 && !fate.run.hindered && decisions.every(({ does }) => QUIET.has(does));
    await lookAround();
    for (const { build, does } of decisions) {
      for (const { act, n } of [...waiting]) {
        const { moment } = act;
        if (!("after" in moment) || moment.after !== does || made(act.build)?.build !== build) continue;
        waiting.splice(
          waiting.findIndex((other) => other.n === n),
          1,
        );
        plan(world.clock.now() + moment.hours * HOUR, () => happen(act, n));
      }
    }
    if (day > LAST_DAY && planned.length === 0) left = (await findLeft()).length > 0;
  }
  if (compares) await world.checkLedger();
  const left = watch.broken.size > 0 ? [] : await findLeft();
  return { broken: [...watch.broken, ...left.map((one) => `${one} is not retired in the end`)], counts };

  async function findLeft(): Promise<string[]> {
    const kept = await findProtected(world, life);
    return life.made
      .filter(({ build, images }) => !kept.has(build) && images.some((image) => isThere(world, image)))
      .map(({ version }) => version);
  }

  /** What must hold between the runs. */
  async function lookAround(): Promise<void> {
    const retirements = await listRetirements(world.ledger);
    const now = world.clock.now();
    const calm = now - Math.max(begin + LAST_DAY * DAY, 0);
    for (const { build, version, images } of life.made) {
      const begun = retirements.get(build)?.retirement;
      if (begun && begun.stage !== "deprecated") condemned.add(build);
      else if (condemned.delete(build)) life.returned.set(build, Date.parse(begun?.givenBackAt ?? "") || now);
      const there = images.filter((image) => isThere(world, image));
      const shared = there.filter(({ permissions }) => permissions.size > 0);
      if (life.revoked.has(build)) {
        if (shared.length > 0) watch.broken.add(`${version} is revoked, and shared in ${shared[0]?.region}`);
        continue;
      }
      if ((!begun || begun.stage === "deprecated") && !begun?.givingBack) {
        const whole = images.every(
          (image) =>
            there.includes(image) && image.state === "available" && image.permissions.size === CONSUMERS.length,
        );
        if (!whole)
          watch.broken.add(`${version} is retired no further, and not every account of its shares can launch it`);
      }
      if (begun?.stage !== "withdrawn") continue;
      const used = images.map(({ id }) => usedSince.get(id) ?? now);
      const known = Math.min(calm, now - Math.min(...used), now - Date.parse(begun.at));
      if (known > FOUND_OUT_DAYS * DAY) watch.broken.add(`${version} is used, and was not restored`);
    }
  }
}
