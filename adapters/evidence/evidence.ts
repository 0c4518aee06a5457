import * as z from "zod";
import { type Evidence, evidence } from "../../core/evidence/evidence.ts";
import { keyOf } from "../../core/ledger/kinds.ts";
import { gateReason } from "../../events/gate.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { Ledger } from "../ledger/table.ts";
import { derived, read, type Wanted, wanted } from "../ledger/wanted.ts";
import { writer } from "../ledger/writer.ts";

const evidenceWriter = /* @__PURE__ */ writer("evidence");
const gateWriter = /* @__PURE__ */ writer("gate");

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
  evidenceWriter.put(ledger, keyOf("evidence", { build }), found);

export const evidenceOf = (build: BuildArn): Wanted<Evidence | undefined> =>
  wanted(keyOf("evidence", { build }), evidence);

export const findEvidence = (ledger: Ledger, build: BuildArn): Promise<Evidence | undefined> =>
  read(ledger, evidenceOf(build));

export const recordGate = (ledger: Ledger, build: BuildArn, decided: GateRecord): Promise<boolean> =>
  gateWriter.put(ledger, keyOf("gate", { build }), decided);

/**
 * Asked again before each share and each move.
 * @throws GateNotPassed unless the gate let this build pass, and people agreed where it left that to them
 */
export const gatePassed = (build: BuildArn): Wanted<void> =>
  derived(gateOf(build), (found) => {
    const why = whyNotPassed(found);
    if (why) throw new GateNotPassed(build, why);
  });

/** The same as an answer. */
export const whetherPassed = (build: BuildArn): Wanted<boolean> =>
  derived(gateOf(build), (found) => whyNotPassed(found) === undefined);

function whyNotPassed(found: GateRecord | undefined): string | undefined {
  if (found?.verdict !== "passed") return "The gate did not let it pass";
  return found.needsApproval && !found.approvedBy?.length
    ? "It breaks rules of the gate that people decide on, and nobody has agreed"
    : undefined;
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
  gateWriter.set(
    ledger,
    keyOf("gate", { build }),
    { approvedBy },
    { expression: "verdict = :passed", values: { ":passed": "passed" } },
  );

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
