import type { Decision } from "../../core/retirement/plan-retirement.ts";
import { styled } from "../command/print.ts";

const words: Readonly<Record<Decision["does"], string>> = {
  keep: "keep",
  wait: "wait",
  deprecate: "deprecate",
  condemn: "condemn",
  withdraw: "withdraw",
  disable: "disable",
  deregister: "deregister",
  "give-back": "give back",
  gone: "gone",
};
const WIDTH = Math.max(...Object.values(words).map((word) => word.length));

/** Each image's builds, oldest first, with what becomes of them, why, and what that frees; then the sums. */
export function drawDecisions(decisions: readonly Decision[]): string {
  if (decisions.length === 0) return "no image of factory.config.ts has a retention, or none has a build";
  const there = decisions.filter(({ does }) => does !== "gone");
  const images = [...Map.groupBy(there, ({ image }) => image)].map(([image, some]) =>
    [styled("bold", image), ...some.flatMap(drawOne)].join("\n"),
  );
  const gone = decisions.length - there.length;
  return [...images, [...drawFreed(there), ...(gone > 0 ? [`${gone} retired before`] : [])].join("\n")].join("\n\n");
}

function drawOne({ build, does, reasons, frees }: Decision): string[] {
  const version = build.split("/").slice(2).join("/").padEnd(10);
  const size = sum(frees);
  const freed = size > 0 ? styled("dim", `  (${toGiB(size)})`) : "";
  const [first = "", ...more] = reasons;
  const indent = " ".repeat(2 + version.length + 1 + WIDTH + 2);
  return [
    `  ${version} ${words[does].padEnd(WIDTH)}  ${first}${freed}`,
    ...more.map((reason) => styled("dim", `${indent}${reason}`)),
  ];
}

/** By region, of what is neither kept nor waits. */
function drawFreed(decisions: readonly Decision[]): string[] {
  const frees: Record<string, number> = {};
  const due = decisions.filter(({ frees: one }) => Object.keys(one).length > 0);
  for (const { frees: one } of due) {
    for (const [region, gib] of Object.entries(one)) frees[region] = (frees[region] ?? 0) + gib;
  }
  const regions = Object.entries(frees).map(([region, gib]) => `${region} ${toGiB(gib)}`);
  return regions.length > 0 ? [`snapshots of the ${due.length} builds that no rule keeps: ${regions.join(", ")}`] : [];
}

const sum = (frees: Decision["frees"]): number => Object.values(frees).reduce((all, gib) => all + gib, 0);
const toGiB = (gib: number): string => `${gib < 10 ? gib.toFixed(1) : Math.round(gib)} GiB`;
