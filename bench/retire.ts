import { stages } from "../core/retirement/facts.ts";
import { type Decision, planRetirement, type RetirableBuild } from "../core/retirement/plan-retirement.ts";
import { parseAmiId, parseBuildArn } from "../events/ids.ts";
import { medians, peakMiB, since, type Took, tookSoFar } from "./measure/figures.ts";
import { row } from "./measure/row.ts";
import { sized } from "./measure/sized.ts";
import { Targets } from "./measure/targets.ts";

/**
 * The retirement plan for ten thousand builds in seventeen regions, each with its AMI and six usage reports of up to fifty
 * accounts. As in the daily run, the facts of five hundred builds and the decisions for all are in memory. Only the decisions
 * are timed. Targets: two seconds, 300 MiB.
 */
const BUILDS = sized(10_000, 1_000);
const REGIONS = 17;
/** Builds that one run of the function looks up. */
const AT_ONCE = 500;
const REPORTS = 6;
const USERS = 50;
const ROUNDS = sized(5, 1);
/** The builds' ages, stages and uses lead to each of them. */
const KINDS = 8;
const MOST_MS = 2_000;
const MOST_MIB = 300;
const DAY_MS = 86_400_000;

const now = new Date("2026-10-20T08:00:00.000Z");
const ago = (days: number): string => new Date(now.getTime() - days * DAY_MS).toISOString();

/** As from the ledger: no strings are shared between builds. */
function makeBuild(nth: number): RetirableBuild {
  const stage = stages[nth % (stages.length + 1)];
  const users =
    nth % 5 === 0 ? Array.from({ length: USERS }, (_, n) => `${400_000_000_000 + n} has 1 instance(s)`) : [];
  return {
    image: `image-${nth % 20}`,
    build: parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-image-${nth % 20}/1.0.0/${nth}`),
    startedAt: ago(30 + (nth % 400)),
    retention: { keep: 3, deprecateAfter: 60 * 86_400, disableAfter: 120 * 86_400, retireAfter: 180 * 86_400 },
    published: true,
    newer: nth % 500,
    channels: [],
    backFor: [],
    rollouts: [],
    promoting: false,
    children: [],
    moments: [],
    ...(stage && { stage: { stage, at: ago(20) } }),
    regions: Array.from({ length: REGIONS }, (_, region) => ({
      region: `region-${region}`,
      artifact: parseAmiId(`ami-${(nth * REGIONS + region).toString(16).padStart(17, "0")}`),
      ami: { found: { state: "available", deprecated: true, public: false, protected: true, gib: 8 } },
      references: { found: [] },
      reports: Array.from({ length: REPORTS }, (_, n) => ({
        id: `imgusgrpt-${nth}-${region}-${n}`,
        askedAt: ago(5 * (REPORTS - n) - 4),
        found: { state: "complete" as const, users: n === REPORTS - 1 && region === 0 ? users : [] },
      })),
      ...(stage && { done: { stage, at: ago(19) } }),
    })),
  };
}

const kinds: Record<string, number> = {};
const took: Took[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const decisions: Decision[] = [];
  const spent = { wall: 0, processor: 0 };
  for (let from = 0; from < BUILDS; from += AT_ONCE) {
    const builds = Array.from({ length: AT_ONCE }, (_, nth) => makeBuild(from + nth));
    const began = tookSoFar();
    decisions.push(...planRetirement(builds, { now, evidenceSeconds: 14 * 86_400 }));
    const { wall, processor } = since(began);
    spent.wall += wall;
    spent.processor += processor;
  }
  took.push(spent);
  if (round === 0) for (const { does } of decisions) kinds[does] = (kinds[does] ?? 0) + 1;
}

const [{ wall, processor }, peak] = [medians(took), peakMiB()];
row(`the plan of ${BUILDS} builds in ${REGIONS} regions`, `${wall.toFixed(0)} ms`, `less than ${MOST_MS}`);
row("  processor time", `${processor.toFixed(0)} ms`);
row("peak memory of the process", `${peak.toFixed(0)} MiB`, `less than ${MOST_MIB}`);
const counts = Object.entries(kinds).map(([kind, count]) => `${count} ${kind}`);
row("decisions", "", counts.join(", "));
const targets = new Targets();
const decided = Object.values(kinds).reduce((sum, count) => sum + count, 0);
targets.equal("decisions", decided, BUILDS);
targets.equal("kinds of decisions", counts.length, KINDS);
targets.inTime("the plan", wall, MOST_MS);
targets.below("MiB at the peak", peak, MOST_MIB);
targets.say();
