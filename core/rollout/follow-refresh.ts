import type { Rollout } from "../factory/rollout-schema.ts";
import { LEFT_ALONE } from "./ask-refresh.ts";
import type { TargetRecord } from "./records.ts";

/** An instance refresh as described by EC2 Auto Scaling. */
export interface Refresh {
  readonly id: string;
  /** `InstanceRefresh.Status` of the API reference. */
  readonly status: string;
  readonly reason?: string | undefined;
  readonly startedAt?: string | undefined;
  /** The desired configuration and the preferences, by which Amint recognizes its own refreshes. */
  readonly desired: unknown;
  readonly preferences: Readonly<Record<string, unknown>>;
}

const ACTIVE: ReadonlySet<string> = new Set(["Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress"]);
/** While a refresh is active, AWS rejects another one. */
export const isActive = ({ status }: Pick<Refresh, "status">): boolean => ACTIVE.has(status);

/** Attempts if refreshes are cancelled by others. */
const MOST_TRIES = 3;

interface Seen {
  readonly refresh: Refresh;
  /** Why the group's last launch failed since the refresh started; events and refreshes do not report it. */
  readonly launchFailure?: string | undefined;
  /** Alarms of the refresh that are in ALARM, because AWS does not document the reason that it reports. */
  readonly alarming?: readonly string[] | undefined;
  readonly now: Date;
}

/** The new state of a group whose refresh was in progress. */
export function followRefresh(
  target: TargetRecord,
  { refresh, launchFailure, alarming = [], now }: Seen,
): TargetRecord {
  if (isActive(refresh)) return target;
  const why = [refresh.reason, launchFailure].filter(Boolean).join("; ") || `its refresh is ${refresh.status}`;
  const over = { ...target, intent: undefined, endedAt: now.toISOString() };
  const failed = { ...over, state: "failed", failed: true, alarmed: alarming.length > 0 } as const;
  const goesBack = target.state === "returning";
  // The group must roll back, but this refresh went forward: the rollback's refresh comes next.
  const turns = goesBack && target.refresh?.towards === "new";
  if (turns && refresh.status !== "RollbackSuccessful") return { ...target, intent: undefined, refresh: undefined };
  switch (refresh.status) {
    case "Successful":
      // The reason why it was not rolled back is kept.
      return goesBack
        ? { ...over, state: "returned" }
        : { ...over, state: "done", why: target.turned ? target.why : undefined };
    case "RollbackSuccessful":
      return goesBack ? { ...over, state: "returned" } : { ...failed, why: `AWS rolled it back: ${why}` };
    case "Cancelled":
      if (target.tries >= MOST_TRIES)
        return { ...failed, why: `its refresh was cancelled ${target.tries} times: ${why}` };
      return {
        ...target,
        intent: undefined,
        refresh: undefined,
        state: goesBack ? "returning" : "pending",
        why: `its refresh was cancelled: ${why}`,
      };
    default:
      return { ...failed, why: goesBack ? `it could not be rolled back: ${why}` : why };
  }
}

/** Finds the intended refresh among a group's refreshes, if the call's response was lost. */
export function findIntended(
  refreshes: readonly Refresh[],
  { intent }: Pick<TargetRecord, "intent">,
  asked: Pick<Refresh, "desired" | "preferences">,
): Refresh | undefined {
  if (!intent) return undefined;
  // Newest first: refreshes before the one that was the newest at that time are newer than the intent.
  const since = refreshes.findIndex(({ id }) => id === intent.newest);
  const newer = since < 0 ? refreshes : refreshes.slice(0, since);
  return newer.find((one) => isAsAsked(one, asked));
}

/** Settings of every refresh that Amint starts. */
type Usual = Pick<Rollout, "minHealthy" | "maxHealthy">;

/** The same for an active refresh of another roll-out, whose roll-out and group are not available. */
export function findOwnActive(
  refreshes: readonly Refresh[],
  { intent, refresh }: Pick<TargetRecord, "intent" | "refresh">,
  { minHealthy, maxHealthy }: Usual,
): Refresh | undefined {
  const active = refreshes.find(isActive);
  if (!active || active.id === refresh?.id) return active;
  const preferences = { MinHealthyPercentage: minHealthy, MaxHealthyPercentage: maxHealthy, ...LEFT_ALONE };
  return findIntended([...refreshes], { intent }, { desired: undefined, preferences })?.id === active.id
    ? active
    : undefined;
}

/** Whether a refresh was started with these settings. AWS may return additional settings. */
const isAsAsked = (refresh: Refresh, asked: Pick<Refresh, "desired" | "preferences">): boolean =>
  covers(refresh.desired ?? {}, asked.desired ?? {}) && covers(refresh.preferences, asked.preferences);

function covers(found: unknown, asked: unknown): boolean {
  if (asked === undefined) return true;
  if (typeof asked !== "object" || asked === null) return found === asked;
  if (typeof found !== "object" || found === null) return false;
  return Object.entries(asked).every(([key, value]) => covers((found as Record<string, unknown>)[key], value));
}
