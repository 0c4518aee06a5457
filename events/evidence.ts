import * as z from "zod";

/** The result of a test component: components after the first failure do not run. */
export const componentTest = z.strictObject({
  component: z.string().min(1),
  status: z.enum(["passed", "failed", "not-run"]),
  phase: z.string().optional(),
  step: z.string().optional(),
  reason: z.string().optional(),
});
export type ComponentTest = z.output<typeof componentTest>;
