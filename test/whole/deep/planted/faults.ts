import type { Capability } from "../capabilities.ts";

/** A fault that the tests of a capability must notice: text of one source file that is replaced. */
export interface Fault {
  readonly name: string;
  readonly capability: Capability;
  readonly file: string;
  /** Occurs once in the file. */
  readonly from: string;
  readonly to: string;
}

export const faults: readonly Fault[] = [
  {
    name: "the gate passes a build whose only broken rules need approval, without asking",
    capability: "gate",
    file: "core/gate/decide-gate.ts",
    from: "const broken = reasons.filter(({ passed }) => !passed);",
    to: "const broken = reasons.filter(({ passed, asks }) => !passed && !asks);",
  },
  {
    name: "a build is shared although its gate did not pass",
    capability: "sharing with verification",
    file: "adapters/evidence/evidence.ts",
    from: "if (why) throw new GateNotPassed(build, why);",
    to: "",
  },
  {
    name: "a consumer that cannot launch the AMI does not fail the promotion",
    capability: "sharing with verification",
    file: "functions/share/verify-share.ts",
    from: "if (refused.length > 0) await refuseShare({ ...at, amiId: artifact }, refused, invocation);",
    to: "",
  },
  {
    name: "a rollback goes to the build before, even if that build cannot be used",
    capability: "rollback",
    file: "core/channel/plan-rollback.ts",
    from: "build !== from && obstacle(build) === undefined",
    to: "build !== from",
  },
  {
    name: "a revoked build can be promoted again",
    capability: "revoke and restore",
    file: "core/promotion/decide-promote.ts",
    from: "if (revokedBy) return",
    to: 'if (revokedBy === "") return',
  },
  {
    name: "a build that a channel points at is retired",
    capability: "retirement",
    file: "core/retirement/plan-retirement.ts",
    from: "...channels.map(",
    to: "...[].map(",
  },
  {
    name: "a build whose end was never recorded is not asked about",
    capability: "drift repair",
    file: "core/repair/decide-repair.ts",
    from: ".filter(({ settled }) => !settled)",
    to: ".filter(() => false)",
  },
  {
    name: "a build whose export is finished is exported again",
    capability: "exports",
    file: "core/export/decide-export.ts",
    from: 'if (state === "ready") return lacking ? "begin"',
    to: 'if (state === "ready") return lacking || record.told ? "begin"',
  },
  {
    name: "a notice that was not delivered counts as delivered",
    capability: "notices",
    file: "functions/notice/notify.ts",
    from: "if (failed.length > 0) {",
    to: "if (failed.length > 2) {",
  },
  {
    name: "an image is built although its build is under way",
    capability: "triggers",
    file: "core/build/decide-start.ts",
    from: "if (claim) {",
    to: "if (claim && builds.length === 0) {",
  },
  {
    name: "IAM ignores what an identity policy denies",
    capability: "embedded IAM",
    file: "packages/embedded-aws/src/authorization/policy-authorizer.ts",
    from: 'if (denied.length) return { by: "identity-based policy", explicit: true };',
    to: "",
  },
];
