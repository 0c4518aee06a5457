import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Trigger } from "../../events/build.ts";
import { sizeOf } from "../whole/deep/size.ts";
import { bootTreeAws } from "./one-start/tree-aws.ts";
import { childrenOf, images } from "./one-start/tree-factory.ts";
import { type Aftermath, liveThrough, stories } from "./one-start/tree-story.ts";

const { runs, seed } = sizeOf({ quick: 50, deep: 1_000 });

test("in any order of triggers, repeated or lost, each reason received starts one build or is refused, and it ends", async () => {
  const aws = await bootTreeAws();
  await fc.assert(
    fc.asyncProperty(stories, async (story) => {
      expect(brokenRules(await liveThrough(aws, story))).toEqual([]);
    }),
    { numRuns: runs, seed, endOnFailure: true },
  );
});

const brokenRules = (after: Aftermath): string[] => [
  ...(after.atRest ? [] : ["it never comes to rest"]),
  ...startedTwice(after),
  ...startedUnknown(after),
  ...lostReasons(after),
  ...missedParents(after),
  ...toldOtherThanOnce(after),
];

const reasonsOf = (trigger: Trigger): string[] => {
  switch (trigger.kind) {
    case "packages":
      return [...trigger.advisories.map(({ id }) => id), ...trigger.others];
    case "parent":
      return [trigger.parentBuild];
    case "base":
      return [`${trigger.from} ${trigger.to}`];
    case "schedule":
      return [trigger.scheduledTime];
    case "manual":
      return [trigger.requestedBy];
  }
};

const repeated = (all: readonly string[]): string[] => all.filter((one, index) => all.indexOf(one) !== index);

/** No two builds of an image have a reason in common. */
function startedTwice({ states }: Aftermath): string[] {
  return [...states].flatMap(([image, { builds }]) =>
    repeated(builds.flatMap(({ triggers }) => triggers.flatMap(reasonsOf))).map(
      (reason) => `${image} was built twice because of ${reason}`,
    ),
  );
}

/** Image Builder made the builds that the ledger knows, and no others. */
function startedUnknown({ states, world }: Aftermath): string[] {
  const known = new Set<string>([...states.values()].flatMap(({ builds }) => builds.map(({ build }) => build)));
  const strangers = [...states.values()].flatMap(({ builds }) => builds.filter(({ config }) => config === undefined));
  return [
    ...world.started.filter((build) => !known.has(build)).map((build) => `the ledger does not know ${build}`),
    ...strangers.map(({ build }) => `the ledger does not know who started ${build}`),
  ];
}

/** Every reason that a function received became a build, or is refused permanently. */
const lostReasons = ({ fates }: Aftermath): string[] =>
  [...fates]
    .filter(([, fate]) => fate !== "started" && fate !== "suppressed")
    .map(([reason, fate]) => `${reason} is ${fate}`);

/** Each child has been built from the build that its parent's channel points at. */
const missedParents = ({ states }: Aftermath): string[] =>
  images.flatMap((parent) => {
    const promoted = states.get(parent)?.channels.stable?.build;
    return childrenOf(parent)
      .filter((child) => promoted && !states.get(child)?.builds.some(({ parentBuild }) => parentBuild === promoted))
      .map((child) => `${child} was not built from ${promoted}`);
  });

/** Each start is reported, and once unless a function was killed over it; so is each wait and refusal, once for each cause. */
function toldOtherThanOnce({ world, states, story }: Aftermath): string[] {
  const builds = [...states.values()].flatMap((state) => state.builds.map(({ build }) => build));
  const starts = world.said.filter(({ name }) => name === "build.started").map(({ detail }) => String(detail.build));
  const held = world.said
    .filter(({ name }) => name === "trigger.suppressed")
    .flatMap(({ detail: { image, triggers, code } }) =>
      (triggers as Trigger[]).flatMap(reasonsOf).map((reason) => `${image} ${reason} ${code}`),
    );
  return [
    ...builds.filter((build) => !starts.includes(build)).map((build) => `no event says that ${build} was started`),
    ...(story.trouble.killed > 0 ? [] : repeated([...starts, ...held]).map((what) => `told more than once: ${what}`)),
  ];
}
