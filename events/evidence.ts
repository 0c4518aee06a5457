import * as z from "zod";

/** What became of a component that tests: those after the first failed one did not run. */
export const componentTest = z.strictObject({
  component: z.string().min(1),
  status: z.enum(["passed", "failed", "not-run"]),
  phase: z.string().optional(),
  step: z.string().optional(),
  reason: z.string().optional(),
});
export type ComponentTest = z.output<typeof componentTest>;
