/**
 * What `npm test` covers end to end: for each capability the test files that fail in `npm test` if it breaks. Faults are
 * planted against them (`test/deep/planted`), and CONTRIBUTING lists them.
 */
export const capabilities = {
  "build and promotion": ["test/scenario/record-build.test.ts", "test/cli/build.test.ts"],
  triggers: [
    "test/core/decide-start.test.ts",
    "test/scenario/one-start.test.ts",
    "test/scenario/parent.test.ts",
    "test/scenario/triggers.test.ts",
    "test/scenario/watch-base.test.ts",
    "test/scenario/watch-packages.test.ts",
  ],
  gate: ["test/core/gate/decide-gate.test.ts", "test/scenario/evidence.test.ts"],
  waiver: ["test/scenario/waivers.test.ts", "test/cli/waive.test.ts"],
  approval: ["test/core/approvals/decide-approval.test.ts", "test/scenario/approval/slack.test.ts"],
  "sharing with verification": [
    "test/scenario/sharing/verify.test.ts",
    "test/scenario/containers/way.test.ts",
    "test/scenario/sharing/verify-failures.test.ts",
    "test/scenario/sharing/regions.test.ts",
    "test/scenario/sharing/verify-deployed.test.ts",
  ],
  "drift repair": ["test/core/decide-repair.test.ts", "test/scenario/repair-channels.test.ts"],
  "undo of a failed promotion": ["test/scenario/way-back-undone.test.ts", "test/scenario/failures.test.ts"],
  rollback: ["test/core/plan-rollback.test.ts", "test/scenario/way-back.test.ts", "test/scenario/rollback.test.ts"],
  "revoke and restore": [
    "test/core/decide-promote.test.ts",
    "test/scenario/way-back-overtaken.test.ts",
    "test/scenario/way-back.test.ts",
    "test/scenario/revoke.test.ts",
  ],
  retirement: [
    "test/core/retire/plan-retirement.test.ts",
    "test/scenario/retire-histories.test.ts",
    "test/scenario/retire/retire.test.ts",
  ],
  "clean-up": ["test/core/clean-up/plan-clean-up.test.ts", "test/scenario/sharing/clean-up.test.ts"],
  containers: ["test/scenario/containers/way.test.ts", "test/scenario/containers/deployed.test.ts"],
  exports: ["test/scenario/exports/exports.test.ts"],
  notices: ["test/core/notices.test.ts", "test/scenario/notices/sns-and-slack.test.ts"],
  fleet: ["test/core/fleet/report-fleet.test.ts", "test/scenario/tell-fleet.test.ts"],
  cost: ["test/core/cost/estimate.test.ts", "test/scenario/watch-cost.test.ts"],
  "one month": ["test/cli/amint.test.ts"],
  "deployed graph": ["test/scenario/deployed-graph.test.ts"],
  "random histories": [
    "test/scenario/one-start.test.ts",
    "test/scenario/retire-histories.test.ts",
    "test/scenario/way-back.test.ts",
  ],
  "embedded IAM": ["test/local/iam/identity-policies.test.ts", "test/local/iam/evaluation-laws.test.ts"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Capability = keyof typeof capabilities;
