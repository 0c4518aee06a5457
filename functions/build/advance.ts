import type { NeverCode, WaitCode } from "../../events/build.ts";
import type { BuildArn } from "../../events/ids.ts";

/** The result for each trigger. */
export interface Advance {
  /** The build that was started or resumed, with its triggers. */
  readonly started?: { readonly build: BuildArn; readonly tokens: readonly string[] };
  readonly never: readonly { readonly tokens: readonly string[]; readonly code: NeverCode; readonly reason: string }[];
  /** What all other triggers wait for. */
  readonly wait?: { readonly code: WaitCode; readonly reason: string; readonly until?: Date };
}
