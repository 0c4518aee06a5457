import { type Cron, InvalidExpression, parseCron } from "./cron.ts";

/** When a schedule runs: at local times, or at a fixed interval. */
export type Expression =
  | { readonly kind: "cron"; readonly cron: Cron }
  | { readonly kind: "rate"; readonly everyMs: number };

const UNITS_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Parses `rate(7 days)` or `cron(0 3 ? * MON *)` as EventBridge Scheduler does.
 * Source: EventBridge Scheduler user guide, "Schedule types"; EventBridge user guide, "Rate expressions reference".
 * @throws InvalidExpression with what would be valid
 */
export function parseExpression(text: string): Expression {
  const { kind, inner = "" } = /^(?<kind>cron|rate)\((?<inner>.*)\)$/.exec(text)?.groups ?? {};
  if (kind === "cron") return { kind, cron: parseCron(inner) };
  if (kind === "rate") return { kind, everyMs: parseRate(inner) };
  throw new InvalidExpression(text, '"cron(0 3 ? * MON *)" or "rate(7 days)"');
}

function parseRate(text: string): number {
  const { count, period, plural } =
    /^(?<count>[1-9]\d{0,5}) (?<period>minute|hour|day)(?<plural>s?)$/.exec(text)?.groups ?? {};
  if (count === undefined || period === undefined || (count === "1") !== (plural === "")) {
    throw new InvalidExpression(text, '"rate(7 days)", "rate(1 hour)" or "rate(30 minutes)"');
  }
  return Number(count) * UNITS_MS[period as keyof typeof UNITS_MS];
}
