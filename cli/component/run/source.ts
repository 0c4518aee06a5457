import type { ImageRun } from "./run-image.ts";

/** The documents to run and their AWS access. */
export interface Source extends Pick<ImageRun, "planned" | "aws" | "workingDirectory"> {
  /** The factory is deployed while the system boots; a failure ends the run. Results count only once it resolves. */
  readonly deployed: Promise<unknown>;
  readonly os: string;
  readonly architecture: "x86_64" | "arm64";
  readonly region: string;
  readonly accountId: string;
  close(): Promise<void>;
}
