import type { ImageRun } from "./run-image.ts";

/** What documents run, and as what. */
export interface Source extends Pick<ImageRun, "planned" | "aws" | "workingDirectory"> {
  readonly os: string;
  readonly architecture: "x86_64" | "arm64";
  readonly region: string;
  readonly accountId: string;
  close(): Promise<void>;
}
