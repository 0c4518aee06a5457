import type { Blueprint } from "embedded-aws/deploy";
import type { Denial } from "embedded-aws/iam";
import type { RunningFactory } from "../../../local/boot/boot-factory.ts";

/** A period of the example factory's operation, with a check of the result. */
export interface Scenario {
  readonly name: string;
  /** @throws Error if the blueprint does not deploy */
  start(blueprint: Blueprint): Promise<RunningFactory>;
  /**
   * Runs the scenario. Ends early, between two steps, if `enough` returns true and faults are certain.
   * @returns the faults that the scenario's check finds; empty if all is well
   */
  live(running: RunningFactory, blueprint: Blueprint, enough: () => boolean): Promise<string[]>;
  /** Default: no refusals with all grants. */
  alwaysRefuses?(denied: Denial, running: RunningFactory): boolean;
}
