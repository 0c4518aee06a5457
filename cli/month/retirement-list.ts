import { drawDecisions } from "../retire/draw-decisions.ts";
import type { LaterMonths } from "./later-months.ts";
import { timelineLine } from "./timeline.ts";

/** When builds were disabled and deregistered, and what `amint retire --plan` says of all of them at the end. */
export const retirementList = ({ events, decisions }: LaterMonths): string =>
  [
    ...events.filter(({ detailType }) => detailType === "build.retired").map(timelineLine),
    "",
    "$ amint retire --plan",
    "",
    drawDecisions(decisions),
  ].join("\n");
