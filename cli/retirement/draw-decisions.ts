import type { Decision } from "../../core/retirement/plan-retirement.ts";
import { styled } from "../command/print.ts";

const words: Readonly<Record<Decision["does"], string>> = {
  keep: "keep",
  wait: "wait",
  deprecate: "deprecate",
  condemn: "pending",
  withdraw: "unshare",
  disable: "disable",
  deregister: "deregister",
  "give-back": "restore",
  gone: "gone",
};
const WIDTH = Math.max(...Object.values(words).map((word) => word.length));

/** Each image's builds, oldest first, with the decision, its reasons and the size of snapshots; then the totals. */
export function drawDecisions(decisions: readonly Decision[]): string {
  if (decisions.length === 0) return "no image in factory.config.ts has both retention and builds";
  const there = decisions.filter(({ does }) => does !== "gone");
  const images = [...Map.groupBy(there, ({ image }) => image)].map(([image, some]) =>
    [styled("bold", image), ...some.flatMap(drawOne)].join("\n"),
  );
  const gone = decisions.length - there.length;
  return [...images, [...drawFreed(there), ...(gone > 0 ? [`${gone} already retired`] : [])].join("\n")].join("\n\n");
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

/** The size by region of builds that are neither kept nor waiting. */
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
