/** Runs component documents for real, in a system that is isolated from the machine. */
export { type DocumentOptions, reportTo, runDocuments, sourceOf } from "./src/command/run-documents.ts";
export { backends, chooseBackend } from "./src/isolation/backends.ts";
export { findCached, makeCached } from "./src/isolation/cache.ts";
export { missingPrograms } from "./src/isolation/missing-programs.ts";
export { requireProgram } from "./src/isolation/run-program.ts";
export {
  type Backend,
  type BackendName,
  type ImageFile,
  type System,
  SystemError,
} from "./src/isolation/system.ts";
export { countCached, drawEvent, drawTable, resultOf, sayCached } from "./src/report/draw-run.ts";
export { writeJunit } from "./src/report/junit.ts";
export { type InstanceAws, instanceAws, noAws } from "./src/run/instance-aws.ts";
export { INSTANCE_ID, openRun, type RunOptions, type Source, withRun } from "./src/run/open-run.ts";
export { type PlannedDocument, planDocument, WindowsRefused } from "./src/run/plan-documents.ts";
export type { DocumentResult, RunEvent, StepLine } from "./src/run/run-events.ts";
export { type ImageResult, type ImageRun, runImage } from "./src/run/run-image.ts";
