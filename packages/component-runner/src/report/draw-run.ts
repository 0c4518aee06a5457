import type { DocumentResult, RunEvent, StepLine } from "../run/run-events.ts";

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Zero or more lines per event. */
export function drawEvent(event: RunEvent): string[] {
  switch (event.type) {
    case "system":
      return [event.text];
    case "stage":
      return ["", event.text];
    case "document":
      return ["", event.document];
    case "started":
      return [`  ${event.phase}.${event.step} (${event.action})`];
    case "output":
      return [`    | ${event.line}`];
    case "restart":
      return ["    the system has restarted"];
    case "step":
      return [`    ${drawEnd(event)}`];
  }
}

function drawEnd({
  status,
  fidelity,
  why,
  durationMs,
  exitCode,
  attempts,
  failureMessage,
  lastError,
  document,
  line,
}: StepLine): string {
  if (fidelity === "skipped") return `skipped: ${why}`;
  const code = exitCode === undefined ? "" : `, exit code ${exitCode}`;
  const tries = attempts > 1 ? `, ${attempts} attempts` : "";
  const how = fidelity === "simulated" ? `simulated: ${why}` : "real";
  switch (status) {
    case "success":
      return `ok (${how}), ${seconds(durationMs)}${code}${tries}`;
    case "skipped":
      return "skipped by its if";
    case "ignored-failure":
      return `failed, and its onFailure ignores it: ${failureMessage}, ${seconds(durationMs)}${tries}`;
    case "failed":
      return `FAILED ${document}:${line}: ${failureMessage}, ${seconds(durationMs)}${tries}${failureMessage.includes(lastError) ? "" : `: ${lastError}`}`;
  }
}

/** `incomplete` if a step was skipped because it needs a kernel, or only AWS has a component's text. */
export function resultOf(documents: readonly DocumentResult[]): "passed" | "failed" | "incomplete" {
  const has = (status: DocumentResult["status"]) => documents.some((one) => one.status === status);
  if (has("failed")) return "failed";
  return has("incomplete") || has("not-run") ? "incomplete" : "passed";
}

export const countCached = (documents: readonly DocumentResult[]): number =>
  documents.filter(({ status }) => status === "cached").length;

/** A sentence for the result line; empty if no layer was used. */
export function sayCached(documents: readonly DocumentResult[]): string {
  const count = countCached(documents);
  return count === 0 ? "" : `${count} ${count === 1 ? "document" : "documents"} from layers of an earlier run. `;
}

/** The final table: one line per document and stage. */
export function drawTable(documents: readonly DocumentResult[]): string[] {
  const rows = documents.map(({ document, stage, status, steps, durationMs, why }) => {
    const count = (wanted: (step: StepLine) => boolean) => steps.filter(wanted).length;
    const failed = count((step) => step.status === "failed");
    const skipped = count(({ fidelity }) => fidelity === "skipped");
    const counts = [
      `${steps.length} ${steps.length === 1 ? "step" : "steps"}`,
      ...(failed ? [`${failed} failed`] : []),
      ...(skipped ? [`${skipped} skipped`] : []),
    ];
    const more = status === "cached" || status === "not-run" || status === "failed" ? why : counts.join(", ");
    return [document, stage, status, durationMs > 0 ? seconds(durationMs) : "", more] as const;
  });
  const header = ["document", "stage", "result", "time", ""] as const;
  const width = (column: 0 | 1 | 2 | 3) => Math.max(...[header, ...rows].map((row) => row[column].length));
  const widths = [width(0), width(1), width(2), width(3)];
  return [header, ...rows].map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
