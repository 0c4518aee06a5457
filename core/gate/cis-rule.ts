import type { GateReason } from "../../events/gate-decided.ts";
import type { FailedRule } from "../cis.ts";
import type { WholeEvidence } from "../evidence.ts";
import type { CisSettings } from "../factory/cis-schema.ts";
import { findWaivers } from "../packages/waivers.ts";
import { type Circumstances, today } from "./circumstances.ts";
import { sayWaived } from "./cve-rules.ts";
import { reason } from "./rule.ts";

/**
 * A benchmark's failures beyond the baseline, which is what the image is known to fail. No evaluation, one of another
 * profile, or one without checks is no evidence, and no waiver helps there.
 */
export function cisRules(
  { cisResult: result }: WholeEvidence,
  settings: CisSettings,
  circumstances: Circumstances,
): GateReason[] {
  const { profile, baseline, leastChecks, onViolation } = settings;
  const checks = result?.profile === profile ? result.checks : 0;
  const evaluated = reason({
    rule: "cis-checks",
    passed: checks >= leastChecks,
    found: !result
      ? "no benchmark was evaluated"
      : result.profile === profile
        ? `${checks} check(s)`
        : `an evaluation of ${result.profile}`,
    allowed: `at least ${leastChecks} check(s) of ${profile}`,
  });
  if (!evaluated.passed || !result) return [evaluated];
  const beyond = result.failed.filter(({ rule }) => baseline?.accepted[rule] === undefined);
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

const sayFailed = ({ rule, title, result }: FailedRule): string =>
  `${rule}${title ? ` (${title})` : ""}${result === "fail" ? "" : `: ${result}`}`;
