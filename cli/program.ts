import { Command } from "commander";
import { reportFailure } from "./report-failure.ts";

/** Loaded when asked for: the AWS SDK's clients take longer to load than most commands to run. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  month: async () => (await import("./month.ts")).monthCommand(),
  build: async () => (await import("./build.ts")).buildCommand(),
  why: async () => (await import("./why.ts")).whyCommand(),
  triggers: async () => (await import("./triggers.ts")).triggersCommand(),
  waive: async () => (await import("./waive.ts")).waiveCommand(),
  approve: async () => (await import("./approve.ts")).approveCommand(),
  reject: async () => (await import("./reject.ts")).rejectCommand(),
  promote: async () => (await import("./promote.ts")).promoteCommand(),
  rollback: async () => (await import("./rollback.ts")).rollbackCommand(),
  revoke: async () => (await import("./revoke.ts")).revokeCommand(),
  restore: async () => (await import("./restore.ts")).restoreCommand(),
  reconcile: async () => (await import("./reconcile.ts")).reconcileCommand(),
  retire: async () => (await import("./retire.ts")).retireCommand(),
  hold: async () => (await import("./hold.ts")).holdCommand(),
  shares: async () => (await import("./shares.ts")).sharesCommand(),
  channels: async () => (await import("./channels.ts")).channelsCommand(),
  fleet: async () => (await import("./fleet.ts")).fleetCommand(),
  cost: async () => (await import("./cost.ts")).costCommand(),
  export: async () => (await import("./export.ts")).exportCommand(),
  local: async () => (await import("./local.ts")).localCommand(),
  org: async () => (await import("./org.ts")).orgCommand(),
  policy: async () => (await import("./policy.ts")).policyCommand(),
  validate: async () => (await import("./validate.ts")).validateCommand(),
  iam: async () => (await import("./iam.ts")).iamCommand(),
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
