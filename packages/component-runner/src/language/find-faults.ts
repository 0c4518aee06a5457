import { closestMatch } from "leven";
import type { ToePlatform } from "./actions.ts";
import type { ToeDocument, ToeFault } from "./document.ts";
import { checkToeDocument, platformOf } from "./parse-document.ts";

/** A fault of a document, or a warning, with what to do about it. */
export interface Finding {
  /** `file:line:column`; without a place in the document, the file. */
  readonly where: string;
  readonly what: string;
  readonly fix: string;
  /** Line and column start at 1. */
  readonly place?: { readonly document: string; readonly line: number; readonly column: number };
  readonly warning?: true;
}

/** For messages that already say what is valid. */
const CORRECT = "correct the document";

/** Each platform's shell, with the other platform's. */
const SHELLS: Readonly<Record<string, string>> = {
  ExecuteBash: "ExecutePowerShell",
  ExecutePowerShell: "ExecuteBash",
};

/** Where a document runs, and why there. */
interface Target {
  readonly platform: ToePlatform;
  readonly reason: string;
}

/**
 * The faults and warnings of a document.
 * @param name the file, as the user wrote it
 * @param target left out: the platform of the document's steps
 */
export function findFaults(
  name: string,
  text: string,
  target?: Target,
): { readonly document: ToeDocument | undefined; readonly findings: readonly Finding[] } {
  const platform = target?.platform ?? platformOf(text);
  const reason = target?.reason ?? `the document's other steps are for ${platform}`;
  const { document, faults, warnings } = checkToeDocument(text, platform);
  const findings = [
    ...faults.map((fault) => toFinding(name, fault, reason)),
    ...warnings.map((warning) => toFinding(name, warning, reason, true)),
  ];
  return { document, findings };
}

/** A key that AWSTOE ignores is a fault if it looks like a typo: the intended setting would have no effect. */
function toFinding(name: string, fault: ToeFault, reason: string, isWarning = false): Finding {
  const { message, line, column, unknown } = fault;
  const other = unknown && SHELLS[unknown.found];
  // Two wrong letters are a typo; more are another word.
  const meant = unknown && closestMatch(unknown.found, unknown.valid, { maxDistance: 2 });
  const known = meant === undefined ? `use one of ${unknown?.valid.join(", ")}` : `did you mean "${meant}"?`;
  return {
    where: `${name}:${line}:${column}`,
    what: message,
    fix: other ? `${reason}: use ${other}` : unknown ? known : CORRECT,
    place: { document: name, line, column },
    ...(isWarning && meant === undefined && { warning: true }),
  };
}

/** Findings in the format of compilers, so that editors can jump to the line, and their number. */
export function drawFindings(findings: readonly Finding[]): string[] {
  const warnings = findings.filter(({ warning }) => warning).length;
  const faults = findings.length - warnings;
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const sum = [faults > 0 ? [count(faults, "fault")] : [], warnings > 0 ? [count(warnings, "warning")] : []].flat();
  return [...findings.map(toCompilerLine), sum.length === 0 ? "No faults found." : `${sum.join(", ")} found.`];
}

function toCompilerLine({ where, what, fix, warning }: Finding): string {
  const advice = fix === CORRECT ? "" : ` (${fix})`;
  return `${where}: ${warning ? "warning" : "error"}: ${what}${advice}`;
}
