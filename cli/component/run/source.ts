import type { ImageRun } from "./run-image.ts";

/** What documents run, and as what. */
export interface Source extends Pick<ImageRun, "planned" | "aws" | "workingDirectory"> {
  /** The factory is deployed while the system boots; what fails there ends the run. No result counts before. */
  readonly deployed: Promise<unknown>;
  readonly os: string;
  readonly architecture: "x86_64" | "arm64";
  readonly region: string;
  readonly accountId: string;
  close(): Promise<void>;
}
