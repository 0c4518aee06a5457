import type { Step } from "../step.ts";

/** What the stack tells the function that follows exports. */
export const exportEnv = ["EXPORTS_BUCKET", "EXPORTS_KEY_ARN", "EXPORTS_ROLE_NAME", "SIGNING_KEY_ARN"] as const;

/** All that follows exports works in the build region. */
export type ExportStep = Step<(typeof exportEnv)[number]>;
