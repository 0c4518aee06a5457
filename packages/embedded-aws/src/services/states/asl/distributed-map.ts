import { authorize } from "../../../engine/authorizer.ts";
import { rolePrincipal } from "../../../engine/principal.ts";
import { accountOf, regionOf } from "../state.ts";
import type { MapState } from "./definition.ts";
import { checkDataLimit, finish } from "./finish.ts";
import type { Json } from "./json.ts";
import { Interrupted, StateError } from "./state-error.ts";
import type { Outcome, Tolerance, Visit } from "./visit.ts";

/** The greatest number of child executions at once, and the meaning of "no limit" (0). */
const MOST_AT_ONCE = 10_000;

/**
 * A Map Run: each item is the input of its own execution, which has its own history and sees none of the variables
 * (Developer Guide, "Using Map state in Distributed mode"). Failed items have no result: what AWS puts there if failures
 * are tolerated is not known.
 */
export async function runDistributedMap(visit: Visit<MapState>): Promise<Outcome> {
  const { state, thread, language } = visit;
  const items = language.items(visit);
  const limit = Math.min(language.concurrency(visit) || MOST_AT_ONCE, MOST_AT_ONCE);
  thread.record("MapStateStarted", { mapStateStartedEventDetails: { length: items.length } });
  const tolerated = language.tolerated(visit);
  mayStart(visit);
  const child = childOf(visit);
  thread.record("MapRunStarted", { mapRunStartedEventDetails: { mapRunArn: child.mapRunArn } });
  const stop = new AbortController();
  const results: Json[] = [];
  let [next, failed] = [0, 0];
  let failure: unknown;

  const lane = async (): Promise<void> => {
    while (next < items.length && !stop.signal.aborted && !thread.signal.aborted) {
      const item = { Index: next, Value: items[next++]! };
      try {
        const input = JSON.stringify(language.itemInput(visit, item));
        const signal = AbortSignal.any([stop.signal, thread.signal]);
        const { status, output } = await thread.run.runChild({ ...child, input, signal });
        if (status === "SUCCEEDED") results[item.Index] = JSON.parse(output!) as Json;
        else if (isExceeded(tolerated, ++failed, items.length)) throw exceeded();
      } catch (problem) {
        failure ??= problem;
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  if (thread.signal.aborted) {
    thread.note("MapRunAborted");
    throw new Interrupted("interrupted");
  }
  if (failure !== undefined) {
    const { error, explanation: cause } = failure instanceof StateError ? failure : exceeded();
    thread.record("MapRunFailed", { mapRunFailedEventDetails: { error, cause } });
    throw failure;
  }
  const result = items.flatMap((_, at) => (at in results ? [results[at]!] : []));
  checkDataLimit(visit.name, result);
  thread.note("MapStateSucceeded", {}, thread.note("MapRunSucceeded"));
  return finish(visit, state, result, { result });
}

/** Without a threshold the first failure is one too many; of two thresholds either can be exceeded. */
function isExceeded({ count, percentage }: Tolerance, failed: number, all: number): boolean {
  if (count === undefined && percentage === undefined) return true;
  return failed > (count ?? all) || (failed * 100) / all > (percentage ?? 100);
}

const exceeded = (): StateError =>
  new StateError("States.ExceedToleratedFailureThreshold", "The specified tolerated failure threshold was exceeded");

/** The machine's role starts the executions. How AWS words a refusal here is not known. */
function mayStart({ thread }: Visit): void {
  const { aws, machine, execution } = thread.run;
  const [account, region] = [accountOf(execution.arn), regionOf(execution.arn)];
  const principal = rolePrincipal(machine.roleArn, execution.name);
  try {
    const call = { aws, account, region, principal, requestId: aws.uuid() };
    authorize(call, { action: "states:StartExecution", resources: [machine.arn] });
  } catch (refusal) {
    throw new StateError("States.Permissions", (refusal as Error).message);
  }
}

/** What the executions of a Map Run share. Their machine's ARN ends with the state's label, or with an id. */
function childOf({ state, thread }: Visit<MapState>) {
  const { aws, machine } = thread.run;
  const { ProcessorConfig, ...processor } = (state.ItemProcessor ?? state.Iterator)!;
  const arn = `${machine.arn.replace(/\/.*/, "")}/${state.Label ?? aws.uuid()}`;
  const QueryLanguage = machine.parsed.QueryLanguage ?? "JSONPath";
  return {
    machine: {
      ...machine,
      arn,
      type: ProcessorConfig?.ExecutionType ?? "STANDARD",
      parsed: { QueryLanguage, ...processor },
    },
    mapRunArn: `${arn.replace(":stateMachine:", ":mapRun:")}:${aws.uuid()}`,
  };
}
