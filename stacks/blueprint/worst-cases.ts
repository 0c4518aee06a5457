/**
 * What an attacker can do with a function's role, besides delaying the function's work and reading what the role can read.
 * Every function has a line; SECURITY.md shows it next to the grants in the blueprint.
 */
export const worstCases: Readonly<Record<string, string>> = {
  "answer-approval": "Answers approvals as any IAM identity; only configured approvers count.",
  "answer-slack": "Answers approvals and requests rollbacks as any Slack user; only configured approvers count.",
  "check-canary": "Reports a wrong result for the instance in the canary's account.",
  "check-promotion": "Nothing.",
  "clean-up": "Deletes the factory's recipes, components, image resources and AMIs that nothing protects.",
  "collect-evidence": "Forges a build's evidence, on which `decide-gate` decides.",
  "confirm-channel":
    "Points a channel's parameter at any AMI that the factory can launch; Parameter Store rejects others.",
  "decide-gate": "Passes a build that should fail.",
  "distribute-image": "Copies an AMI within the factory's account; unproven AMIs are not shared.",
  "end-canary": "Reports that the canary succeeded.",
  "expire-approval": "Decides approvals.",
  "follow-exports":
    "Exports any of the factory's AMIs to the factory's own bucket; the function itself exports only AMIs that AWS confirms.",
  "follow-organization": "Shares the factory's AMIs and parameters with accounts.",
  "keep-grants": "Creates and revokes grants on the factory's keys, through the consumers' role.",
  "mark-leftovers": "Marks the factory's AMIs for removal; `clean-up` and `amint restore` check again.",
  "mirror-channel": "Writes parameters under the factory's path in consumers' accounts.",
  "move-channel": "Points a channel's parameter at another AMI, and records that in the ledger.",
  notify: "Sends notices on SNS and Slack, and writes false release notes.",
  "prepare-image": "Tags the factory's AMIs, and forges the proof of those that Image Builder no longer lists.",
  "promote-build": "Starts promotions, which verify the build in the ledger and AWS.",
  reconcile: "Moves channels' parameters, shares the factory's AMIs, requests revocations and restorations.",
  "record-build": "Forges builds' records; AMIs that AWS does not confirm are not shared.",
  "record-copy": "Forges copies' records; AMIs that AWS does not confirm are not shared.",
  "request-approval": "Decides approvals.",
  "resolve-approval": "Decides approvals.",
  "restore-build": "Shares the factory's AMIs and restores them from the Recycle Bin.",
  retire: "Unshares the factory's AMIs and deregisters them; the Recycle Bin keeps them.",
  "revoke-build": "Unshares the factory's AMIs, and moves channels.",
  "roll-back": "Shares the factory's AMIs, and moves channels.",
  "roll-out":
    "Replaces instances of opted-in groups, through the roll-outs' role: with the factory's AMIs where the config allows template versions, otherwise with the AMI in the group's parameter.",
  "roll-back-from-slack":
    "Requests rollbacks to the channel's earlier builds, and continues or rolls back halted roll-outs.",
  "share-image": "Shares the factory's AMIs.",
  "share-parameter": "Shares channels' parameters within the organization.",
  "start-build": "Starts the factory's pipelines.",
  "start-roll-out": "Starts, halts and rolls back roll-outs of channels' builds.",
  "steer-roll-out": "Starts, halts and rolls back roll-outs of channels' builds.",
  "start-canary": "Launches instances in the canary's account, through the consumers' role.",
  "tell-fleet": "Reports a wrong fleet.",
  "undo-promotion": "Unshares the factory's AMIs, and moves channels.",
  "verify-parameter": "Reports that consumers can read a parameter.",
  "verify-share": "Reports that consumers can launch an AMI.",
  "watch-base": "Requests builds.",
  "watch-cost": "Reports a wrong cost.",
  "watch-exposure":
    "Hides instances that still have an advisory; refreshes opted-in groups, and uses the roll-outs' other permissions in consumers' accounts.",
  "watch-packages": "Requests builds; hides advisories.",
};
