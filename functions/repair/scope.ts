import type { ImageState } from "../../adapters/build/image-state.ts";
import type { ToldDrift } from "../../adapters/repair/told-drift.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import type { RepairStep, States } from "./repair.ts";

/** What a comparison with AWS goes by. */
export interface Known {
  readonly states: ReadonlyMap<string, Pick<ImageState, "channels">>;
  /** Differences that were reported before. */
  readonly told: readonly ToldDrift[];
}

/** The same, with the builds that the ledger knows. */
export interface KnownBuilds extends Known {
  readonly states: States;
}

/** Which part of what the factory publishes is compared with AWS. */
export interface Scope {
  readonly regions: readonly string[];
  readonly covers: (at: ChannelOf) => boolean;
}

export const everything = ({ settings }: Pick<RepairStep, "settings">): Scope => ({
  regions: settings.factory.regions,
  covers: () => true,
});

/** Of these regions, those in scope. */
export const within = (scope: Scope, regions: readonly string[]): string[] =>
  regions.filter((region) => scope.regions.includes(region));
