import { AwsError } from "../../engine/aws-error.ts";
import { parseCron } from "./cron.ts";
import { momentOf, wallTime } from "./wall-clock.ts";

/** When a schedule is due. Moments are milliseconds since the epoch. */
export interface Expression {
  /** The next time after `moment`. `start` is where a rate begins to count. Undefined: never again. */
  next(moment: number, start: number): number | undefined;
}

const UNITS_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Reads `at(yyyy-mm-ddThh:mm:ss)`, `rate(5 minutes)` or `cron(0 3 ? * 3#2 *)`.
 * Source: EventBridge Scheduler user guide, "Schedule types".
 */
export function parseExpression(text: string, zone: string): Expression {
  const [, kind, inner = ""] = /^(at|rate|cron)\((.*)\)$/s.exec(text) ?? [];
  const expression =
    kind === "at"
      ? parseAt(inner, zone)
      : kind === "rate"
        ? parseRate(inner)
        : kind === "cron"
          ? inZone(inner, zone)
          : undefined;
  if (!expression) throw new AwsError("ValidationException", `Invalid Schedule Expression ${text}.`);
  return expression;
}

function parseAt(text: string, zone: string): Expression | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(text)) return undefined;
  const wall = Date.parse(`${text}Z`);
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(text)) return undefined;
  const due = momentOf(wall, zone);
  return { next: (moment) => (due !== undefined && due > moment ? due : undefined) };
}

function parseRate(text: string): Expression | undefined {
  const [, count, unit] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(text) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  const every = Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
  return {
    next: (moment, start) => (moment < start ? start : start + (Math.floor((moment - start) / every) + 1) * every),
  };
}

function inZone(fields: string, zone: string): Expression | undefined {
  const wallTimes = parseCron(fields);
  if (!wallTimes) return undefined;
  return {
    next(moment, start) {
      const from = Math.max(moment, start - 1);
      for (let wall = wallTimes(wallTime(from, zone) - 1); wall !== undefined; wall = wallTimes(wall)) {
        const due = momentOf(wall, zone);
        if (due !== undefined && due > from) return due;
      }
      return undefined;
    },
  };
}
