import type { RetiredBuild, RetiredRegion } from "../../../adapters/ledger/retirements.ts";
import { type Stage, stages } from "../../../core/retire/facts.ts";

/** Whether a stage is done in every region. */
export const isDone = (regions: Iterable<RetiredRegion>, stage: Stage): boolean =>
  [...regions].every(({ done }) => done !== undefined && stages.indexOf(done.stage) >= stages.indexOf(stage));

/** Whether retirement is through with a build: its AMIs are deregistered in all regions. */
export const isGone = (retired: RetiredBuild | undefined): boolean =>
  retired?.retirement?.stage === "deregistered" &&
  retired.regions.size > 0 &&
  isDone(retired.regions.values(), "deregistered");
