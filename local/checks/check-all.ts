import { exportFaults } from "./exported.ts";
import { storyFaults } from "./happened.ts";
import { noticeFaults } from "./notified.ts";
import { gateFaults, publishedFaults } from "./published.ts";
import { reachFaults } from "./reach.ts";
import type { StoryReport } from "./story-report.ts";

export const parkedFaults = ({ parked }: Pick<StoryReport, "parked">): string[] =>
  parked.map(({ queue, messages }) => `${queue} holds ${messages} event(s)`);

/** Checks after every story, by their names in the summary. */
export const checks: Readonly<Record<string, (report: StoryReport) => string[]>> = {
  "every channel is published in its regions": publishedFaults,
  "every channel can be launched or pulled by the accounts it is shared with, and by no others": reachFaults,
  "no channel points at a build without its gate and approvals": gateFaults,
  "every channel with exports has its files": exportFaults,
  "no dead-letter queue holds an event": parkedFaults,
  "every refusal, failure and move has its notice": noticeFaults,
  "everything in the story had its effect": storyFaults,
};
