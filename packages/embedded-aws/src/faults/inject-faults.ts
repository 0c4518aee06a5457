import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import { type AskedOperation, type Interference, setInterference } from "./interference.ts";
import { random } from "./random.ts";
import { contention, internalFailure, regionDown, throttling } from "./service-fault.ts";

/** Later events overtake an event that is this late. */
const OVERTAKEN_MS = 30_000;

/** Most requests that a function sends before it is killed. */
const LONGEST_LIFE = 12;

/** From now on faults are injected as planned. Returns a function that stops it. */
export function injectFaults(aws: EmbeddedAws, plan: FaultPlan): () => void {
  setInterference(aws, interferenceBy(aws, plan));
  return () => setInterference(aws, undefined);
}

function interferenceBy(aws: EmbeddedAws, plan: FaultPlan): Interference {
  // One random series for each kind: faults of events do not change the faults of requests.
  const requests = random(plan.seed);
  const events = random(plan.seed + 0x1000);
  const answers = random(plan.seed + 0x2000);
  const lives = random(plan.seed + 0x3000);
  const reports = random(plan.seed + 0x4000);
  const snapshots = random(plan.seed + 0x5000);
  return {
    async operation(asked, carryOut) {
      if (!isOurs(asked)) return await carryOut();
      const { call } = asked;
      if (isDown(plan, call.region, aws.clock.now())) throw regionDown(call.region);
      if (requests() < (plan.throttled ?? 0)) throw throttling(asked);
      if (requests() < (plan.failedBefore ?? 0)) throw internalFailure(asked);
      if (plan.contended && asked.service === "autoscaling" && requests() < plan.contended) throw contention();
      const output = await carryOut();
      if (requests() < (plan.failedAfter ?? 0)) throw internalFailure(asked);
      return output;
    },
    deliveries() {
      if (events() < (plan.lost ?? 0)) return [];
      const late = wait(plan.delayed, events) + (events() < (plan.reordered ?? 0) ? events() * OVERTAKEN_MS : 0);
      const again = wait(plan.duplicated, events);
      return again > 0 ? [late, late + again] : [late];
    },
    latency: () => wait(plan.slow, answers),
    lifetime() {
      if (lives() >= (plan.killed ?? 0)) return undefined;
      return { calls: 1 + Math.floor(lives() * LONGEST_LIFE), carriedOut: lives() < 0.5 };
    },
    usageReport(call) {
      if (!isOurs({ call })) return undefined;
      if (reports() < (plan.reportsFailed ?? 0)) return "error";
      return reports() < (plan.reportsStuck ?? 0) ? "pending" : undefined;
    },
    snapshotDeletion: (call) => isOurs({ call }) && snapshots() < (plan.snapshotsLeft ?? 0),
  };
}

/** Faults hit only callers in a role: neither AWS's services among themselves nor a caller with an account's key. */
const isOurs = ({ call: { principal } }: Pick<AskedOperation, "call">): boolean =>
  principal.kind === "role" && !principal.roleArn.includes(":role/aws-service-role/");

const isDown = ({ down = [] }: FaultPlan, region: string, now: number): boolean =>
  down.some((span) => span.region === region && now >= span.from && now < span.until);

/** Milliseconds; 0 if nothing is injected. */
function wait(fault: FaultWithWait | undefined, dice: () => number): number {
  if (!fault || dice() >= fault.rate) return 0;
  return Math.max(1, Math.round(dice() * fault.upToMs));
}
/** Which faults occur, and how often. Rates are from 0 (never; the default) to 1 (always). */
export interface FaultPlan {
  /** The same seed in the same run gives the same faults. */
  readonly seed: number;
  /** Requests of functions, state machines and schedules that are throttled with the service's own error. */
  readonly throttled?: number;
  /** Such requests of Auto Scaling that fail with `ResourceContention` and have no effect. */
  readonly contended?: number;
  /** Such requests that fail with a 5xx and have no effect. */
  readonly failedBefore?: number;
  /** Such requests that take effect and still answer with a 5xx. */
  readonly failedAfter?: number;
  /** Answers that functions in this thread receive late, by up to `upToMs`. */
  readonly slow?: FaultWithWait;
  /** Events that are delivered to a target a second time, up to `upToMs` after the first. */
  readonly duplicated?: FaultWithWait;
  /** Events that are delivered to a target up to `upToMs` late. */
  readonly delayed?: FaultWithWait;
  /** Events that are delivered seconds late, so that later ones overtake them. */
  readonly reordered?: number;
  /** Events that are never delivered to a target. */
  readonly lost?: number;
  /** Invocations, in this thread, whose execution environment ends after some of their requests. */
  readonly killed?: number;
  /** Image usage reports that end in `error`. */
  readonly reportsFailed?: number;
  /** Image usage reports that stay `pending` until EC2 deletes them. */
  readonly reportsStuck?: number;
  /** Snapshots that DeregisterImage should delete but does not: `internal-error`. */
  readonly snapshotsLeft?: number;
  /** Regions that answer only 503 for a time span, in milliseconds since the epoch. */
  readonly down?: readonly { readonly region: string; readonly from: number; readonly until: number }[];
}

interface FaultWithWait {
  readonly rate: number;
  readonly upToMs: number;
}
