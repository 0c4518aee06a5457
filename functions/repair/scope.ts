import type { ToldDrift } from "../../adapters/repair/told-drift.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import type { RepairStep, States } from "./repair.ts";

/** What a comparison with AWS goes by. */
export interface Known {
  readonly states: States;
  /** Differences that were reported before. */
  readonly told: readonly ToldDrift[];
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
