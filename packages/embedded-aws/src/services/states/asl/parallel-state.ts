import { checkDataLimit } from "./data-limit.ts";
import type { ParallelState } from "./definition.ts";
import { evaluate } from "./evaluate.ts";
import { finish } from "./finish.ts";
import { innerInterruption } from "./interruption.ts";
import type { Json } from "./json.ts";
import { Interrupted } from "./state-error.ts";
import { Thread } from "./thread.ts";
import type { Outcome, Visit } from "./visit.ts";

/** All branches at once; the first failure interrupts the others and is the state's own. */
export async function runParallel(visit: Visit<ParallelState>): Promise<Outcome> {
  const { state, thread } = visit;
  const input = state.Arguments === undefined ? visit.input : evaluate(visit, "Arguments", state.Arguments);
  const started = thread.record("ParallelStateStarted");
  const inner = innerInterruption(thread.signal);
  const threads = state.Branches.map(() => new Thread(thread.run, inner.signal, { parent: thread, after: started }));
  let failure: { cause: unknown } | undefined;
  const branches = threads.map(async (own, at): Promise<Json> => {
    try {
      const output = await thread.run.runBranch(own, state.Branches[at]!, input);
      thread.last = own.last;
      return output;
    } catch (cause) {
      if (!failure && !(cause instanceof Interrupted)) {
        failure = { cause };
        thread.last = own.last;
        if (own.stateType === "Task") own.note("TaskStateAborted");
      }
      inner.interrupt();
      return null;
    }
  });
  const result = await Promise.all(branches);
  inner.done();
  if (failure) throw failure.cause;
  thread.check();
  checkDataLimit(visit.name, result);
  thread.note("ParallelStateSucceeded");
  return finish(visit, state, result, { result });
}
