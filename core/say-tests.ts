import type { BuildFailure } from "../events/build-failed.ts";

/** `acme-agents passed`, `acme-smoke failed in Ping: no answer`, `acme-openscap did not run`: one line for each test. */
export const sayTests = ({ tests }: BuildFailure): string[] =>
  (tests?.components ?? []).map(({ component, status, step, reason }) => {
    if (status === "passed") return `${component} passed`;
    if (status === "not-run") return `${component} did not run`;
    return `${component} failed${step ? ` in ${step}` : ""}${reason ? `: ${reason}` : ""}`;
  });
