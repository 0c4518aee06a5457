import type { Logger } from "@aws-lambda-powertools/logger";
import type { Bus } from "../../adapters/bus.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import type { ClientOf } from "./clients.ts";
import type { Settings } from "./settings.ts";

/** What every function's body is given beside its event. */
export interface Step<Variable extends string = never> {
  readonly settings: Settings<Variable>;
  readonly ledger: Ledger;
  readonly bus: Bus;
  readonly client: ClientOf;
  readonly now: Date;
  readonly log: Pick<Logger, "info" | "warn">;
  /** Lambda's request id: the same for every retry of one event. */
  readonly requestId: string;
  /** Lets so many milliseconds pass. */
  readonly wait: (ms: number) => Promise<void>;
}
