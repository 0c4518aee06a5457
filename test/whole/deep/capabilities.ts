/**
 * What `npm test` covers end to end: for each capability the test files that fail in `npm test` if it breaks. Faults are
 * planted against them (`test/whole/deep/planted`), and CONTRIBUTING lists them.
 */
export const capabilities = {
  "build and promotion": ["test/build/record-build.test.ts", "test/build/command.test.ts"],
  triggers: [
    "test/build/decide-start.test.ts",
    "test/build/one-start.test.ts",
    "test/build/parent.test.ts",
    "test/build/triggers.test.ts",
    "test/advisories/resolve-parents.test.ts",
    "test/advisories/watch-base.test.ts",
    "test/advisories/watch-packages.test.ts",
  ],
  gate: ["test/gate/decide-gate.test.ts", "test/evidence/evidence.test.ts"],
  waiver: ["test/gate/waivers.test.ts", "test/gate/waive.test.ts"],
  approval: ["test/approval/decide-approval.test.ts", "test/approval/slack.test.ts"],
  "sharing with verification": [
    "test/share/verify.test.ts",
    "test/containers/way.test.ts",
    "test/share/verify-failures.test.ts",
    "test/share/regions.test.ts",
    "test/share/verify-deployed.test.ts",
  ],
  "drift repair": ["test/repair/decide-repair.test.ts", "test/repair/repair-channels.test.ts"],
  "undo of a failed promotion": ["test/channel/way-back-undone.test.ts", "test/promotion/failures.test.ts"],
  rollback: ["test/channel/plan-rollback.test.ts", "test/channel/way-back.test.ts", "test/channel/rollback.test.ts"],
  "revoke and restore": [
    "test/promotion/decide-promote.test.ts",
    "test/channel/way-back-overtaken.test.ts",
    "test/channel/way-back.test.ts",
    "test/revocation/revoke.test.ts",
  ],
  retirement: [
    "test/retirement/plan-retirement.test.ts",
    "test/retirement/retire-histories.test.ts",
    "test/retirement/retire-run.test.ts",
  ],
  "clean-up": ["test/retirement/plan-clean-up.test.ts", "test/retirement/clean-up.test.ts"],
  containers: ["test/containers/way.test.ts", "test/containers/deployed.test.ts"],
  exports: ["test/export/exports.test.ts"],
  notices: ["test/notice/notices.test.ts", "test/notice/sns-and-slack.test.ts"],
  fleet: ["test/fleet/report-fleet.test.ts", "test/fleet/publish-fleet.test.ts"],
  cost: ["test/cost/estimate.test.ts", "test/cost/watch-cost.test.ts"],
  "one month": ["test/whole/month.test.ts"],
  "deployed graph": ["test/whole/deployed-graph.test.ts"],
  "random histories": [
    "test/build/one-start.test.ts",
    "test/retirement/retire-histories.test.ts",
    "test/channel/way-back.test.ts",
  ],
  "embedded IAM": [
    "packages/embedded-aws/test/authorization/identity-policies.test.ts",
    "packages/embedded-aws/test/authorization/evaluation-laws.test.ts",
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Capability = keyof typeof capabilities;
