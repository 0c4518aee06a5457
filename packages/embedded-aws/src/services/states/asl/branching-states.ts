import type { MapState, ParallelState } from "./definition.ts";
import { runDistributedMap } from "./distributed-map.ts";
import { checkDataLimit, finish } from "./finish.ts";
import type { Json } from "./json.ts";
import { Interrupted } from "./state-error.ts";
import { type MapItem, Thread } from "./thread.ts";
import type { Outcome, Visit } from "./visit.ts";

/** Runs all branches at once; the first failure interrupts the others and becomes the state's failure. */
export async function runParallel(visit: Visit<ParallelState>): Promise<Outcome> {
  const { state, thread, language } = visit;
  const input = language.parameters(visit);
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

/** The meaning of "no limit" (0) for an inline Map (Step Functions service quotas). */
const MOST_AT_ONCE = 40;

/**
 * One iteration per item, `MaxConcurrency` at a time; the first failure interrupts the others and becomes the state's.
 */
export async function runMap(visit: Visit<MapState>): Promise<Outcome> {
  const { state, thread, language } = visit;
  const processor = (state.ItemProcessor ?? state.Iterator)!;
  if (processor.ProcessorConfig?.Mode === "DISTRIBUTED") return runDistributedMap(visit);
  const items = language.items(visit);
  const limit = Math.min(language.concurrency(visit) || MOST_AT_ONCE, MOST_AT_ONCE);
  const started = thread.record("MapStateStarted", { mapStateStartedEventDetails: { length: items.length } });
  const inner = innerInterruption(thread.signal);
  const result: Json[] = new Array<Json>(items.length).fill(null);
  let failure: { cause: unknown } | undefined;
  let next = 0;

  const lane = async (): Promise<void> => {
    let after = started;
    while (next < items.length && !inner.signal.aborted) {
      const item: MapItem = { Index: next, Value: items[next++]! };
      const event = { name: visit.name, index: item.Index };
      let own: Thread | undefined;
      try {
        const input = language.itemInput(visit, item);
        own = new Thread(thread.run, inner.signal, { parent: thread, after, mapItem: item });
        own.record("MapIterationStarted", { mapIterationStartedEventDetails: event });
        result[item.Index] = await thread.run.runBranch(own, processor, input);
        after = own.last;
        thread.last = own.note("MapIterationSucceeded", { mapIterationSucceededEventDetails: event });
      } catch (cause) {
        if (failure || cause instanceof Interrupted) {
          own?.note("MapIterationAborted", { mapIterationAbortedEventDetails: event });
        } else {
          failure = { cause };
          own?.note("MapIterationFailed", { mapIterationFailedEventDetails: event });
          thread.last = own?.last ?? thread.last;
        }
        inner.interrupt();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  inner.done();
  if (failure) throw (failure as { cause: unknown }).cause;
  thread.check();
  checkDataLimit(visit.name, result);
  thread.note("MapStateSucceeded");
  return finish(visit, state, result, { result });
}

/** A signal for threads inside a state: aborted by the outer thread's signal, or by `interrupt`. */
function innerInterruption(outer: AbortSignal): {
  signal: AbortSignal;
  interrupt: () => void;
  done: () => void;
} {
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  if (outer.aborted) interrupt();
  outer.addEventListener("abort", interrupt, { once: true });
  return { signal: controller.signal, interrupt, done: () => outer.removeEventListener("abort", interrupt) };
}
