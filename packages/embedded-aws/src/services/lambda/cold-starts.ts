import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { defineState } from "../../engine/state.ts";

/** How long one execution environment took to start. */
export interface ColdStart {
  readonly functionName: string;
  /** Real milliseconds from the thread's start until the handler is loaded. */
  readonly ms: number;
}

const definition = defineState("lambda cold starts", (): ColdStart[] => []);

export const recordColdStart = (aws: EmbeddedAws, start: ColdStart): void => {
  aws.state(definition, "", "").push(start);
};

/** All cold starts so far, in the order in which they ended. */
export const coldStartsOf = (aws: EmbeddedAws): readonly ColdStart[] => aws.state(definition, "", "");
