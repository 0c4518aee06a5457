import * as fc from "fast-check";
import { type ImageState, readImageStates } from "../../../adapters/build/image-state.ts";
import { findReasonStates } from "../../../adapters/build/reasons.ts";
import { toReasons } from "../../../core/build/reasons.ts";
import type { Trigger } from "../../../events/build.ts";
import { parseAmiId, parseBuildArn } from "../../../events/ids.ts";
import type { TreeAws } from "./tree-aws.ts";
import { type ImageName, images, treeFactory } from "./tree-factory.ts";
import { TreeWorld, type Trouble } from "./tree-world.ts";

/** A trigger, `delay` minutes after the one before it. */
interface Saying {
  readonly image: ImageName;
  readonly what: "schedule" | "packages" | "base" | "manual";
  /** The number of the date, AMI or request; advisories use this one and the next. */
  readonly which: number;
  readonly delay: number;
}

export interface Story {
  readonly sayings: readonly Saying[];
  readonly trouble: Trouble;
  /** A blackout from one minute after the beginning to another. */
  readonly blackout: readonly [number, number] | undefined;
}

const rate = (most: number) => fc.double({ min: 0, max: most, noNaN: true });

export const stories: fc.Arbitrary<Story> = fc.record({
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
export interface Aftermath {
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
export async function liveThrough(aws: TreeAws, story: Story): Promise<Aftermath> {
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
