import { random } from "embedded-aws/faults";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { nextDates } from "../../core/schedule/next-dates.ts";
import { BUILD, firstArrival, firstStart, type LeadTime, lastChannel, leadTimeInto, sayHours } from "./lead-times.ts";
import { type Advisory, planAdvisories } from "./plan-advisories.ts";
import { DAY, HOUR } from "./timeline.ts";

/** An event outside the factory. `at` is in milliseconds since the epoch. */
export type StoryEvent = { readonly at: number; readonly image: string } & (
  | { readonly kind: "first-build" | "again" }
  /** The requested build fails in a component, as does any other build of the image within `lasts`. */
  | { readonly kind: "failing-component"; readonly lasts: number }
  /** More findings than the gate allows. */
  | { readonly kind: "rejected-gate"; readonly lasts: number; readonly findings: number }
  | { readonly kind: "patch-night" }
  | ({ readonly kind: "advisory" } & Advisory)
  | { readonly kind: "base-update"; readonly parameter: string }
  | { readonly kind: "rollback" | "revocation"; readonly channel: string }
);

export type StoryEventKind = StoryEvent["kind"];

export interface Impossible {
  readonly what: string;
  readonly why: string;
}

export interface Story {
  readonly begin: number;
  readonly end: number;
  /** In chronological order. */
  readonly events: readonly StoryEvent[];
  readonly impossible: readonly Impossible[];
  /** The images in the story. */
  readonly images: readonly string[];
}

export interface StoryOptions {
  readonly account: string;
  readonly begin: number;
  readonly days: number;
  readonly seed: number;
  /** An image: only it and its parents are in the story. */
  readonly only?: string | undefined;
}

/** How long a component fails, or a scanner has findings. */
const TROUBLE = 3 * HOUR;
const MINUTE = 60_000;
const QUIET = 10 * HOUR;
/** Kept free on the last day for the effects. */
const MARGIN = 4 * HOUR;

/** A story with this number of days, and what it cannot contain. The same config, seed and days give the same story. */
export function planStory(factory: Factory, options: StoryOptions): Story {
  const { begin, days, account, only } = options;
  const end = begin + days * DAY;
  const images = only === undefined ? Object.keys(factory.images) : lineOf(factory, only);
  const planner = new Planner(factory, { ...options, end, images });
  const impossible = [...neverEntered(factory, images, account), ...tooLate(factory, images, { account, days })];
  planner.planFirstBuilds();
  planner.planTroubles();
  planner.planPatchNights();
  planner.planWaysBack();
  planner.planUpdates();
  const events = planner.events.toSorted((a, b) => a.at - b.at);
  return { begin, end, events, impossible: [...impossible, ...planner.impossible], images };
}

/** An image and its parents. */
function lineOf({ images }: Pick<Factory, "images">, image: string): string[] {
  const parent = images[image]?.parent;
  return parent && "image" in parent ? [...lineOf({ images }, parent.image), image] : [image];
}

const channelsOf = (factory: Factory, images: readonly string[]) =>
  images.flatMap((image) => (factory.images[image]?.channels ?? []).map(({ name }) => ({ image, channel: name })));

const neverEntered = (factory: Factory, images: readonly string[], account: string): Impossible[] =>
  channelsOf(factory, images).flatMap(({ image, channel }) => {
    const way = firstArrival(factory, image, channel, account);
    return "never" in way ? [{ what: `${image} in ${channel}`, why: way.never }] : [];
  });

const tooLate = (
  factory: Factory,
  images: readonly string[],
  { account, days }: { readonly account: string; readonly days: number },
): Impossible[] =>
  channelsOf(factory, images).flatMap(({ image, channel }) => {
    const way = firstArrival(factory, image, channel, account);
    return "takes" in way && way.takes + MARGIN > days * DAY
      ? [{ what: `${image} in ${channel}`, why: `soaks and approvals on the way take ${sayHours(way.takes)}` }]
      : [];
  });

interface Frame extends StoryOptions {
  readonly end: number;
  readonly images: readonly string[];
}

class Planner {
  readonly events: StoryEvent[] = [];
  readonly impossible: Impossible[] = [];
  readonly #factory: Factory;
  readonly #frame: Frame;
  readonly #draw: () => number;

  constructor(factory: Factory, frame: Frame) {
    this.#factory = factory;
    this.#frame = frame;
    this.#draw = random(frame.seed);
  }

  /** Images with a parent in the factory and `triggers.parent` are not requested: they follow their parent. */
  planFirstBuilds(): void {
    for (const image of this.#frame.images) {
      const start = firstStart(this.#factory, image, this.#frame.account);
      if ("takes" in start && this.#image(image).triggers.parent) continue;
      if ("takes" in start) this.#add({ kind: "first-build", image, at: this.#frame.begin + start.takes });
    }
  }

  planTroubles(): void {
    const failing = this.#pick("a failing component", this.#frame.images, () => 8 * HOUR);
    if (failing) {
      this.#add({ kind: "failing-component", ...failing, lasts: TROUBLE });
      this.#add({ kind: "again", image: failing.image, at: failing.at + TROUBLE + HOUR });
    }
    const counting = this.#frame.images.filter((image) => findingsOver(this.#image(image)) > 0);
    const why = "no image's gate limits findings below the highest score";
    const rejected = this.#pick("a rejected gate", counting, () => 16 * HOUR, why);
    if (rejected) {
      const findings = findingsOver(this.#image(rejected.image));
      this.#add({ kind: "rejected-gate", ...rejected, lasts: TROUBLE, findings });
      this.#add({ kind: "again", image: rejected.image, at: rejected.at + TROUBLE + HOUR });
    }
  }

  planPatchNights(): void {
    const { begin, end, images } = this.#frame;
    const scheduled = images.filter((image) => this.#image(image).triggers.schedule);
    if (scheduled.length === 0) this.#cannot("a patch night", "no image has a schedule");
    for (const image of scheduled) {
      const { schedule } = this.#image(image).triggers;
      const [next] = schedule ? nextDates(schedule, new Date(begin + HOUR), 1) : [];
      const start = firstStart(this.#factory, image, this.#frame.account);
      if (!next) this.#cannot(`a patch night of ${image}`, "its schedule has no date left");
      else if (next.getTime() + MARGIN > end) {
        this.#cannot(`a patch night of ${image}`, `its schedule fires next on ${next.toISOString()}`);
      } else if ("takes" in start && begin + start.takes < next.getTime()) {
        this.#add({ kind: "patch-night", image, at: next.getTime() });
      }
    }
  }

  planUpdates(): void {
    const { images } = this.#frame;
    const { plans, impossible } = planAdvisories(this.#factory, images, this.#draw);
    this.impossible.push(...impossible);
    for (const { candidates, ...advisory } of plans) {
      const what = `an advisory for ${advisory.os}`;
      const picked = this.#pick(what, candidates, (image) => this.#quietAfter(image, this.#arrival(image) + 6 * HOUR));
      if (picked) this.#add({ kind: "advisory", ...picked, ...advisory });
    }
    const named = images.filter((image) => "ssm" in this.#image(image).parent && this.#image(image).triggers.base);
    const byOwner = named.filter((image) => "ami" in this.#image(image).parent);
    const first = this.#planBaseUpdate(
      "a base update",
      named.filter((image) => !byOwner.includes(image)),
      byOwner.length > 0 ? undefined : "no image on an AMI of others has triggers.base",
    );
    // Both can have the same parent AMI.
    const others = byOwner.filter((image) => this.#image(image).os !== (first && this.#image(first).os));
    if (others.length > 0) this.#planBaseUpdate("a newer AMI of a parent's owner", others);
    for (const image of images) {
      const { kind, triggers } = this.#image(image);
      if (kind === "container" && triggers.base) {
        this.#cannot(`a base update of ${image}`, "its parent's registry is outside AWS, and is not simulated");
      }
    }
  }

  /** @returns the image whose parent is updated */
  #planBaseUpdate(what: string, candidates: readonly string[], none?: string): string | undefined {
    if (candidates.length === 0 && none === undefined) return undefined;
    const quiet = (image: string) => this.#quietAfter(image, this.#arrival(image) + 20 * HOUR);
    const picked = this.#pick(what, candidates, quiet, none);
    const parent = picked && this.#image(picked.image).parent;
    if (picked && parent && "ssm" in parent) this.#add({ kind: "base-update", ...picked, parameter: parent.ssm });
    return picked?.image;
  }

  /** A channel with two builds is rolled back; later, the build in a channel is revoked. */
  planWaysBack(): void {
    const { begin, end, images } = this.#frame;
    const latest = end - begin - MARGIN;
    const twice = images.filter((image) => this.#arrival(image) + this.#own(image) + 2 * BUILD + 14 * HOUR < latest);
    const back = twice[Math.floor(this.#draw() * twice.length)];
    if (back === undefined) this.#cannot("a rollback", "no last channel gets two builds in these days");
    else {
      this.#add({ kind: "again", image: back, at: begin + this.#arrival(back) + HOUR });
      this.#add({ kind: "rollback", image: back, channel: lastChannel(this.#image(back)), at: end - 12 * HOUR });
    }
    const arrived = images.filter((image) => this.#arrival(image) + 14 * HOUR < latest);
    const others = arrived.filter((image) => image !== back);
    const some = others.length > 0 ? others : arrived;
    const revoked = some[Math.floor(this.#draw() * some.length)];
    if (revoked === undefined) this.#cannot("a revocation", "no build reaches a last channel in these days");
    else {
      const channel = lastChannel(this.#image(revoked));
      this.#add({ kind: "revocation", image: revoked, channel, at: end - 8 * HOUR });
    }
  }

  #image(name: string): Factory["images"][string] {
    const image = this.#factory.images[name];
    if (!image) throw new Error(`The factory has no image ${name}.`);
    return image;
  }

  #add(planned: StoryEvent): void {
    this.events.push(planned);
  }

  #cannot(what: string, why: string): void {
    this.impossible.push({ what, why });
  }

  /** The earliest time with no planned build of the image in the ten hours after it: such a build would install the update. */
  #quietAfter(image: string, from: number): number {
    const { begin } = this.#frame;
    const builds = this.events
      .filter((one) => one.image === image && one.kind !== "rollback" && one.kind !== "revocation")
      .map(({ at }) => at - begin)
      .toSorted((a, b) => a - b);
    return builds.reduce((at, build) => (build >= at && build < at + QUIET ? build + HOUR : at), from);
  }

  /** When an image's first build is in its last channel, counted from the beginning. */
  #arrival(image: string): number {
    return millisecondsOf(firstArrival(this.#factory, image, lastChannel(this.#image(image)), this.#frame.account));
  }

  #own(image: string): number {
    return millisecondsOf(leadTimeInto(this.#factory, image, lastChannel(this.#image(image)), this.#frame.account));
  }

  /**
   * One of several images, some time after its first build, and early enough for the build that follows to arrive.
   * @param after counted from the image's first build, or from the beginning where it is later
   */
  #pick(
    what: string,
    candidates: readonly string[],
    after: (image: string) => number,
    none = "no image can have it",
  ): { readonly image: string; readonly at: number } | undefined {
    const { begin, end, account } = this.#frame;
    if (candidates.length === 0) {
      this.#cannot(what, none);
      return undefined;
    }
    // Whole minutes: events have no milliseconds.
    const jitter = Math.floor(this.#draw() * 120) * MINUTE;
    const fitting = candidates
      .map((image) => {
        const start = millisecondsOf(firstStart(this.#factory, image, account));
        return { image, at: begin + Math.max(start + 8 * HOUR, after(image)) + jitter };
      })
      .filter(({ image, at }) => at + TROUBLE + HOUR + this.#own(image) + MARGIN < end - 12 * HOUR);
    const picked = fitting[Math.floor(this.#draw() * fitting.length)];
    if (!picked) this.#cannot(what, "what follows from it takes more than these days");
    return picked;
  }
}

const millisecondsOf = (way: LeadTime): number => ("takes" in way ? way.takes : Number.POSITIVE_INFINITY);

/** One critical finding more than the gate's strictest limit allows; 0 if it has no limit. */
function findingsOver({ gate }: Factory["images"][string]): number {
  const { critical, high, medium, score } = gate.cve;
  const limits = [critical, high, medium].filter((one) => one !== undefined);
  if (limits.length > 0) return Math.min(...limits) + 1;
  return score !== undefined && score < 10 ? 1 : 0;
}
