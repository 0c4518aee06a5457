import * as z from "zod";
import { type Evidence, evidence } from "../../core/evidence/evidence.ts";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { gateReason } from "../../events/gate.ts";
import type { BuildArn } from "../../events/ids.ts";
import { type Ledger, query } from "../ledger/table.ts";
import { both, derived, read, type Wanted, wanted } from "../ledger/wanted.ts";
import { writer } from "../ledger/writer.ts";

const evidenceWriter = /* @__PURE__ */ writer("evidence");
const gateWriter = /* @__PURE__ */ writer("gate");
const agreementWriter = /* @__PURE__ */ writer("agreement");

const agreement = z.object({ approvedBy: z.array(z.string()) });

const gate = z.object({
  verdict: z.enum(["passed", "rejected"]),
  /** Rules that ask are broken: nobody gets the build before people agreed. */
  needsApproval: z.literal(true).optional(),
  /** Those who agreed, in records from before `agreement` had a partition of its own. */
  approvedBy: z.array(z.string()).optional(),
  reasons: z.array(gateReason),
  decidedAt: z.iso.datetime(),
});
export type GateRecord = z.output<typeof gate>;

export const recordEvidence = (ledger: Ledger, build: BuildArn, found: Evidence): Promise<boolean> =>
  evidenceWriter.put(ledger, keyOf("evidence", { build }), found);

export const evidenceOf = (build: BuildArn): Wanted<Evidence | undefined> =>
  wanted(keyOf("evidence", { build }), evidence);

export const findEvidence = (ledger: Ledger, build: BuildArn): Promise<Evidence | undefined> =>
  read(ledger, evidenceOf(build));

/** The evidence of all builds, with one query. */
export const listEvidence = async (ledger: Ledger): Promise<ReadonlyMap<string, Evidence>> =>
  new Map((await query(ledger, below("evidence"))).map((item) => [String(item.sk), evidence.parse(item)]));

export const recordGate = (ledger: Ledger, build: BuildArn, decided: GateRecord): Promise<boolean> =>
  gateWriter.put(ledger, keyOf("gate", { build }), decided);

/**
 * Asked again before each share and each move.
 * @throws GateNotPassed unless the gate let this build pass, and people agreed where it left that to them
 */
export const gatePassed = (build: BuildArn): Wanted<void> =>
  derived(whyGateNotPassed(build), (why) => {
    if (why) throw new GateNotPassed(build, why);
  });

/** Why the gate keeps a build back; undefined where it does not. */
export const whyGateNotPassed = (build: BuildArn): Wanted<string | undefined> =>
  both(gateOf(build), wanted(keyOf("agreement", { build }), agreement), (found, agreed) => {
    if (found?.verdict !== "passed") return "The gate did not let it pass";
    const approvedBy = agreed?.approvedBy ?? found.approvedBy ?? [];
    return found.needsApproval && approvedBy.length === 0
      ? "It breaks gate rules that need an approver's agreement, and no approver has agreed"
      : undefined;
  });

/**
 * Asked before a build is copied to other regions, where nobody but the factory has it.
 * @throws GateNotPassed unless the gate let this build pass, or left that to people
 */
export async function requireGateOpen(ledger: Ledger, build: BuildArn): Promise<void> {
  if ((await findGate(ledger, build))?.verdict !== "passed") {
    throw new GateNotPassed(build, "The gate did not let it pass");
  }
}

/** Records that the approvers agreed. The gate's own record does not change: only `decide-gate` writes it. */
export const recordAgreement = (ledger: Ledger, build: BuildArn, approvedBy: readonly string[]): Promise<boolean> =>
  agreementWriter.set(ledger, keyOf("agreement", { build }), { approvedBy });

/** What the gate said of a build; undefined where it has not decided about it. */
export const gateOf = (build: BuildArn): Wanted<GateRecord | undefined> => wanted(keyOf("gate", { build }), gate);

export const findGate = (ledger: Ledger, build: BuildArn): Promise<GateRecord | undefined> =>
  read(ledger, gateOf(build));

class GateNotPassed extends Error {
  override readonly name = "GateNotPassed";

  constructor(build: BuildArn, why: string) {
    super(`${build} is neither shared nor published. ${why}.`);
  }
}
