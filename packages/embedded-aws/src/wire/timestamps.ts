import { badInput } from "./bad-input.ts";
import type { Shape } from "./shape.ts";

export type TimestampFormat = "date-time" | "http-date" | "epoch-seconds";

/** The smithy schema's numbers for a timestampFormat trait; 4 stands for "as the protocol has it". */
const FORMATS: Readonly<Record<number, TimestampFormat>> = { 5: "date-time", 6: "http-date", 7: "epoch-seconds" };

export const timestampFormat = (shape: Shape, fallback: TimestampFormat): TimestampFormat =>
  FORMATS[Number(shape.getSchema())] ?? fallback;

export function timestampText(date: Date, format: TimestampFormat): string {
  if (format === "epoch-seconds") return String(date.getTime() / 1000);
  return format === "http-date" ? date.toUTCString() : date.toISOString();
}

/** Clients differ in the format they send, so every format is taken everywhere, as AWS does. */
export function timestampFrom(value: string | number): Date {
  const seconds = typeof value === "number" ? value : /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
  const date = seconds === undefined ? new Date(value) : new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) throw badInput(`${JSON.stringify(value).slice(0, 100)} is not a timestamp`);
  return date;
}
