import { existsSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { endInOneLine } from "./end-process.ts";
import { loadFactory } from "./load-factory.ts";
import { printFailure } from "./print.ts";
import { reportFailure } from "./report-failure.ts";

/**
 * An unknown command or option, a missing argument, a value of the wrong form: EX_USAGE of sysexits.h, because 2 to 7 are
 * outcomes of `amint build` and `amint preflight`.
 */
const USAGE = 64;

/** The example's month and what uses it are not in the package. */
const ofCheckout: Readonly<Record<string, () => Promise<Command>>> = existsSync(new URL("../../demo/", import.meta.url))
  ? {
      month: async () => (await import("../../demo/month.ts")).monthCommand(),
      iam: async () => (await import("../monitoring/iam.ts")).iamCommand(),
    }
  : {};

/** Loaded when asked for: the AWS SDK's clients take longer to load than most commands to run. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  try: async () => (await import("../try/try.ts")).tryCommand(),
  ...ofCheckout,
  build: async () => (await import("../build/build.ts")).buildCommand(),
  status: async () => (await import("../status/status.ts")).statusCommand(),
  why: async () => (await import("../build/why.ts")).whyCommand(),
  notes: async () => (await import("../build/notes.ts")).notesCommand(),
  triggers: async () => (await import("../build/triggers.ts")).triggersCommand(),
  waive: async () => (await import("../gate/waive.ts")).waiveCommand(),
  approve: async () => (await import("../approval/answers.ts")).approveCommand(),
  reject: async () => (await import("../approval/answers.ts")).rejectCommand(),
  promote: async () => (await import("../promotion/promote.ts")).promoteCommand(),
  rollback: async () => (await import("../channel/rollback.ts")).rollbackCommand(),
  rollout: async () => (await import("../rollout/rollout.ts")).rolloutCommand(),
  revoke: async () => (await import("../revocation/revoke.ts")).revokeCommand(),
  restore: async () => (await import("../revocation/restore.ts")).restoreCommand(),
  reconcile: async () => (await import("../repair/reconcile.ts")).reconcileCommand(),
  retire: async () => (await import("../retirement/retire.ts")).retireCommand(),
  hold: async () => (await import("../retirement/hold.ts")).holdCommand(),
  shares: async () => (await import("../share/shares.ts")).sharesCommand(),
  channels: async () => (await import("../channel/channels.ts")).channelsCommand(),
  fleet: async () => (await import("../fleet/fleet.ts")).fleetCommand(),
  affected: async () => (await import("../fleet/affected.ts")).affectedCommand(),
  patched: async () => (await import("../rollout/patched.ts")).patchedCommand(),
  cost: async () => (await import("../cost/cost.ts")).costCommand(),
  export: async () => (await import("../export/export.ts")).exportCommand(),
  slack: async () => (await import("../notice/slack-secrets.ts")).slackCommand(),
  ledger: async () => (await import("../ledger/ledger.ts")).ledgerCommand(),
  local: async () => (await import("../local/local.ts")).localCommand(),
  org: async () => (await import("../organization/org.ts")).orgCommand(),
  policy: async () => (await import("../share/policy.ts")).policyCommand(),
  validate: async () => (await import("../factory/validate.ts")).validateCommand(),
  components: async () => (await import("../component/components.ts")).componentsCommand(),
  blueprint: async () => (await import("../factory/blueprint.ts")).blueprintCommand(),
  diff: async () => (await import("../factory/diff.ts")).diffCommand(),
  preflight: async () => (await import("../factory/preflight/preflight.ts")).preflightCommand(),
};

const newProgram = (): Command =>
  new Command("amint")
    .description("A golden AMI mint for AWS Organizations, on EC2 Image Builder.")
    .addOption(new Option("--debug", "print the stack trace of a failure").env("AMINT_DEBUG"));

/** Runs the command that `argv` names. The exit code is left in `process.exitCode`; README.md lists the codes. */
export async function run(argv: readonly string[]): Promise<void> {
  const program = newProgram();
  try {
    const asked = commands[argv.find((one) => !one.startsWith("-")) ?? ""];
    for (const load of asked ? [asked] : Object.values(commands)) program.addCommand(await load());
    reportUsage(program, []);
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      // A command's file can import the config itself: Node's error would not say where it is.
      const located =
        error instanceof SyntaxError
          ? await loadFactory().then(
              () => error,
              (cause) => cause,
            )
          : error;
      return reportFailure(located, program.opts<{ debug?: true }>().debug);
    }
    if (error instanceof InvalidArgumentError) printFailure(error.message);
    process.exitCode = error.exitCode && USAGE;
  }
}

/** The whole process is this command. */
export async function start(): Promise<void> {
  const argv = process.argv.slice(2);
  endInOneLine(() => argv.includes("--debug") || process.env.AMINT_DEBUG !== undefined);
  await run(argv);
}

/**
 * Faults of the command line: one message that names the command, and where its options are listed.
 * @param path the command's names, without `amint`
 */
function reportUsage(command: Command, path: readonly string[]): void {
  const said = path.length > 0 ? `${path.join(" ")}:` : "";
  command.exitOverride().configureOutput({
    outputError: (text) =>
      printFailure(
        `${text
          .trim()
          .replace(/^error:/, said)
          .trim()}\nfix: \`${["amint", ...path].join(" ")} --help\` lists what it takes`,
      ),
  });
  for (const one of command.commands) reportUsage(one, [...path, one.name()]);
}
