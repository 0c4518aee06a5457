import type { Branch } from "./definition.ts";
import type { Json } from "./json.ts";
import { runState } from "./run-state.ts";
import type { Thread } from "./thread.ts";

/** From StartAt to the end; gives the last state's output. */
export async function runBranch(thread: Thread, branch: Branch, input: Json): Promise<Json> {
  let name: string | undefined = branch.StartAt;
  let value = input;
  while (name !== undefined) {
    const state = branch.States[name];
    if (!state) throw new Error(`no state '${name}': validation should have refused this definition`);
    const outcome = await runState(thread, name, state, value);
    value = outcome.output;
    name = outcome.next;
  }
  return value;
}
