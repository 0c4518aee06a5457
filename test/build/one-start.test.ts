import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type ImageState, readImageStates } from "../../adapters/build/image-state.ts";
import { findReasonStates } from "../../adapters/build/reasons.ts";
import { toReasons } from "../../core/build/reasons.ts";
import type { Trigger } from "../../events/build.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";
import { sizeOf } from "../whole/deep/size.ts";
import { bootTreeAws, type TreeAws } from "./one-start/tree-aws.ts";
import { childrenOf, type ImageName, images, treeFactory } from "./one-start/tree-factory.ts";
import { TreeWorld, type Trouble } from "./one-start/tree-world.ts";

/** A trigger, `delay` minutes after the one before it. */
interface Saying {
  readonly image: ImageName;
  readonly what: "schedule" | "packages" | "base" | "manual";
  /** The number of the date, AMI or request; advisories use this one and the next. */
  readonly which: number;
  readonly delay: number;
}

interface Story {
  readonly sayings: readonly Saying[];
  readonly trouble: Trouble;
  /** A blackout from one minute after the beginning to another. */
  readonly blackout: readonly [number, number] | undefined;
}

const rate = (most: number) => fc.double({ min: 0, max: most, noNaN: true });

const stories: fc.Arbitrary<Story> = fc.record({
  sayings: fc.array(
    fc.record({
      image: fc.constantFrom(...images),
      what: fc.constantFrom(
        "schedule" as const,
        "packages" as const,
        "packages" as const,
        "base" as const,
        "manual" as const,
      ),
      which: fc.nat(2),
      delay: fc.oneof(fc.constant(0), fc.nat(60), fc.nat(240)),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  trouble: fc.record({
    seed: fc.nat(),
    lost: rate(0.5),
    late: rate(0.6),
    duplicated: rate(0.5),
    killed: fc.oneof(fc.constant(0), rate(0.4)),
    failing: rate(0.7),
  }),
  blackout: fc
    .option(fc.tuple(fc.nat(200), fc.nat(600)), { nil: undefined, freq: 2 })
    .map((span) => span && ([span[0], span[0] + span[1] + 1] as const)),
});

/** The result of a story when everything is at rest. */
interface Aftermath {
  readonly story: Story;
  readonly world: TreeWorld;
  readonly states: ReadonlyMap<string, ImageState>;
  /** Reasons that a function handled to the end at least once, by their image and token. */
  readonly heard: ReadonlyMap<string, { image: string; token: string }>;
  readonly fates: ReadonlyMap<string, string>;
  readonly atRest: boolean;
}

let told = 0;

/** Runs a random history, then continues without faults until nothing is left to do. */
async function liveThrough(aws: TreeAws, story: Story): Promise<Aftermath> {
  const { sayings, trouble, blackout } = story;
  const number = ++told;
  const begin = aws.clock.now();
  const span = blackout && { from: begin + blackout[0] * 60_000, to: begin + blackout[1] * 60_000 + 60_000 };
  const world = new TreeWorld(aws, treeFactory({ blackout: span }), trouble);
  const heard = new Map<string, { image: string; token: string }>();
  try {
    for (const saying of sayings) {
      await world.pass(saying.delay);
      say(world, saying, number, heard);
      if (saying.delay > 120) world.reconcile();
    }
    await world.pass(30);
    world.calmDown();
    const atRest = await comeToRest(world, number);
    const states = await readImageStates(world.ledger, images);
    const fates = new Map<string, string>();
    for (const [key, { image, token }] of heard) {
      fates.set(key, (await findReasonStates(world.ledger, image, [token])).get(token) ?? "unknown");
    }
    return { story, world, states, heard, fates, atRest };
  } finally {
    world.close();
  }
}

function say(
  world: TreeWorld,
  { image, what, which }: Saying,
  story: number,
  heard: Map<string, { image: string; token: string }>,
) {
  const trigger = triggerOf({ what, which }, story);
  const { kind, ...rest } = trigger;
  const event = { ...rest, trigger: kind, image, ...(kind === "manual" && { request: trigger.requestedBy }) };
  const request = trigger.kind === "manual" ? trigger.requestedBy : "";
  world.ask(event as Parameters<TreeWorld["ask"]>[0], () => {
    for (const { token } of toReasons(image, trigger, request)) heard.set(`${image}/${token}`, { image, token });
  });
}

/** Unlike in every other story: pipelines remember client tokens. */
function triggerOf({ what, which }: Pick<Saying, "what" | "which">, story: number): Trigger {
  switch (what) {
    case "schedule":
      return { kind: "schedule", scheduledTime: new Date(story * 100_000 + which * 1000).toISOString() };
    case "base": {
      const ami = (n: number) => parseAmiId(`ami-${(story * 10 + n).toString(16).padStart(17, "0")}`);
      return { kind: "base", name: "/aws/service/somewhere", from: ami(which), to: ami(which + 1) };
    }
    case "manual":
      return { kind: "manual", requestedBy: `ada-${story}-${which}` };
    case "packages":
      return {
        kind: "packages",
        build: looked,
        advisories: [advisory(`A-${story}-${which}`)],
        others: [`A-${story}-${which + 1}`],
      };
  }
}

const looked = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/tree-root/1.0.0/1");
const advisory = (id: string) => ({
  id,
  severity: "unknown" as const,
  cves: [],
  packages: [{ name: "openssl", architecture: "amd64", installed: "3.0.1", fixed: "3.0.2" }],
});

/** Longer than any blackout, and than sequential builds of all images of the tree. */
const MOST_ROUNDS = 60;

/** Lets hours pass, and requests builds that only start on request, until nothing waits or runs. */
async function comeToRest(world: TreeWorld, story: number): Promise<boolean> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    world.reconcile();
    await world.pass(121);
    const states = await readImageStates(world.ledger, images);
    const open = [...states].filter(
      ([, { claim, pending, builds }]) => claim || pending.length > 0 || builds.some(({ settled }) => !settled),
    );
    if (open.length === 0 && world.quiet && round > 0) return true;
    for (const image of wanted(open)) {
      const requestedBy = `grace-${story}-${round}`;
      world.ask({ trigger: "manual", image, requestedBy, request: requestedBy });
    }
  }
  return false;
}

/** Images to request: those that only a request starts, and the tree's root if a parent has no build. */
function wanted(open: readonly (readonly [string, ImageState])[]): Set<string> {
  const asked = open.flatMap(([image, { pending }]) =>
    pending.flatMap(({ held }) => (held?.code === "breaker" ? [image] : held?.code === "parent" ? ["root"] : [])),
  );
  return new Set(asked);
}

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
