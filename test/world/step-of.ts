import { setTimeout as sleep } from "node:timers/promises";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Step } from "../../functions/step.ts";

const ACCOUNT = "111122223333";

/** What a test says of a step; all else is as the wrapper has it. */
export interface StepParts<Variable extends string> extends Pick<Step, "ledger" | "bus" | "client" | "now"> {
  readonly factory: Factory;
  /** The factory's. */
  readonly account?: string;
  readonly env?: Readonly<Record<Variable, string>> | undefined;
  readonly requestId?: string | undefined;
  readonly wait?: Step["wait"];
}

/** What a function's body is given, without the wrapper: its logs go nowhere. */
export const stepOf = <Variable extends string = never>({
  factory,
  account = ACCOUNT,
  env = {} as Readonly<Record<Variable, string>>,
  requestId = "r",
  wait = (ms) => sleep(ms),
  ...given
}: StepParts<Variable>): Step<Variable> => ({
  settings: { factory, place: { partition: "aws", region: factory.buildRegion, account }, env },
  log: { info() {}, warn() {} },
  requestId,
  wait,
  ...given,
});
