import type { FactoryOptions, RunningFactory } from "../local/boot/boot-factory.ts";
import type { StoryReport } from "../local/checks/story-report.ts";
import { readChildParents } from "../local/consumers/read-back.ts";
import { type Narration, openStory } from "../local/story/open-story.ts";
import { readStory } from "../local/story/read-story.ts";
import { exampleWorld } from "./boot-example.ts";
import { type FollowingFleet, readFollowing } from "./fleet.ts";
import { type LaterMonths, readLater } from "./later-months.ts";
import { accountsOf, exampleOrganization } from "./organization.ts";
import { type Observed, planMonth } from "./plan.ts";
import { begin, end, endOf } from "./story.ts";

export interface MonthReport extends StoryReport {
  readonly observed: Observed;
  readonly following: FollowingFleet;
  readonly childParents: readonly { readonly image: string; readonly builtFrom: string; readonly promoted: string }[];
}

export interface LivedMonth {
  readonly report: MonthReport;
  /** What became of the builds in the months after; absent with one month. */
  readonly later?: LaterMonths;
  readonly running: RunningFactory;
}

export interface MonthOptions extends Pick<FactoryOptions, "factory" | "blueprint" | "recipeParents"> {
  readonly port: number;
  /** Default: 1. */
  readonly months?: number;
  /** The end of the first month, in milliseconds since the epoch. Default: the story's; what happens later is left out. */
  readonly until?: number;
  readonly narration?: Narration | undefined;
  readonly onBooted?: (running: RunningFactory) => void;
}

/** Runs one month of the factory and reads back its results; then the months after it. The caller closes the factory. */
export async function runMonth({
  months = 1,
  until = end,
  narration,
  onBooted,
  ...options
}: MonthOptions): Promise<LivedMonth> {
  const { events, observed } = planMonth(months);
  const { running, ...story } = await openStory({ ...exampleWorld(options), narration, onBooted, events });
  try {
    await story.until(until);
    if (months === 1) narration?.end?.();
    const report = await readMonth(running, { until, observed, heard: await story.hear() });
    if (months === 1) return { report, running };
    await story.until(endOf(months));
    narration?.end?.();
    return { report, later: await readLater(running), running };
  } catch (error) {
    await running.close();
    throw error;
  } finally {
    narration?.close?.();
  }
}

/** Reads back a month that was lived until a time: for the checks, every image is in its story. */
export async function readMonth(
  running: RunningFactory,
  { until = end, observed, heard }: Pick<MonthReport, "observed" | "heard"> & { readonly until?: number },
): Promise<MonthReport> {
  const { factory, blueprint, place } = running;
  const story = { ...{ begin, end: until, events: [], impossible: [] }, images: Object.keys(factory.images) };
  const organization = exampleOrganization(factory, blueprint.account, observed.joined);
  const accounts = [...accountsOf(factory), ...(observed.joined ? [observed.joined] : [])];
  const report = await readStory(running, { story, organization, heard }, accounts);
  const childParents = await readChildParents(place, report.channels);
  return { ...report, observed, childParents, following: await readFollowing(running) };
}
