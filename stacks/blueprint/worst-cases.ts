/**
 * What an attacker achieves with a function's role, beside delaying the function's work and reading what the role reads.
 * Every function has a line; SECURITY.md shows it beside what the blueprint grants.
 */
export const worstCases: Readonly<Record<string, string>> = {
  "answer-approval": "Gives answers in the name of any IAM identity; only configured approvers count.",
  "answer-slack":
    "Gives answers and asks for rollbacks in the name of any Slack user; only configured approvers count.",
  "check-canary": "Says that an instance ran, or did not, in the canary's account.",
  "check-promotion": "Nothing.",
  "clean-up": "Deletes the factory's recipes, components, image resources and AMIs that nothing protects.",
  "collect-evidence": "Forges a build's evidence, by which `decide-gate` judges.",
  "confirm-channel": "Makes a channel's parameter name an AMI; Parameter Store takes any that the factory can launch.",
  "decide-gate": "Lets a build pass that should not.",
  "distribute-image": "Copies an AMI within the factory's account; it is not shared, because it is not proven.",
  "end-canary": "Says that the canary ended well.",
  "expire-approval": "Decides over approvals.",
  "follow-exports":
    "Exports any of the factory's AMIs to the factory's own bucket; by itself it exports only what AWS confirms.",
  "follow-organization": "Shares the factory's AMIs and parameters with accounts.",
  "keep-grants": "Makes and revokes grants on the factory's keys, by the consumers' role.",
  "mark-leftovers": "Marks the factory's AMIs for removal; `clean-up` and `amint restore` decide by themselves.",
  "mirror-channel": "Writes parameters under the factory's path in consumers' accounts.",
  "move-channel": "Makes a channel's parameter name an AMI, and the ledger say so.",
  notify: "Sends notices on SNS and Slack, and writes false release notes.",
  "prepare-image": "Tags the factory's AMIs, and forges the proof of those that Image Builder no longer lists.",
  "promote-build": "Starts promotions, which ask the ledger and AWS themselves.",
  reconcile: "Makes channels' parameters name AMIs, shares the factory's AMIs, asks for revocations and restorations.",
  "record-build": "Forges builds' records; what AWS does not confirm is not shared.",
  "record-copy": "Forges copies' records; what AWS does not confirm is not shared.",
  "request-approval": "Decides over approvals.",
  "resolve-approval": "Decides over approvals.",
  "restore-build": "Shares the factory's AMIs and takes them back from the Recycle Bin.",
  retire: "Takes the factory's AMIs from consumers and deregisters them; the Recycle Bin keeps them.",
  "revoke-build": "Takes the factory's AMIs from consumers, and moves channels.",
  "roll-back": "Shares the factory's AMIs, and moves channels.",
  "roll-out":
    "Replaces instances of opted-in groups, by the roll-outs' role: with AMIs of the factory's where the config allows template versions, and with what their parameters say elsewhere.",
  "roll-back-from-slack":
    "Asks for rollbacks, to builds that the channel had before, and for halted roll-outs to go on or back.",
  "share-image": "Shares the factory's AMIs.",
  "share-parameter": "Shares channels' parameters within the organization.",
  "start-build": "Starts the factory's pipelines.",
  "start-roll-out": "Starts, halts and rolls back roll-outs of what channels point at.",
  "steer-roll-out": "Starts, halts and rolls back roll-outs of what channels point at.",
  "start-canary": "Launches instances in the canary's account, by the consumers' role.",
  "tell-fleet": "Reports a wrong fleet.",
  "undo-promotion": "Takes the factory's AMIs from consumers, and moves channels.",
  "verify-parameter": "Says that consumers can read a parameter.",
  "verify-share": "Says that consumers can launch an AMI.",
  "watch-base": "Asks for builds.",
  "watch-cost": "Reports a wrong cost.",
  "watch-exposure":
    "Hides instances that have an advisory still; refreshes groups that opted in, and what else roll-outs may do in consumers' accounts.",
  "watch-packages": "Asks for builds; hides advisories.",
};
