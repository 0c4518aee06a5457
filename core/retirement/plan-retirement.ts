import type { BuildArn } from "../../events/ids.ts";
import { buildVersion } from "../build/build-arn.ts";
import { type LedgerFacts, type RegionFacts, type Stage, stages } from "./facts.ts";
import { type Disuse, type Proof, proveDisuse } from "./prove-disuse.ts";

const HOUR_MS = 3_600_000;

const DAY_MS = 24 * HOUR_MS;

/**
 * The time between the pending stage and unsharing a build. Functions that read the build before have ended by then (none
 * runs longer than 15 minutes), and a channel that moved to it in the meantime is seen.
 */
const CONDEMNED_MS = HOUR_MS;

/** An AMI stays unshared for at most this time while its use cannot be determined. */
const WITHDRAWN_MS = 30 * DAY_MS;

/** A build with its lookups; without regions, nothing was looked up. */
export interface RetirableBuild extends LedgerFacts {
  readonly regions: readonly RegionFacts[];
}

/** The next step of a build's retirement. */
export interface Decision {
  readonly image: string;
  readonly build: BuildArn;
  /**
   * `keep`: a rule protects it; `wait`: it is too young, in use, or its use is unknown; `give-back`: its launch permissions
   * are restored; `gone`: it is removed everywhere.
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
  /** GiB of snapshots that deregistering it frees, by region; empty if it is kept. */
  readonly frees: Readonly<Record<string, number>>;
  /** The proof that it is unused, by region, for steps that need it. */
  readonly proof: readonly Proof[];
}

/** Decides the next step of each build, the same for the same facts. */
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
  if (facts.givingBack && !facts.revoked)
    return { does: "give-back", reasons: ["its launch permissions are being restored"] };
  const kept = whyKept(facts, patience);
  if (kept.length > 0 || !retention) {
    const back = (begun === "condemned" || begun === "withdrawn") && !facts.revoked;
    return { does: back ? "give-back" : "keep", reasons: kept };
  }
  if (regions.length === 0) return wait("it was not checked today; a later run checks it");
  const from = (seconds: number): number => Date.parse(facts.startedAt) + seconds * 1000;
  const goOn = left.map(({ region }) => `continues in ${region}`);
  switch (begun) {
    case undefined:
      return { does: "deprecate", reasons: [`it is older than ${retention.deprecateAfter / 86_400} days`] };
    case "deprecated": {
      if (left.length > 0) return { does: "deprecate", reasons: goOn };
      if (from(retention.disableAfter) > now.getTime()) return waitUntil("disabled", from(retention.disableAfter));
      return actOn(proveEverywhere(regions, forGood, now), "condemn");
    }
    case "condemned": {
      if (now.getTime() - Date.parse(stage?.at ?? "") < CONDEMNED_MS)
        return wait("its retirement has been pending for less than an hour");
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
      if (enabled.length > 0) return wait(...enabled.map(({ region }) => `its AMI in ${region} was enabled manually`));
      if (from(retention.retireAfter) > now.getTime()) return waitUntil("deregistered", from(retention.retireAfter));
      return actOn(proveEverywhere(regions, forGood, now), "deregister");
    }
    case "deregistered":
      if (left.length === 0) return { does: "gone", reasons: [] };
      return actOn(proveEverywhere(left, forGood, now), "deregister");
  }
}

/** Whether a region has reached a stage. */
const reached = (done: Stage | undefined, stage: Stage): boolean =>
  done !== undefined && stages.indexOf(done) >= stages.indexOf(stage);

const wait = (...reasons: string[]): Chosen => ({ does: "wait", reasons });

const waitUntil = (what: string, at: number): Chosen => wait(`${what} from ${dayOf(new Date(at).toISOString())} on`);

function actOn(disuse: Everywhere, does: Decision["does"]): Chosen {
  if (disuse.kind !== "proved") return wait(...disuse.reasons);
  const days = disuse.proof.flatMap(({ reports }) => reports.map(({ askedAt }) => dayOf(askedAt))).toSorted();
  const seen = days.length > 0 ? `unused: usage reports from ${days[0]} to ${days.at(-1)}` : "its AMIs no longer exist";
  return { does, reasons: [seen], proof: disuse.proof };
}

/**
 * Since when only the factory can launch these AMIs; undefined while others can. The results of later usage reports stay
 * true.
 */
export function closedSince(regions: readonly RegionFacts[]): string | undefined {
  const closed = regions.flatMap(({ done }) => (done && reached(done.stage, "withdrawn") ? [done.at] : []));
  return closed.length === regions.length ? closed.toSorted().at(-1) : undefined;
}

type Everywhere =
  | { readonly kind: "proved"; readonly proof: readonly Proof[] }
  | { readonly kind: "used" | "unproved"; readonly reasons: readonly string[] };

/** A build is unused if its AMIs are unused in all regions. */
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

/** How many builds one run can look up in EC2 within its time, by AWS's published rates. */
const MOST_LOOKED = 500;

const DAY = 86_400_000;

/**
 * The builds that a run looks up: all that are pending or being unshared, and as many as possible of the others that no rule
 * keeps, in daily rotation.
 * @param builds oldest first
 */
export function chooseChecked(builds: readonly LedgerFacts[], patience: Patience): BuildArn[] {
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

/** Why a build is kept whether it is used or not; empty if its use decides. */
function whyKept(facts: LedgerFacts, { now, evidenceSeconds }: Patience): string[] {
  const { image, startedAt, retention, published, newer, channels, backFor, rollouts, promoting, awaiting, children } =
    facts;
  if (!retention) return [`images.${image} has no retention`];
  if (!published) return ["it was never in a channel; clean-up removes such builds"];
  const ended = (at: string, seconds: number) => Date.parse(at) + seconds * 1000 <= now.getTime();
  const reasons = [
    ...channels.map((channel) => `${channel} points at it`),
    ...backFor.map((channel) => `${channel} would roll back to it`),
    ...rollouts,
    ...(promoting ? ["its promotion is in progress"] : []),
    ...(awaiting === undefined ? [] : [`its approval for ${awaiting} is pending`]),
    ...(newer < retention.keep ? [`it is one of the newest ${retention.keep} of ${image}`] : []),
    ...sayChildren(children),
    ...sayHold(facts.hold, now),
    ...facts.moments
      .filter(({ at }) => !ended(at, evidenceSeconds))
      .map(({ what, at }) => `${what} on ${dayOf(at)}; it is kept for ${evidenceSeconds / 86_400} days after that`),
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
  return [`${named.join(", ")}${more} ${children.length === 1 ? "is" : "are"} based on it`];
}

/** A hold ends at the end of its day, in UTC. */
export const isHeld = (hold: { readonly until: string } | undefined, now: Date): boolean =>
  hold !== undefined && Date.parse(hold.until) + DAY > now.getTime();

const sayHold = (hold: LedgerFacts["hold"], now: Date): string[] =>
  hold && isHeld(hold, now) ? [`${hold.by} holds it until ${hold.until}: ${hold.reason}`] : [];

const dayOf = (at: string): string => at.slice(0, 10);
