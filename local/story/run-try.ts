import type { OrganizationSeed } from "embedded-aws/seeds";
import type { Program, RunningFactory } from "../boot/boot-factory.ts";
import { seedPrerequisites } from "../boot/prerequisites.ts";
import type { StoryReport } from "../checks/story-report.ts";
import { derivedOrganization } from "../organization/derived-organization.ts";
import { answerApprovals } from "../people/answer-approvals.ts";
import { act } from "./acts.ts";
import { chaptersOf } from "./chapters.ts";
import { type Narration, openStory } from "./open-story.ts";
import { planStory } from "./plan-story.ts";
import { readStory } from "./read-story.ts";
import { instancesOf, publicationsOf } from "./story-instances.ts";
import { DAY, HOUR } from "./timeline.ts";

export interface TryOptions extends Program {
  readonly seed: number;
  readonly days: number;
  /** An image of the factory: only it and its parents are tried. */
  readonly only?: string | undefined;
  /** Default: one with everything that the config names. */
  readonly organization?: OrganizationSeed | undefined;
  readonly narration?: Narration | undefined;
  /** Where the embedded AWS listens on 127.0.0.1; left out, on any free port. */
  readonly port?: number;
  /** Hooks for tests: called every hour of factory time, and at the end before the result is read back. */
  readonly interfere?:
    | {
        readonly eachHour?: (running: RunningFactory) => Promise<void>;
        readonly atEnd?: (running: RunningFactory) => Promise<void>;
      }
    | undefined;
}

/** When a try begins: a Monday morning; Microsoft's Patch Tuesday is a week and a day later. */
export const BEGIN = Date.UTC(2026, 3, 6, 8);
/** After the story, until the factory has put no event for as long as this, at most a day. */
const QUIET = 3 * HOUR;

/** Plans a story for the config, lives it, and reads back what the factory made of it. The caller closes the factory. */
export async function runTry(options: TryOptions): Promise<{ report: StoryReport; running: RunningFactory }> {
  const { factory, blueprint, program, seed, days, only, interfere, narration } = options;
  const { account, partition } = blueprint;
  const organization = options.organization ?? derivedOrganization(factory, account, seed);
  const story = planStory(factory, { account, begin: BEGIN, days, seed, only });
  const acts = story.events.map((one) => ({ at: one.at, act: (running: RunningFactory) => act(one, running) }));
  const { running, ...opened } = await openStory({
    ...{ factory, blueprint, program, organization, narration, begin: BEGIN },
    port: options.port ?? 0,
    plan: instancesOf(factory, story),
    publications: publicationsOf(factory, story),
    before: (aws) => seedPrerequisites(aws, { factory, account, partition }),
    events: [...chaptersOf(story), ...acts],
    async eachHour(running, at) {
      await answerApprovals(running);
      if (at <= story.end) await interfere?.eachHour?.(running);
      const last = running.events.at(-1);
      return at > story.end && (!last || Date.parse(last.time) < at - QUIET) ? "enough" : undefined;
    },
  });
  try {
    await opened.until(story.end + DAY);
    narration?.end?.();
    await interfere?.atEnd?.(running);
    return { report: await readStory(running, { story, organization, heard: await opened.hear() }), running };
  } catch (error) {
    await running.close();
    throw error;
  } finally {
    narration?.close?.();
  }
}
