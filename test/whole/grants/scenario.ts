import type { Blueprint } from "embedded-aws/deploy";
import type { Denial } from "embedded-aws/iam";
import type { RunningFactory } from "../../../cli/try/boot-factory.ts";

/** Some time in the life of the example factory, with a check of what came of it. */
export interface Scenario {
  readonly name: string;
  /** @throws Error where the blueprint does not deploy */
  start(blueprint: Blueprint): Promise<RunningFactory>;
  /**
   * Lives through it. Ends early, between two steps, where `enough` says so and faults are certain by then.
   * @returns what the scenario's own check finds wrong; nothing where all went as it must
   */
  live(running: RunningFactory, blueprint: Blueprint, enough: () => boolean): Promise<string[]>;
  /** Left out: nothing is refused where every grant is there. */
  alwaysRefuses?(denied: Denial, running: RunningFactory): boolean;
}
