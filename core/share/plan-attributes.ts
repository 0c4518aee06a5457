import type { Retention } from "../factory/image-schema.ts";

const DAY = 86_400;

/** The attributes of an AMI that the factory sets before sharing it. */
interface Attributes {
  readonly tags: Readonly<Record<string, string>>;
  readonly imdsV2: boolean;
  readonly protected: boolean;
  /** ISO 8601; undefined if no date is set. */
  readonly deprecatedFrom: string | undefined;
}

export interface AttributeChange {
  /** Tags that are missing or have another value. */
  readonly tags: Readonly<Record<string, string>>;
  readonly requireImdsV2: boolean;
  readonly protect: boolean;
  /** Absent if the date is already set, or has passed: EC2 accepts only future dates. */
  readonly deprecateFrom?: Date;
}

const MINUTE_MS = 60_000;

/** The attributes that an AMI still lacks. Nothing is removed. */
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

/** Seconds from a build's start to its deprecation in EC2; without a retention, half a year. */
export const deprecatedAfter = (retention: Retention | undefined): number => retention?.deprecateAfter ?? 180 * DAY;
