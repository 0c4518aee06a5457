import { checkToeDocument, type ToeDocument, type ToeFault } from "embedded-aws/documents";
import type { Finding } from "../factory/finding.ts";
import { meant, suggest } from "../factory/suggest.ts";

/** Where the message itself says what would be valid. */
const CORRECT = "correct the document";

/**
 * The faults and warnings of a component document. Every operating system of an image is a Linux.
 * @param name as the config or the command line has it
 * @param systems of the images that use it
 */
export function checkDocument(name: string, text: string, systems: readonly string[]): Finding[] {
  const { document, faults, warnings } = checkToeDocument(text, "Linux");
  const found = [
    ...faults.map((fault) => toFinding(name, fault)),
    ...warnings.map((warning) => toFinding(name, warning, true)),
    ...(document ? checkSystems(name, document, systems) : []),
  ];
  return found.sort((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0));
}

/** A word that AWSTOE takes and ignores is a fault where it is a slip: what it stands for would not run. */
function toFinding(name: string, { message, line, column, unknown }: ToeFault, isWarning = false): Finding {
  const isSlip = unknown !== undefined && meant(unknown.found, unknown.valid) !== undefined;
  return {
    where: `${name}:${line}:${column}`,
    what: message,
    fix: unknown ? suggest(unknown.found, unknown.valid) : CORRECT,
    place: { document: name, line, column },
    ...(isWarning && !isSlip && { warning: true }),
  };
}

/** "UpdateOS doesn't support Amazon Linux 2023" (Image Builder's user guide, "Action modules"). */
function checkSystems(name: string, { phases }: ToeDocument, systems: readonly string[]): Finding[] {
  if (!systems.includes("al2023")) return [];
  const steps = phases.flatMap((phase) => phase.steps).filter(({ action }) => action === "UpdateOS");
  return steps.map(({ name: step, line }) => ({
    where: `${name}:${line}:1`,
    what: `Step '${step}': UpdateOS does not support Amazon Linux 2023.`,
    fix: 'use the component "amint:update-al2023"',
    place: { document: name, line, column: 1 },
    warning: true,
  }));
}

/** A finding as compilers print theirs, for editors that jump to the place. */
export function toCompilerLine({ where, what, fix, warning }: Finding): string {
  const advice = fix === CORRECT ? "" : ` (${fix})`;
  return `${where}: ${warning ? "warning" : "error"}: ${what}${advice}`;
}
