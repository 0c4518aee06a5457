import type { Json } from "./json.ts";
import { StateError } from "./state-error.ts";

/** 256 KiB as UTF-8: the quota of every input, output and result. */
const MAX_BYTES = 262_144;

/** Throws States.DataLimitExceeded, in AWS's words; `what` is the state's name, or the task's resource. */
export function checkDataLimit(what: string, value: Json): Json {
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_BYTES) {
    throw new StateError(
      "States.DataLimitExceeded",
      `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    );
  }
  return value;
}
