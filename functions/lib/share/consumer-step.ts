import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { EnterConsumer } from "../../../adapters/consumer.ts";
import type { Step } from "../step.ts";

/** What is needed to work in consumers' accounts, one after the other. */
export type ConsumerStep<Variable extends string, Clients> = Step<
  Variable,
  {
    readonly consumer: EnterConsumer<Clients>;
    /** Hands what is left to the function's next invocation. */
    readonly functions: LambdaClient;
    readonly wait: (ms: number) => Promise<void>;
  }
>;
