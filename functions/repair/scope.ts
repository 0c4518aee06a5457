import type { ImageState } from "../../adapters/build/image-state.ts";
import type { ReportedDrift } from "../../adapters/repair/reported-drift.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import type { RepairInvocation, States } from "./repair.ts";

/** Input of a comparison with AWS. */
export interface Known {
  readonly states: ReadonlyMap<string, Pick<ImageState, "channels">>;
  /** Differences that were reported before. */
  readonly told: readonly ReportedDrift[];
}

/** The same, with the ledger's builds. */
export interface KnownBuilds extends Known {
  readonly states: States;
}

/** The part of the factory's publications that is compared with AWS. */
export interface Scope {
  readonly regions: readonly string[];
  readonly covers: (at: ChannelOf) => boolean;
}

export const everything = ({ settings }: Pick<RepairInvocation, "settings">): Scope => ({
  regions: settings.factory.regions,
  covers: () => true,
});

/** The regions of these that are in scope. */
export const within = (scope: Scope, regions: readonly string[]): string[] =>
  regions.filter((region) => scope.regions.includes(region));
