import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { FunctionRunner } from "./function-runner.ts";
import { WorkerRunner } from "./worker-runner.ts";

const runners = defineState("lambda runner", (): { runner: FunctionRunner | undefined } => ({ runner: undefined }));

/** Where this AWS's functions run: in worker threads by default. */
export function runnerOf(aws: EmbeddedAws): FunctionRunner {
  const state = aws.state(runners, "", "");
  state.runner ??= new WorkerRunner(aws);
  return state.runner;
}

/** Runs this AWS's functions elsewhere, from now on. */
export const useRunner = (aws: EmbeddedAws, runner: FunctionRunner): void => {
  aws.state(runners, "", "").runner = runner;
};

/** Ends all workers, so that the process can end. */
export const closeLambda = async (aws: EmbeddedAws): Promise<void> => {
  await aws.state(runners, "", "").runner?.close();
};
