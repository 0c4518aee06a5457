import * as z from "zod";
import { type Evidence, evidence } from "../../core/evidence.ts";
import { gateReason } from "../../events/gate-decided.ts";
import type { BuildArn } from "../../events/ids.ts";
import { get, type Ledger, ofBuild, put, set } from "./table.ts";

const gate = z.object({
  verdict: z.enum(["passed", "rejected"]),
  /** Rules that ask are broken: nobody gets the build before people agreed. */
  needsApproval: z.literal(true).optional(),
  /** Those who agreed. */
  approvedBy: z.array(z.string()).optional(),
  reasons: z.array(gateReason),
  decidedAt: z.iso.datetime(),
});
export type GateRecord = z.output<typeof gate>;

export const recordEvidence = (ledger: Ledger, build: BuildArn, found: Evidence): Promise<boolean> =>
  put(ledger, ofBuild(build, "EVIDENCE"), found);

export async function findEvidence(ledger: Ledger, build: BuildArn): Promise<Evidence | undefined> {
  const item = await get(ledger, ofBuild(build, "EVIDENCE"));
  return item && evidence.parse(item);
}

export const recordGate = (ledger: Ledger, build: BuildArn, decided: GateRecord): Promise<boolean> =>
  put(ledger, ofBuild(build, "GATE"), decided);

/**
 * Asked again before each share and each move.
 * @throws GateNotPassed unless the gate let this build pass, and people agreed where it left that to them
 */
export async function requireGatePassed(ledger: Ledger, build: BuildArn): Promise<void> {
  const found = await findGate(ledger, build);
  if (found?.verdict !== "passed") throw new GateNotPassed(build, "The gate did not let it pass");
  if (found.needsApproval && !found.approvedBy?.length) {
    throw new GateNotPassed(build, "It breaks rules of the gate that people decide on, and nobody has agreed");
  }
}

/**
 * Asked before a build is copied to other regions, where nobody but the factory has it.
 * @throws GateNotPassed unless the gate let this build pass, or left that to people
 */
export async function requireGateOpen(ledger: Ledger, build: BuildArn): Promise<void> {
  if ((await findGate(ledger, build))?.verdict !== "passed") {
    throw new GateNotPassed(build, "The gate did not let it pass");
  }
}

/** People agreed to a build that the gate let pass, or left to them. @returns false where it did neither */
export const recordGateApproved = (ledger: Ledger, build: BuildArn, approvedBy: readonly string[]): Promise<boolean> =>
  set(
    ledger,
    ofBuild(build, "GATE"),
    { approvedBy },
    { expression: "verdict = :passed", values: { ":passed": "passed" } },
  );

/** What the gate said of a build; undefined where it has not decided about it. */
export async function findGate(ledger: Ledger, build: BuildArn): Promise<GateRecord | undefined> {
  const item = await get(ledger, ofBuild(build, "GATE"));
  return item && gate.parse(item);
}

/** Whether the gate refused this build; one that it has not decided about is not refused. */
export const isRejected = async (ledger: Ledger, build: BuildArn): Promise<boolean> =>
  (await findGate(ledger, build))?.verdict === "rejected";

class GateNotPassed extends Error {
  override readonly name = "GateNotPassed";
  readonly code = "GATE_NOT_PASSED";

  constructor(build: BuildArn, why: string) {
    super(`${build} is neither shared nor published. ${why}.`);
  }
}
