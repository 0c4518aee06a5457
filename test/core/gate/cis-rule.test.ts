import { describe, expect, test } from "vitest";
import { decideGate } from "../../../core/decide-gate.ts";
import type { WholeEvidence } from "../../../core/evidence.ts";
import type { GateThresholds } from "../../../core/factory/gate-schema.ts";
import type { Circumstances } from "../../../core/gate/circumstances.ts";
import { circumstances, cisWith, evidenceWith, level1, ruleId, waiver } from "./an-evidence.ts";

const unlimited = { cve: { count: "all" } } as const;

const decide = (evidence: WholeEvidence, gate: GateThresholds, changes: Partial<Circumstances> = {}) =>
  decideGate(evidence, gate, circumstances(changes));
const ruleOf = (name: string, ...asked: Parameters<typeof decide>) =>
  decide(...asked).reasons.find(({ rule }) => rule === name);

describe("a CIS benchmark", () => {
  const content = { url: "https://example.com/ssg.xml", sha256: "0".repeat(64) };
  const baseline = { profile: level1, accepted: { [ruleId("tmp")]: "one volume" } };
  const cis = { content, profile: level1, baseline, leastChecks: 50, onViolation: "reject" as const };
  const gate = { ...unlimited, cis };
  const withCis = (...about: Parameters<typeof cisWith>) => evidenceWith([], { cisResult: cisWith(...about) });

  test("failures of the baseline pass", () => {
    expect(ruleOf("cis", withCis(["tmp"]), gate)).toMatchObject({
      passed: true,
      found: "0 of 100 check(s) failed beyond the baseline's 1",
    });
  });

  test("another failure rejects, and is named with its title", () => {
    expect(decide(withCis(["tmp", "ssh"]), gate).verdict).toBe("rejected");
    expect(ruleOf("cis", withCis(["tmp", "ssh"]), gate)).toMatchObject({
      passed: false,
      found: "1 of 100 check(s) failed beyond the baseline's 1",
      examples: [`${ruleId("ssh")} (About ssh)`],
    });
  });

  test("another failure can be waived for a while", () => {
    const waivers = [waiver(ruleId("ssh"))];

    expect(decide(withCis(["tmp", "ssh"]), gate, { waivers }).verdict).toBe("passed");
  });

  test("another failure is left to people where the config says so", () => {
    const asking = { ...unlimited, cis: { ...cis, onViolation: "ask" as const } };

    expect(decide(withCis(["ssh"]), asking).verdict).toBe("needs-approval");
    expect(ruleOf("cis", withCis(["ssh"]), asking)?.asks).toBe(true);
  });

  test.each([
    ["none", evidenceWith(), "no benchmark was evaluated"],
    ["one without a check", withCis([], { checks: 0 }), "0 check(s)"],
    ["one with too few checks", withCis([], { checks: 49 }), "49 check(s)"],
    ["one of another profile", withCis([], { profile: "other" }), "an evaluation of other"],
  ])("%s is no evidence: it rejects also where failures are left to people", (_name, found, said) => {
    const asking = { ...unlimited, cis: { ...cis, onViolation: "ask" as const } };

    expect(decide(found, asking).verdict).toBe("rejected");
    expect(ruleOf("cis-checks", found, asking)).toMatchObject({ passed: false, found: said });
  });
});
