import { setTimeout as sleep } from "node:timers/promises";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Invocation } from "../../functions/invocation.ts";

const ACCOUNT = "111122223333";

/** A test's settings of a step; the rest is as in the wrapper. */
export interface StepParts<Variable extends string> extends Pick<Invocation, "ledger" | "bus" | "client" | "now"> {
  readonly factory: Factory;
  /** The factory's account. */
  readonly account?: string;
  readonly env?: Readonly<Record<Variable, string>> | undefined;
  readonly requestId?: string | undefined;
  readonly wait?: Invocation["wait"];
}

/** The arguments of a function's body, without the wrapper; logs are discarded. */
export const stepOf = <Variable extends string = never>({
  factory,
  account = ACCOUNT,
  env = {} as Readonly<Record<Variable, string>>,
  requestId = "r",
  wait = (ms) => sleep(ms),
  ...given
}: StepParts<Variable>): Invocation<Variable> => ({
  settings: { factory, place: { partition: "aws", region: factory.buildRegion, account }, env },
  log: { info() {}, warn() {} },
  requestId,
  wait,
  ...given,
});
