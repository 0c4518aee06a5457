import type { AdvancedEventSelector, EventSelector } from "@aws-sdk/client-cloudtrail";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";

export interface Trail {
  readonly name: string;
  readonly arn: string;
  /** The account that created it; for an organization trail, the management account. */
  readonly account: string;
  readonly homeRegion: string;
  bucket: string;
  prefix: string | undefined;
  multiRegion: boolean;
  /** Covers every account of the organization. */
  organization: boolean;
  globalEvents: boolean;
  validation: boolean;
  logging: boolean;
  startedAt: number | undefined;
  stoppedAt: number | undefined;
  /** Basic or advanced selectors, never both. */
  selectors: Selectors;
  readonly tags: Map<string, string>;
}

type Selectors =
  | { readonly basic: readonly EventSelector[]; readonly custom: boolean }
  | { readonly advanced: readonly AdvancedEventSelector[] };

/** CloudTrail user guide: a new trail logs all management events, and no data events. */
export const DEFAULT_SELECTORS: Selectors = {
  basic: [
    { ReadWriteType: "All", IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] },
  ],
  custom: false,
};

const trails = defineState("cloudtrail", () => new Map<string, Trail>());

/** The trails of all accounts and regions, by ARN. */
export const trailsOf = (aws: EmbeddedAws): Map<string, Trail> => aws.state(trails, "", "");

export const trailArn = (aws: EmbeddedAws, account: string, region: string, name: string): string =>
  `arn:${aws.partition}:cloudtrail:${region}:${account}:trail/${name}`;
