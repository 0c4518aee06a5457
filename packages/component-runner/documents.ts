/** The language of component documents: parsed, checked, and executed on a given host as AWSTOE does. */
export { ACTIONS, type ToePlatform } from "./src/language/actions.ts";
export { holds } from "./src/language/comparison.ts";
export {
  type PhaseName,
  type ToeDocument,
  ToeDocumentError,
  type ToeFault,
  type ToeParameter,
  type ToePhase,
  type ToeStep,
} from "./src/language/document.ts";
export { documentSchema } from "./src/language/document-schema.ts";
export { drawFindings, type Finding, findFaults } from "./src/language/find-faults.ts";
export {
  type CheckedDocument,
  checkToeDocument,
  parseToeDocument,
  platformOf,
} from "./src/language/parse-document.ts";
export { checkPowerShell } from "./src/language/powershell.ts";
export {
  type DocumentOutcome,
  type DocumentRun,
  MissingParameterError,
  runDocument,
  type StepFailure,
} from "./src/language/run-document.ts";
export { maskSecrets } from "./src/language/secrets.ts";
export {
  ParameterUnreadableError,
  type ParameterValue,
  type Question,
  type StepEvent,
  type StepHost,
  type StepOutcome,
  type StepRecord,
  type StepRequest,
} from "./src/language/step-host.ts";
export { restsOnOutput } from "./src/language/variables.ts";
