import * as z from "zod";
import { type Evidence, evidence } from "../../core/evidence.ts";
import { gateReason } from "../../events/gate-decided.ts";
import type { BuildArn } from "../../events/ids.ts";
import { get, type Ledger, ofBuild, put } from "./table.ts";

const gate = z.object({
  verdict: z.enum(["passed", "rejected"]),
  reasons: z.array(gateReason),
  decidedAt: z.iso.datetime(),
});
export type GateRecord = z.output<typeof gate>;

export const recordEvidence = (ledger: Ledger, build: BuildArn, found: Evidence): Promise<boolean> =>
  put(ledger, ofBuild(build, "EVIDENCE"), found);

/** @throws NoEvidence where none was collected */
export async function readEvidence(ledger: Ledger, build: BuildArn): Promise<Evidence> {
  const found = await findEvidence(ledger, build);
  if (!found) throw new NoEvidence(build);
  return found;
}

export async function findEvidence(ledger: Ledger, build: BuildArn): Promise<Evidence | undefined> {
  const item = await get(ledger, ofBuild(build, "EVIDENCE"));
  return item && evidence.parse(item);
}

export const recordGate = (ledger: Ledger, build: BuildArn, decided: GateRecord): Promise<boolean> =>
  put(ledger, ofBuild(build, "GATE"), decided);

/** @throws GateNotPassed unless the gate let this build pass: asked again before each share and each move */
export async function requireGatePassed(ledger: Ledger, build: BuildArn): Promise<void> {
  const item = await get(ledger, ofBuild(build, "GATE"));
  if (!item || gate.parse(item).verdict !== "passed") throw new GateNotPassed(build);
}

class NoEvidence extends Error {
  override readonly name = "NoEvidence";
  readonly code = "NO_EVIDENCE";

  constructor(build: BuildArn) {
    super(`No evidence was collected for ${build}; the gate decides nothing without it.`);
  }
}

class GateNotPassed extends Error {
  override readonly name = "GateNotPassed";
  readonly code = "GATE_NOT_PASSED";

  constructor(build: BuildArn) {
    super(`The gate did not let ${build} pass; it is neither shared nor published.`);
  }
}
