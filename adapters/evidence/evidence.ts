import * as z from "zod";
import { type Evidence, evidence } from "../../core/evidence/evidence.ts";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { gateReason, urgency } from "../../events/gate.ts";
import type { BuildArn } from "../../events/ids.ts";
import { combineReads, itemRead, type LedgerRead, mapRead, read } from "../ledger/reads.ts";
import { type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const evidenceWriter = /* @__PURE__ */ writer("evidence");
const gateWriter = /* @__PURE__ */ writer("gate");
const agreementWriter = /* @__PURE__ */ writer("agreement");

const agreement = z.object({ approvedBy: z.array(z.string()) });

const gate = z.object({
  verdict: z.enum(["passed", "rejected"]),
  /** A rule with `ask` is broken: the build requires approval. */
  needsApproval: z.literal(true).optional(),
  /** The approvers, in records from before `agreement` had its own partition. */
  approvedBy: z.array(z.string()).optional(),
  reasons: z.array(gateReason),
  decidedAt: z.iso.datetime(),
  /** Why the build was urgent when the gate decided. */
  urgent: urgency.optional(),
});
export type GateRecord = z.output<typeof gate>;

export const recordEvidence = (ledger: Ledger, build: BuildArn, found: Evidence): Promise<boolean> =>
  evidenceWriter.put(ledger, keyOf("evidence", { build }), found);

export const evidenceOf = (build: BuildArn): LedgerRead<Evidence | undefined> =>
  itemRead(keyOf("evidence", { build }), evidence);

export const findEvidence = (ledger: Ledger, build: BuildArn): Promise<Evidence | undefined> =>
  read(ledger, evidenceOf(build));

/** All builds' evidence, with one query. */
export const listEvidence = async (ledger: Ledger): Promise<ReadonlyMap<string, Evidence>> =>
  new Map((await query(ledger, below("evidence"))).map((item) => [String(item.sk), evidence.parse(item)]));

export const recordGate = (ledger: Ledger, build: BuildArn, decided: GateRecord): Promise<boolean> =>
  gateWriter.put(ledger, keyOf("gate", { build }), decided);

/**
 * Checked again before each share and each move.
 * @throws GateNotPassed unless the gate passed this build, and it is approved where the gate requires that
 */
export const gatePassed = (build: BuildArn): LedgerRead<void> =>
  mapRead(whyGateNotPassed(build), (why) => {
    if (why) throw new GateNotPassed(build, why);
  });

/** Why the gate blocks a build; undefined where it does not. */
export const whyGateNotPassed = (build: BuildArn): LedgerRead<string | undefined> =>
  combineReads(gateOf(build), itemRead(keyOf("agreement", { build }), agreement), (found, agreed) => {
    if (found?.verdict !== "passed") return "The gate did not pass it";
    const approvedBy = agreed?.approvedBy ?? found.approvedBy ?? [];
    return found.needsApproval && approvedBy.length === 0
      ? "It breaks gate rules that require approval, and it is not approved"
      : undefined;
  });

/**
 * Checked before a build is copied to other regions, where only the factory can use it.
 * @throws GateNotPassed unless the gate passed this build, with or without a required approval
 */
export async function requireGateOpen(ledger: Ledger, build: BuildArn): Promise<void> {
  if ((await findGate(ledger, build))?.verdict !== "passed") {
    throw new GateNotPassed(build, "The gate did not pass it");
  }
}

/** Records the approvers. The gate's own record does not change: only `decide-gate` writes it. */
export const recordAgreement = (ledger: Ledger, build: BuildArn, approvedBy: readonly string[]): Promise<boolean> =>
  agreementWriter.set(ledger, keyOf("agreement", { build }), { approvedBy });

/** The gate's decision about a build; undefined where there is none. */
export const gateOf = (build: BuildArn): LedgerRead<GateRecord | undefined> => itemRead(keyOf("gate", { build }), gate);

export const findGate = (ledger: Ledger, build: BuildArn): Promise<GateRecord | undefined> =>
  read(ledger, gateOf(build));

class GateNotPassed extends Error {
  override readonly name = "GateNotPassed";

  constructor(build: BuildArn, why: string) {
    super(`${build} is not shared or published. ${why}.`);
  }
}
