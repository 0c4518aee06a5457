import type { NeverCode, WaitCode } from "../../events/build.ts";
import type { BuildArn } from "../../events/ids.ts";

/** What has become of each reason that was looked at. */
export interface Advance {
  /** The build that was started, or gone on with, and whose reasons it has. */
  readonly started?: { readonly build: BuildArn; readonly tokens: readonly string[] };
  readonly never: readonly { readonly tokens: readonly string[]; readonly code: NeverCode; readonly reason: string }[];
  /** What all other reasons wait for. */
  readonly wait?: { readonly code: WaitCode; readonly reason: string; readonly until?: Date };
}
