import type { GateReason } from "../../events/gate.ts";
import { type CisResult, type FailedRule, wantedProfile } from "../evidence/cis.ts";
import type { WholeEvidence } from "../evidence/evidence.ts";
import type { CisSettings } from "../factory/gate-schema.ts";
import { sayWaived } from "./cve-rules.ts";
import { type Circumstances, reason, today } from "./rule.ts";
import { findWaivers } from "./waivers.ts";

/**
 * A benchmark's failures beyond the baseline, which is what the image is known to fail. No evaluation, one of another
 * profile, or one without checks is no evidence, and no waiver helps there.
 */
export function cisRules(
  { cisResult: result }: WholeEvidence,
  settings: CisSettings,
  circumstances: Circumstances,
): GateReason[] {
  const { by = "openscap", leastChecks, onViolation } = settings;
  const accepted: Readonly<Record<string, string>> = settings.baseline?.accepted ?? {};
  const profile = wantedProfile(settings);
  const isWanted = result?.by === by && result.profile === profile;
  const checks = isWanted && result.incomplete === undefined ? result.checks : 0;
  const evaluated = reason({
    rule: "cis-checks",
    passed: checks >= leastChecks,
    found: sayEvaluated(result, isWanted, checks),
    allowed: `at least ${leastChecks} check(s) of ${profile}, by ${names[by]}`,
  });
  if (!evaluated.passed || !result) return [evaluated];
  const beyond = result.failed.filter(({ rule }) => accepted[rule] === undefined);
  const judged = beyond.map((failed) => ({
    failed,
    waivers: findWaivers(circumstances.waivers, circumstances.image, today(circumstances), failed.rule),
  }));
  const left = judged.filter(({ waivers }) => !waivers).map(({ failed }) => failed);
  const known = result.failed.length - beyond.length;
  return [
    evaluated,
    reason({
      rule: "cis",
      passed: left.length === 0,
      found: `${left.length} of ${checks} check(s) failed beyond the baseline's ${known}${sayWaived(beyond.length - left.length)}`,
      allowed: "no failure beyond the baseline",
      examples: left.map(sayFailed),
      waivers: judged.flatMap(({ waivers = [] }) => waivers),
      onViolation,
    }),
  ];
}

const names = { openscap: "OpenSCAP", inspector: "Amazon Inspector" } as const;

function sayEvaluated(result: CisResult | undefined, isWanted: boolean, checks: number): string {
  if (!result) return "no benchmark was evaluated";
  if (!isWanted) return `an evaluation of ${result.profile}, by ${names[result.by]}`;
  return `${checks} check(s)${result.incomplete ? `: ${result.incomplete}` : ""}`;
}

const sayFailed = ({ rule, title, result }: FailedRule): string =>
  `${rule}${title ? ` (${title})` : ""}${result === "fail" ? "" : `: ${result}`}`;
