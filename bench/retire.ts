import { stages } from "../core/retirement/facts.ts";
import { type Decision, planRetirement, type RetirableBuild } from "../core/retirement/plan-retirement.ts";
import { parseAmiId, parseBuildArn } from "../events/ids.ts";

/**
 * The retirement plan for ten thousand builds in seventeen regions, each with its AMI and six usage reports of up to fifty
 * accounts. As in the daily run, the facts of five hundred builds and the decisions for all are in memory. Only the decisions
 * are timed. Targets: two seconds, 300 MiB.
 */
const BUILDS = 10_000;
const REGIONS = 17;
/** Builds that one run of the function looks up. */
const AT_ONCE = 500;
const REPORTS = 6;
const USERS = 50;
const ROUNDS = 5;
const MOST_MS = 2_000;
const MOST_MIB = 300;
const DAY_MS = 86_400_000;

const now = new Date("2026-10-20T08:00:00.000Z");
const ago = (days: number): string => new Date(now.getTime() - days * DAY_MS).toISOString();
const mebibytes = (): number => process.resourceUsage().maxRSS / 1024;
const row = (what: string, value: string, wanted = ""): void =>
  console.log(`${what.padEnd(46)}${value.padStart(12)}  ${wanted}`);

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

row("", "", "target");
const took: { wall: number; processor: number }[] = [];
const kinds: Record<string, number> = {};
for (let round = 0; round < ROUNDS; round++) {
  const decisions: Decision[] = [];
  const spent = { wall: 0, processor: 0 };
  for (let from = 0; from < BUILDS; from += AT_ONCE) {
    const builds = Array.from({ length: AT_ONCE }, (_, nth) => makeBuild(from + nth));
    const [began, used] = [performance.now(), process.cpuUsage()];
    decisions.push(...planRetirement(builds, { now, evidenceSeconds: 14 * 86_400 }));
    const { user, system } = process.cpuUsage(used);
    spent.wall += performance.now() - began;
    spent.processor += (user + system) / 1_000;
  }
  took.push(spent);
  if (round === 0) for (const { does } of decisions) kinds[does] = (kinds[does] ?? 0) + 1;
}
const median = (of: "wall" | "processor"): number =>
  took.map((one) => one[of]).toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
const [wall, peak] = [median("wall"), mebibytes()];
row(
  `the plan of ${BUILDS} builds in ${REGIONS} regions`,
  `${wall.toFixed(0)} ms`,
  `${MOST_MS} ms: ${wall < MOST_MS ? "yes" : "NO"}`,
);
row("  processor time", `${median("processor").toFixed(0)} ms`);
row("peak memory of the process", `${peak.toFixed(0)} MiB`, `${MOST_MIB} MiB: ${peak < MOST_MIB ? "yes" : "NO"}`);
row(
  "decisions",
  "",
  Object.entries(kinds)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", "),
);
if (wall >= MOST_MS || peak >= MOST_MIB) process.exitCode = 1;
