import type { Retention } from "../factory/image-schema.ts";

const DAY = 86_400;

/** How an AMI is, and how every AMI is that the factory gives to people. */
interface Attributes {
  readonly tags: Readonly<Record<string, string>>;
  readonly imdsV2: boolean;
  readonly protected: boolean;
  /** ISO 8601; undefined where no date is set. */
  readonly deprecatedFrom: string | undefined;
}

export interface AttributeChange {
  /** Those that are missing, or say something else. */
  readonly tags: Readonly<Record<string, string>>;
  readonly requireImdsV2: boolean;
  readonly protect: boolean;
  /** Left out where the date stands, or has passed: EC2 takes dates to come only. */
  readonly deprecateFrom?: Date;
}

const MINUTE_MS = 60_000;

/** What an AMI still lacks; nothing of it is ever taken away by this. */
export function planAttributes(
  present: Attributes,
  wanted: { readonly tags: Readonly<Record<string, string>>; readonly deprecatedFrom: Date },
  now: Date,
): AttributeChange {
  // EC2 rounds to the minute.
  const from = new Date(Math.round(wanted.deprecatedFrom.getTime() / MINUTE_MS) * MINUTE_MS);
  const stands = present.deprecatedFrom === from.toISOString();
  const passed = from.getTime() - now.getTime() <= MINUTE_MS;
  return {
    tags: Object.fromEntries(Object.entries(wanted.tags).filter(([key, value]) => present.tags[key] !== value)),
    requireImdsV2: !present.imdsV2,
    protect: !present.protected,
    ...(!stands && !passed && { deprecateFrom: from }),
  };
}

/** Seconds after a build's start from which on EC2 counts it as deprecated; without a retention, half a year. */
export const deprecatedAfter = (retention: Retention | undefined): number => retention?.deprecateAfter ?? 180 * DAY;
