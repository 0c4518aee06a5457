import type { Invocation } from "../invocation.ts";

/** Environment of the function that follows exports. */
export const exportEnv = ["EXPORTS_BUCKET", "EXPORTS_KEY_ARN", "EXPORTS_ROLE_NAME", "SIGNING_KEY_ARN"] as const;

/** Exports run in the build region only. */
export type ExportInvocation = Invocation<(typeof exportEnv)[number]>;
