import type { BuildArn } from "../../events/ids.ts";
import { buildVersion } from "../build/build-arn.ts";
import { type LedgerFacts, type RegionFacts, type Stage, stages } from "./facts.ts";
import { type Disuse, type Proof, proveDisuse } from "./prove-disuse.ts";

const HOUR_MS = 3_600_000;

const DAY_MS = 24 * HOUR_MS;

/**
 * Between saying that a build goes and taking it from anybody: whoever looked before has ended by then (no function runs
 * for longer than 15 minutes), and a channel that moved to it meanwhile is seen.
 */
const CONDEMNED_MS = HOUR_MS;

/** Nobody is kept from an AMI for longer because it cannot be found out who uses it. */
const WITHDRAWN_MS = 30 * DAY_MS;

/** A build with what was looked up for it; without regions nothing was. */
export interface RetirableBuild extends LedgerFacts {
  readonly regions: readonly RegionFacts[];
}

/** What becomes of a build. */
export interface Decision {
  readonly image: string;
  readonly build: BuildArn;
  /**
   * `keep`: a rule protects it; `wait`: its time has not come, or it is used, or nobody knows; `give-back`: those who
   * could launch it can again; `gone`: nothing of it is left.
   */
  readonly does:
    | "keep"
    | "wait"
    | "deprecate"
    | "condemn"
    | "withdraw"
    | "disable"
    | "deregister"
    | "give-back"
    | "gone";
  readonly reasons: readonly string[];
  /** GiB of snapshots that go when it is deregistered, by region; empty of what is kept. */
  readonly frees: Readonly<Record<string, number>>;
  /** That nobody uses it, by region; of acts that need that. */
  readonly proof: readonly Proof[];
}

/** What becomes of each build, the same for the same facts. */
export const planRetirement = (builds: readonly RetirableBuild[], patience: Patience): Decision[] =>
  builds.map((build) => planOne(build, patience));

type Chosen = Pick<Decision, "does" | "reasons"> & { readonly proof?: readonly Proof[] };

function planOne(facts: RetirableBuild, patience: Patience): Decision {
  const { does, reasons, proof = [] } = choose(facts, patience);
  const { image, build } = facts;
  return { image, build, does, reasons, proof, frees: does === "keep" || does === "gone" ? {} : freedBy(facts) };
}

function choose(facts: RetirableBuild, patience: Patience): Chosen {
  const { stage, regions, retention, revoked: forGood = false } = facts;
  const { now } = patience;
  const begun = stage?.stage;
  const left = begun === undefined ? [] : regions.filter(({ done }) => !reached(done?.stage, begun));
  if (facts.gone) return { does: "gone", reasons: [] };
  if (facts.givingBack && !facts.revoked) return { does: "give-back", reasons: ["it is being given back"] };
  const kept = whyKept(facts, patience);
  if (kept.length > 0 || !retention) {
    const back = (begun === "condemned" || begun === "withdrawn") && !facts.revoked;
    return { does: back ? "give-back" : "keep", reasons: kept };
  }
  if (regions.length === 0) return wait("it is looked at on another day");
  const from = (seconds: number): number => Date.parse(facts.startedAt) + seconds * 1000;
  const goOn = left.map(({ region }) => `goes on in ${region}`);
  switch (begun) {
    case undefined:
      return { does: "deprecate", reasons: [`it is older than ${retention.deprecateAfter / 86_400} days`] };
    case "deprecated": {
      if (left.length > 0) return { does: "deprecate", reasons: goOn };
      if (from(retention.disableAfter) > now.getTime()) return waitUntil("disabled", from(retention.disableAfter));
      return actOn(proveEverywhere(regions, forGood, now), "condemn");
    }
    case "condemned": {
      if (now.getTime() - Date.parse(stage?.at ?? "") < CONDEMNED_MS) return wait("it was condemned within the hour");
      const disuse = proveEverywhere(regions, forGood, now);
      if (disuse.kind === "used" && !facts.revoked) return { does: "give-back", reasons: disuse.reasons };
      return actOn(disuse, "withdraw");
    }
    case "withdrawn": {
      const disuse = proveEverywhere(regions, forGood, now);
      const tooLong = now.getTime() - Date.parse(stage?.at ?? "") > WITHDRAWN_MS;
      if (!facts.revoked && (disuse.kind === "used" || (disuse.kind === "unproved" && tooLong))) {
        return { does: "give-back", reasons: disuse.reasons };
      }
      return actOn(disuse, left.length > 0 ? "withdraw" : "disable");
    }
    case "disabled": {
      if (left.length > 0) {
        const disuse = proveEverywhere(left, forGood, now);
        if (disuse.kind === "used" && !facts.revoked) return { does: "give-back", reasons: disuse.reasons };
        return actOn(disuse, "disable");
      }
      const enabled = regions.filter(({ ami }) => "found" in ami && ami.found && ami.found.state !== "disabled");
      if (enabled.length > 0) return wait(...enabled.map(({ region }) => `somebody enabled its AMI in ${region}`));
      if (from(retention.retireAfter) > now.getTime()) return waitUntil("deregistered", from(retention.retireAfter));
      return actOn(proveEverywhere(regions, forGood, now), "deregister");
    }
    case "deregistered":
      if (left.length === 0) return { does: "gone", reasons: [] };
      return actOn(proveEverywhere(left, forGood, now), "deregister");
  }
}

/** Whether a region has come as far as a stage, or farther. */
const reached = (done: Stage | undefined, stage: Stage): boolean =>
  done !== undefined && stages.indexOf(done) >= stages.indexOf(stage);

const wait = (...reasons: string[]): Chosen => ({ does: "wait", reasons });

const waitUntil = (what: string, at: number): Chosen => wait(`${what} from ${dayOf(new Date(at).toISOString())} on`);

function actOn(disuse: Everywhere, does: Decision["does"]): Chosen {
  if (disuse.kind !== "proved") return wait(...disuse.reasons);
  const days = disuse.proof.flatMap(({ reports }) => reports.map(({ askedAt }) => dayOf(askedAt))).toSorted();
  const seen = days.length > 0 ? `nobody uses it: reports from ${days[0]} to ${days.at(-1)}` : "nobody can use it";
  return { does, reasons: [seen], proof: disuse.proof };
}

/**
 * From when on nobody but the factory could launch any of these AMIs; undefined where somebody can still. Reports of
 * later days say what stays true.
 */
export function closedSince(regions: readonly RegionFacts[]): string | undefined {
  const closed = regions.flatMap(({ done }) => (done && reached(done.stage, "withdrawn") ? [done.at] : []));
  return closed.length === regions.length ? closed.toSorted().at(-1) : undefined;
}

type Everywhere =
  | { readonly kind: "proved"; readonly proof: readonly Proof[] }
  | { readonly kind: "used" | "unproved"; readonly reasons: readonly string[] };

/** Nobody uses a build whose AMIs nobody uses in any region. */
function proveEverywhere(regions: readonly RegionFacts[], forGood: boolean, now: Date): Everywhere {
  const since = closedSince(regions);
  const proof: Proof[] = [];
  const reasons: Record<Exclude<Disuse["kind"], "proved">, string[]> = { used: [], unproved: [] };
  for (const region of regions) {
    const disuse = proveDisuse(region, { since, forGood, now });
    if (disuse.kind === "proved") proof.push(disuse.proof);
    else reasons[disuse.kind].push(...disuse.reasons);
  }
  if (reasons.used.length > 0) return { kind: "used", reasons: [...reasons.used, ...reasons.unproved] };
  return reasons.unproved.length > 0 ? { kind: "unproved", reasons: reasons.unproved } : { kind: "proved", proof };
}

function freedBy({ regions }: RetirableBuild): Record<string, number> {
  const frees: Record<string, number> = {};
  for (const { region, ami } of regions) {
    if ("found" in ami && ami.found && ami.found.gib > 0) frees[region] = ami.found.gib;
  }
  return frees;
}

/** What one run looks up in EC2 within its time, by the rates that AWS publishes. */
const MOST_LOOKED = 500;

const DAY = 86_400_000;

/**
 * The builds that a run looks up: all that retirement has begun to take from people, and of the others that no rule keeps
 * as many as a run can, the next ones each day.
 * @param builds oldest first
 */
export function chooseLooked(builds: readonly LedgerFacts[], patience: Patience): BuildArn[] {
  const there = builds.filter(({ gone }) => !gone);
  const going = there.filter(({ stage }) => stage && stage.stage !== "deprecated" && stage.stage !== "disabled");
  const others = there.filter((one) => !going.includes(one) && whyKept(one, patience).length === 0);
  const most = Math.max(0, MOST_LOOKED - going.length);
  const day = Math.floor(patience.now.getTime() / DAY);
  const from = others.length > most ? (day * most) % others.length : 0;
  const chosen = [...others.slice(from), ...others.slice(0, from)].slice(0, most);
  return [...going, ...chosen].map(({ build }) => build);
}

const MOST_NAMED = 3;

/** How long a failure, a revocation or a restoration keeps a build. */
interface Patience {
  readonly now: Date;
  readonly evidenceSeconds: number;
}

/** Why a build is not retired, whoever uses it or not; empty: its use decides. */
function whyKept(facts: LedgerFacts, { now, evidenceSeconds }: Patience): string[] {
  const { image, startedAt, retention, published, newer, channels, backFor, rollouts, promoting, awaiting, children } =
    facts;
  if (!retention) return [`images.${image} has no retention`];
  if (!published) return ["it was in no channel; clean-up removes what nobody got"];
  const ended = (at: string, seconds: number) => Date.parse(at) + seconds * 1000 <= now.getTime();
  const reasons = [
    ...channels.map((channel) => `${channel} points at it`),
    ...backFor.map((channel) => `${channel} would go back to it`),
    ...rollouts,
    ...(promoting ? ["its promotion is under way"] : []),
    ...(awaiting === undefined ? [] : [`people are asked whether it may enter ${awaiting}`]),
    ...(newer < retention.keep ? [`it is one of the newest ${retention.keep} of ${image}`] : []),
    ...sayChildren(children),
    ...sayHold(facts.hold, now),
    ...facts.moments
      .filter(({ at }) => !ended(at, evidenceSeconds))
      .map(({ what, at }) => `${what} on ${dayOf(at)}; that is looked after for ${evidenceSeconds / 86_400} days`),
  ];
  if (reasons.length === 0 && !ended(startedAt, retention.deprecateAfter)) {
    return [`it is younger than ${retention.deprecateAfter / 86_400} days`];
  }
  return reasons;
}

function sayChildren(children: LedgerFacts["children"]): string[] {
  if (children.length === 0) return [];
  const named = children.slice(0, MOST_NAMED).map((child) => `${child.split("/")[1]} ${buildVersion(child)}`);
  const more = children.length > MOST_NAMED ? ` and ${children.length - MOST_NAMED} more` : "";
  return [`${named.join(", ")}${more} ${children.length === 1 ? "is" : "are"} made from it`];
}

/** A hold counts up to the end of its day, in UTC. */
export const isHeld = (hold: { readonly until: string } | undefined, now: Date): boolean =>
  hold !== undefined && Date.parse(hold.until) + DAY > now.getTime();

const sayHold = (hold: LedgerFacts["hold"], now: Date): string[] =>
  hold && isHeld(hold, now) ? [`${hold.by} holds it until ${hold.until}: ${hold.reason}`] : [];

const dayOf = (at: string): string => at.slice(0, 10);
