import { checkToeDocument, platformOf, type ToeDocument, type ToeFault } from "component-runner/documents";
import { type ImageOs, imageSystemOf } from "../../core/component/image-system.ts";
import { meant, suggest } from "../../core/factory/suggest.ts";
import type { Finding } from "../factory/finding.ts";

/** For messages that already say what is valid. */
const CORRECT = "correct the document";

/**
 * The faults and warnings of a component document.
 * @param name as written in the config or on the command line
 * @param systems of the images that use it; if empty, the document's steps determine the platform
 */
export function checkDocument(name: string, text: string, systems: readonly ImageOs[]): Finding[] {
  const [system] = systems;
  const platform = system ? imageSystemOf(system).platform : platformOf(text);
  const { document, faults, warnings } = checkToeDocument(text, platform);
  const reason = system ? `${system} is ${platform}` : `the document's other steps are for ${platform}`;
  const found = [
    ...faults.map((fault) => toFinding(name, fault, reason)),
    ...warnings.map((warning) => toFinding(name, warning, reason, true)),
    ...(document ? checkSystems(name, document, systems) : []),
  ];
  return found.sort((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0));
}

/** Each platform's shell, with the other platform's. */
const SHELLS: Readonly<Record<string, string>> = {
  ExecuteBash: "ExecutePowerShell",
  ExecutePowerShell: "ExecuteBash",
};

/** A key that AWSTOE ignores is a fault if it looks like a typo: the intended setting would have no effect. */
function toFinding(name: string, fault: ToeFault, reason: string, isWarning = false): Finding {
  const { message, line, column, unknown } = fault;
  const other = unknown && SHELLS[unknown.found];
  const isSlip = unknown !== undefined && meant(unknown.found, unknown.valid) !== undefined;
  return {
    where: `${name}:${line}:${column}`,
    what: message,
    fix: other ? `${reason}: use ${other}` : unknown ? suggest(unknown.found, unknown.valid) : CORRECT,
    place: { document: name, line, column },
    ...(isWarning && !isSlip && { warning: true }),
  };
}

/** A step can have a condition, so one document can serve several systems. */
function checkSystems(name: string, { phases }: ToeDocument, systems: readonly ImageOs[]): Finding[] {
  const system = systems.find((one) => imageSystemOf(one).withoutUpdateOs);
  if (!system) return [];
  const { withoutUpdateOs, update } = imageSystemOf(system);
  const steps = phases.flatMap((phase) => phase.steps).filter(({ action }) => action === "UpdateOS");
  return steps.map(({ name: step, line }) => ({
    where: `${name}:${line}:1`,
    what: `Step '${step}': ${withoutUpdateOs}.`,
    fix: `use the component "${update}"`,
    place: { document: name, line, column: 1 },
    warning: true,
  }));
}

/** A finding in compiler format, so that editors can jump to the line. */
export function toCompilerLine({ where, what, fix, warning }: Finding): string {
  const advice = fix === CORRECT ? "" : ` (${fix})`;
  return `${where}: ${warning ? "warning" : "error"}: ${what}${advice}`;
}
