import type { Blueprint } from "../factory/blueprint.ts";
import { busName } from "../names.ts";
import type { CostKind } from "./items.ts";
import recorded from "./measured-month.json" with { type: "json" };

/** Builds of one kind of image. */
interface MeasuredBuilds {
  readonly images: number;
  readonly builds: number;
  readonly buildHours: number;
  readonly testHours: number;
  /** Builds whose AMI or container image existed at the month's end, in each region. */
  readonly stored: number;
}

/** What the example's factory used in its month on the embedded AWS: `node bench/month/budget.ts --write` writes it. */
export interface MeasuredMonth {
  readonly days: number;
  readonly ami: MeasuredBuilds;
  readonly container: MeasuredBuilds;
  readonly amiGiB: number;
  /** The mean part of the month in which a build's AMI existed. */
  readonly storedShare: number;
  /** DynamoDB's request units, for all calls of the kind. */
  readonly requestUnits: Readonly<Record<"dynamodb-reads" | "dynamodb-writes", number>>;
  /** By state machine. */
  readonly transitions: Readonly<Record<string, number>>;
  /** Billed calls by role; functions also have their invocations, and how many of these a rate schedule caused. */
  readonly callers: Readonly<Record<string, Readonly<Partial<Record<CostKind | "invocations" | "scheduled", number>>>>>;
}

export const measuredMonth: MeasuredMonth = recorded;

/** Hours of the months that estimates without a calendar month assume. */
export const MONTH_HOURS = measuredMonth.days * 24;

const HOURS = { minute: 1 / 60, hour: 1, day: 24 } as const;

/** A resource's name without the factory's prefix; undefined if it does not have it. */
export function ownName(factory: string, name: string): string | undefined {
  const prefix = `${busName(factory)}-`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

/** How often schedules with a rate invoke each function in a month. Those with a cron expression start builds. */
export function scheduledRuns(factory: string, resources: Blueprint["resources"]): Readonly<Record<string, number>> {
  const runs: Record<string, number> = {};
  for (const { type, inputs } of resources) {
    if (type !== "aws:scheduler/schedule:Schedule") continue;
    const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(String(inputs.scheduleExpression)) ?? [];
    const { arn } = inputs.target as { readonly arn: string };
    const name = ownName(factory, arn.slice(arn.lastIndexOf(":") + 1));
    if (!count || !name) continue;
    runs[name] = (runs[name] ?? 0) + MONTH_HOURS / (Number(count) * HOURS[unit as keyof typeof HOURS]);
  }
  return runs;
}
