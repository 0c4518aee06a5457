import { badInput } from "./message.ts";
import { kindOf, type Shape } from "./shape.ts";

type TimestampFormat = "date-time" | "http-date" | "epoch-seconds";

/** The smithy schema's numbers for a timestampFormat trait; 4 means the protocol's default. */
const FORMATS: Readonly<Record<number, TimestampFormat>> = { 5: "date-time", 6: "http-date", 7: "epoch-seconds" };

export const timestampFormat = (shape: Shape, fallback: TimestampFormat): TimestampFormat =>
  FORMATS[Number(shape.getSchema())] ?? fallback;

export function timestampText(date: Date, format: TimestampFormat): string {
  if (format === "epoch-seconds") return String(date.getTime() / 1000);
  return format === "http-date" ? date.toUTCString() : date.toISOString();
}

/** Clients send different formats, so every format is accepted everywhere, as in AWS. */
export function timestampFrom(value: string | number): Date {
  const seconds = typeof value === "number" ? value : /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
  const date = seconds === undefined ? new Date(value) : new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) throw badInput(`${JSON.stringify(value).slice(0, 100)} is not a timestamp`);
  return date;
}

/** Reads a scalar from text: a form field, a header, a label, an XML element. */
export function textReader(shape: Shape): (text: string) => unknown {
  switch (kindOf(shape)) {
    case "number":
      return numberFrom;
    case "boolean":
      return booleanFrom;
    case "timestamp":
      return timestampFrom;
    case "blob":
      return blobFrom;
    default:
      return (text) => text;
  }
}

/** Writes a scalar as text. */
export function textWriter(shape: Shape, fallback: TimestampFormat): (value: unknown) => string {
  switch (kindOf(shape)) {
    case "timestamp": {
      const format = timestampFormat(shape, fallback);
      return (value) => timestampText(value as Date, format);
    }
    case "blob":
      return (value) => Buffer.from(value as Uint8Array).toString("base64");
    default:
      return String;
  }
}

/** AWS accepts only decimals, not white space or `0x10`, which `Number` accepts. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function numberFrom(text: string): number {
  if (!NUMBER.test(text)) throw badInput(`${shown(text)} is not a number`);
  return Number(text);
}

function booleanFrom(text: string): boolean {
  if (/^(true|1)$/i.test(text)) return true;
  if (/^(false|0)$/i.test(text)) return false;
  throw badInput(`${shown(text)} is not a boolean`);
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 100));

/** Refuses invalid base64, which Buffer would silently skip. */
export function blobFrom(text: string): Uint8Array {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) throw badInput("a blob is not base64");
  return Buffer.from(text, "base64");
}
