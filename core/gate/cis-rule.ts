import type { GateReason } from "../../events/gate.ts";
import { type CisResult, type FailedRule, wantedProfile } from "../evidence/cis.ts";
import type { WholeEvidence } from "../evidence/evidence.ts";
import type { BenchmarkSettings } from "../factory/benchmark-schema.ts";
import { sayWaived } from "./cve-rules.ts";
import { type Circumstances, reason, today } from "./rule.ts";
import { findWaivers } from "./waivers.ts";

/**
 * Limits a benchmark's failures beyond the baseline, the accepted failures of the image. A missing evaluation, one of
 * another profile, or one without checks does not count as evidence, and cannot be waived.
 */
export function cisRules(
  { cisResult: result }: WholeEvidence,
  settings: BenchmarkSettings,
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
  const known = result.failed.length - beyond.length;
  const within = (rule: string, most: number, of: string, some: typeof judged) => {
    const left = some.filter(({ waivers }) => !waivers).map(({ failed }) => failed);
    return reason({
      rule,
      passed: left.length <= most,
      found: `${left.length} of ${checks} check(s)${of} failed beyond the baseline's ${known}${sayWaived(some.length - left.length)}`,
      allowed:
        most === 0 ? `no failure${of} beyond the baseline` : `at most ${most} failure(s)${of} beyond the baseline`,
      examples: left.map(sayFailed),
      waivers: some.flatMap(({ waivers = [] }) => waivers),
      onViolation,
    });
  };
  const limits = "categories" in settings ? settings.categories : undefined;
  if (!limits) return [evaluated, within("cis", 0, "", judged)];
  return [
    evaluated,
    ...categories.flatMap((category, nth) => {
      const most = limits[category];
      if (most === undefined) return [];
      const kind = ` of category ${category}${nth === 0 ? "" : " or worse"}`;
      const some = judged.filter(({ failed }) => categories.indexOf(categoryOf(failed)) <= nth);
      return [within(`stig-category-${category}`, most, kind, some)];
    }),
  ];
}

/** Most severe first. */
const categories = ["I", "II", "III"] as const;

/** DISA's content expresses its categories as XCCDF severities. Rules of unknown severity count as the most severe. */
function categoryOf({ severity }: FailedRule): (typeof categories)[number] {
  if (severity === "medium") return "II";
  return severity === "low" || severity === "info" ? "III" : "I";
}

const names = { openscap: "OpenSCAP", inspector: "Amazon Inspector" } as const;

function sayEvaluated(result: CisResult | undefined, isWanted: boolean, checks: number): string {
  if (!result) return "no benchmark was evaluated";
  if (!isWanted) return `an evaluation of ${result.profile} by ${names[result.by]}`;
  return `${checks} check(s)${result.incomplete ? `: ${result.incomplete}` : ""}`;
}

const sayFailed = ({ rule, title, result }: FailedRule): string =>
  `${rule}${title ? ` (${title})` : ""}${result === "fail" ? "" : `: ${result}`}`;
