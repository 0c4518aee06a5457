import type { BuildRecord } from "../../adapters/build/builds.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { type Problem, type ProblemKind, problemKinds } from "./shape.ts";

/** A problem's section of the runbook follows from its kind. */
export const problem = (kind: ProblemKind, found: Omit<Problem, "kind" | "runbook">): Problem => ({
  kind,
  ...found,
  runbook: problemKinds[kind],
});

/** A build as commands take it. */
export const named = (image: string, { build }: Pick<BuildRecord, "build">): string =>
  `"${image} ${buildVersion(build)}"`;
