import { rolloutSchema } from "../core/factory/rollout-schema.ts";
import { ringParameter } from "../core/names.ts";
import { indexTree, type OrganizationTree } from "../core/organization/organization-tree.ts";
import { decideMode } from "../core/rollout/decide-mode.ts";
import type { OptedInGroup } from "../core/rollout/group.ts";
import { type PlannedGroup, planSteps } from "../core/rollout/plan-rollout.ts";
import { stepsOf, unitsOf, waveOf } from "../core/rollout/waves.ts";
import { peakMiB, since, tookSoFar } from "./measure/figures.ts";
import { row } from "./measure/row.ts";
import { sized } from "./measure/sized.ts";
import { Targets } from "./measure/targets.ts";

/**
 * The plan of a roll-out to ten thousand groups in a thousand accounts and seventeen regions: each group's wave, its mode and
 * its place in the order. AWS's descriptions are already in memory; only the decisions are timed. Targets: five seconds,
 * 400 MiB.
 */
const GROUPS = sized(10_000, 2_000);
const ACCOUNTS = sized(1_000, 200);
const REGIONS = 17;
const OUS = 50;
const ROUNDS = sized(5, 1);
const MOST_MS = 5_000;
const MOST_MIB = 400;

const IMAGE = "base";
const CHANNEL = "stable";
const FACTORY = "acme";

const ouOf = (nth: number): string => `ou-exam-${String(nth).padStart(8, "0")}`;
const accountOf = (nth: number): string => String(400_000_000_000 + nth);
const amiOf = (nth: number): string => `ami-${nth.toString(16).padStart(17, "0")}`;

const tree: OrganizationTree = {
  rootId: "r-exam",
  units: Array.from({ length: OUS }, (_, n) => ({ id: ouOf(n), name: `ou-${n}`, parent: "r-exam" })),
  accounts: Array.from({ length: ACCOUNTS }, (_, n) => ({
    id: accountOf(n),
    name: `account-${n}`,
    parent: ouOf(n % OUS),
    active: true,
  })),
};

const policy = rolloutSchema.parse({
  waves: [
    { name: "canary", organizationalUnits: [ouOf(0)] },
    { name: "early", tag: { stage: "test" } },
    { name: "more", organizationalUnits: Array.from({ length: OUS / 2 }, (_, n) => ouOf(n)) },
    { name: "rest" },
  ],
});
const WAVES = policy.waves.map(({ name }) => name);

/** As Auto Scaling describes it, with all kinds of templates. */
function makeGroup(nth: number): OptedInGroup {
  const mixed = nth % 5 === 0;
  return {
    account: accountOf(nth % ACCOUNTS),
    region: `region-${nth % REGIONS}`,
    name: `group-${nth}`,
    arn: `arn:aws:autoscaling:region-${nth % REGIONS}:${accountOf(nth % ACCOUNTS)}:autoScalingGroup:${nth}:autoScalingGroupName/group-${nth}`,
    tags: {
      "amint:rollout": `${IMAGE}/${CHANNEL}`,
      ...(nth % 7 === 0 && { stage: "test" }),
      ...(nth % 11 === 0 && { "amint:wave": WAVES[nth % WAVES.length] ?? "" }),
    },
    desired: nth % 40,
    min: 0,
    max: 40,
    suspended: [],
    instances: Array.from({ length: nth % 40 }, (_, n) => ({
      id: `i-${nth}-${n}`,
      lifecycle: "InService",
      healthy: true,
      protectedFromScaleIn: false,
    })),
    template: { id: `lt-${nth}`, version: nth % 13 === 0 ? "$Latest" : "3" },
    mixed: mixed
      ? {
          overrides: ["m7i.large", "m6i.large", "m5.large"].map((InstanceType) => ({
            InstanceType,
            ...(nth % 2 === 0 && { ImageId: amiOf(1) }),
          })),
          distribution: {},
        }
      : undefined,
  };
}

const launched = (id: string) => ({ id, architecture: "x86_64", rootDevice: "/dev/xvda", size: 8 });

function planAll(groups: readonly OptedInGroup[]): ReturnType<typeof planSteps> {
  const above = unitsOf(indexTree(tree));
  const planned = groups.map((group): PlannedGroup => {
    const { account, region, name, desired } = group;
    const of = { account, region, group: name, desired };
    const taken = waveOf(group, policy.waves, above);
    if (!("wave" in taken)) return { ...of, wave: "", state: "skipped", why: taken.why };
    const { wave } = taken;
    const resolves = !group.mixed && desired % 2 === 0;
    const decided = decideMode({
      group,
      template: {
        image: resolves ? `resolve:ssm:${ringParameter(FACTORY, IMAGE, CHANNEL, wave)}` : amiOf(1),
        devices: [{ name: "/dev/xvda", snapshot: undefined, size: 20 }],
      },
      wave,
      image: IMAGE,
      channel: CHANNEL,
      factory: FACTORY,
      next: launched(amiOf(2)),
      present: launched(amiOf(1)),
      mayMakeVersions: true,
    });
    return decided.kind === "mode"
      ? { ...of, wave, mode: decided.how.mode, state: "pending" }
      : { ...of, wave, state: "skipped", why: decided.why };
  });
  return planSteps(planned, stepsOf(policy, "normal"));
}

const targets = new Targets();
const groups = Array.from({ length: GROUPS }, (_, nth) => makeGroup(nth));
const withGroups = peakMiB();
const took: number[] = [];
let plan = planAll([]);
for (let round = 0; round < ROUNDS; round++) {
  const began = tookSoFar();
  plan = planAll(groups);
  took.push(since(began).wall);
}
const longest = Math.max(...took);
const all = plan.steps.flatMap((step) => step.groups);
row("groups, accounts, regions", `${GROUPS}, ${ACCOUNTS}, ${REGIONS}`);
row("the plan: waves, modes and order, the slowest", `${longest.toFixed(0)} ms`, `less than ${MOST_MS}`);
for (const { waves, first, groups: own } of plan.steps) {
  row(`  ${first ? "the first group of " : ""}${waves.join(", ")}`, `${own.length} groups`);
}
for (const mode of ["parameter", "version", "override"] as const) {
  const count = all.filter((one) => one.mode === mode).length;
  row(`  ${mode}`, `${count} groups`);
  targets.atLeast(`groups of the mode ${mode}`, count, 1);
}
row("  skipped", `${all.filter(({ state }) => state === "skipped").length} groups`);
row(
  "peak memory",
  `${peakMiB().toFixed(0)} MiB`,
  `less than ${MOST_MIB}; ${withGroups.toFixed(0)} with the groups alone`,
);
targets.atMost("groups that are in no step", GROUPS - all.length - plan.outside.length, 0);
targets.inTime("the plan", longest, MOST_MS);
targets.below("MiB at the peak", peakMiB(), MOST_MIB);
targets.say();
