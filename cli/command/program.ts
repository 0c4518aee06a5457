import { Command } from "commander";
import { printFailure } from "./print.ts";

/** Ends the command: one message for a person; the stack only where the failure is a bug of ours. */
export function reportFailure(error: unknown): void {
  printFailure(toText(error));
  process.exitCode = 1;
}

function toText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // AWS's refusals and lacking credentials are not ours; their messages often need the name to be understood.
  if ("$fault" in error || error.name === "CredentialsProviderError") return `${error.name}: ${error.message}`;
  if (!isExpected(error)) return error.stack ?? error.message;
  return error.message || ("code" in error ? String(error.code) : error.name);
}

/** Errors of ours have a name of their own, and Node's have a code. A value that no schema takes is a bug of ours. */
const isExpected = (error: Error): boolean =>
  "code" in error || (Object.hasOwn(error, "name") && error.name !== "ZodError");

/** Loaded when asked for: the AWS SDK's clients take longer to load than most commands to run. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  month: async () => (await import("../../demo/month.ts")).monthCommand(),
  build: async () => (await import("../build/build.ts")).buildCommand(),
  why: async () => (await import("../build/why.ts")).whyCommand(),
  triggers: async () => (await import("../build/triggers.ts")).triggersCommand(),
  waive: async () => (await import("../gate/waive.ts")).waiveCommand(),
  approve: async () => (await import("../approval/answers.ts")).approveCommand(),
  reject: async () => (await import("../approval/answers.ts")).rejectCommand(),
  promote: async () => (await import("../promotion/promote.ts")).promoteCommand(),
  rollback: async () => (await import("../channel/rollback.ts")).rollbackCommand(),
  revoke: async () => (await import("../revocation/revoke.ts")).revokeCommand(),
  restore: async () => (await import("../revocation/restore.ts")).restoreCommand(),
  reconcile: async () => (await import("../repair/reconcile.ts")).reconcileCommand(),
  retire: async () => (await import("../retirement/retire.ts")).retireCommand(),
  hold: async () => (await import("../retirement/hold.ts")).holdCommand(),
  shares: async () => (await import("../share/shares.ts")).sharesCommand(),
  channels: async () => (await import("../channel/channels.ts")).channelsCommand(),
  fleet: async () => (await import("../fleet/fleet.ts")).fleetCommand(),
  cost: async () => (await import("../cost/cost.ts")).costCommand(),
  export: async () => (await import("../export/export.ts")).exportCommand(),
  slack: async () => (await import("../notice/slack-secrets.ts")).slackCommand(),
  ledger: async () => (await import("../ledger/ledger.ts")).ledgerCommand(),
  local: async () => (await import("../local/local.ts")).localCommand(),
  org: async () => (await import("../organization/org.ts")).orgCommand(),
  policy: async () => (await import("../share/policy.ts")).policyCommand(),
  validate: async () => (await import("../factory/validate.ts")).validateCommand(),
  blueprint: async () => (await import("../factory/blueprint.ts")).blueprintCommand(),
  diff: async () => (await import("../factory/diff.ts")).diffCommand(),
  preflight: async () => (await import("../factory/preflight/preflight.ts")).preflightCommand(),
  iam: async () => (await import("../monitoring/iam.ts")).iamCommand(),
};

const program = new Command("amint")
  .description("A golden AMI mint for AWS Organizations, on EC2 Image Builder.")
  .showHelpAfterError();

try {
  const asked = commands[process.argv[2] ?? ""];
  for (const load of asked ? [asked] : Object.values(commands)) program.addCommand(await load());
  await program.parseAsync();
} catch (error) {
  reportFailure(error);
}
