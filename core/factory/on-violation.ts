import * as z from "zod";

/** What follows where a build breaks a rule: it goes nowhere, or people of the config decide. */
export const onViolation = z.enum(["reject", "ask"]);
export type OnViolation = z.output<typeof onViolation>;
