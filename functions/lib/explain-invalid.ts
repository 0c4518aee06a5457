import type * as z from "zod";

type Issue = z.core.$ZodIssue;

/** How deep an issue lies: of a union's alternatives, the one that fails deepest is the one that was meant. */
const depthOf = (issue: Issue): number =>
  issue.path.length + (issue.code === "invalid_union" ? Math.max(0, ...issue.errors.map(deepest)) : 0);
const deepest = (issues: readonly Issue[]): number => Math.max(0, ...issues.map(depthOf));

/** What is wrong with a value, in words: of a union, what is wrong by the alternative that it comes closest to. */
export const explainInvalid = (issues: readonly Issue[], at: readonly PropertyKey[] = []): string =>
  issues
    .map((issue) => {
      const path = [...at, ...issue.path];
      const [closest] =
        issue.code === "invalid_union"
          ? issue.errors.toSorted((a, b) => deepest(b) - deepest(a) || a.length - b.length)
          : [];
      return closest ? explainInvalid(closest, path) : `${path.map(String).join(".") || "the event"}: ${issue.message}`;
    })
    .join("; ");
