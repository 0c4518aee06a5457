/** Image Builder component documents, parsed and executed as AWSTOE does, and the components that AWS owns. */
export { managedComponentNames, managedParameters } from "./src/services/imagebuilder/managed-components.ts";
export { holds } from "./src/services/imagebuilder/toe/comparison.ts";
export {
  type ToeDocument,
  ToeDocumentError,
  type ToeFault,
  type ToePhase,
  type ToeStep,
} from "./src/services/imagebuilder/toe/document.ts";
export { documentSchema } from "./src/services/imagebuilder/toe/document-schema.ts";
export {
  type CheckedDocument,
  checkToeDocument,
  parseToeDocument,
  platformOf,
} from "./src/services/imagebuilder/toe/parse-document.ts";
export {
  type DocumentOutcome,
  type DocumentRun,
  MissingParameterError,
  runDocument,
  type StepFailure,
} from "./src/services/imagebuilder/toe/run-document.ts";
export { maskSecrets } from "./src/services/imagebuilder/toe/secrets.ts";
export {
  ParameterUnreadableError,
  type ParameterValue,
  type Question,
  type StepEvent,
  type StepHost,
  type StepOutcome,
  type StepRecord,
  type StepRequest,
} from "./src/services/imagebuilder/toe/step-host.ts";
