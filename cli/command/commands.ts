import { existsSync } from "node:fs";
import type { Command } from "commander";

/** A command as `amint --help` lists it. */
interface Entry {
  /** At most 60 characters: one line of the list. */
  readonly summary: string;
  /** Loads the command's file: loading the AWS SDK's clients takes longer than running most commands. */
  readonly load: () => Promise<Command>;
}

type Group = Readonly<Record<string, Entry>>;

/** Commands that need the example's month, which is not in the package. */
const ofCheckout: Group = existsSync(new URL("../../demo/", import.meta.url))
  ? {
      month: {
        summary: "run the example factory's month on the embedded AWS",
        load: async () => (await import("../try/month.ts")).monthCommand(),
      },
      iam: {
        summary: "find grants that the example's month never used",
        load: async () => (await import("../monitoring/iam.ts")).iamCommand(),
      },
    }
  : {};

/** All commands, by the headings of `amint --help`. */
const groups: Readonly<Record<string, Group>> = {
  "Look around:": {
    status: {
      summary: "show what is wrong, what waits, and what runs next",
      load: async () => (await import("../status/status.ts")).statusCommand(),
    },
  },
  "Build an image:": {
    build: {
      summary: "request a build, or build an image on this machine",
      load: async () => (await import("../build/build.ts")).buildCommand(),
    },
    why: {
      summary: "explain why a build was made, or why none was",
      load: async () => (await import("../build/why.ts")).whyCommand(),
    },
    notes: {
      summary: "print a build's release notes",
      load: async () => (await import("../build/notes.ts")).notesCommand(),
    },
    triggers: {
      summary: "show why and when images are rebuilt",
      load: async () => (await import("../build/triggers.ts")).triggersCommand(),
    },
  },
  "Promote a build:": {
    approve: {
      summary: "approve a build that waits for approval",
      load: async () => (await import("../approval/answers.ts")).approveCommand(),
    },
    reject: {
      summary: "reject a build that waits for approval",
      load: async () => (await import("../approval/answers.ts")).rejectCommand(),
    },
    waive: {
      summary: "waive a finding at the gate until a date",
      load: async () => (await import("../gate/waive.ts")).waiveCommand(),
    },
    promote: {
      summary: "retry a failed promotion",
      load: async () => (await import("../promotion/promote.ts")).promoteCommand(),
    },
  },
  "Channels and consumers:": {
    channels: {
      summary: "show where an image's channels point",
      load: async () => (await import("../channel/channels.ts")).channelsCommand(),
    },
    shares: {
      summary: "show which accounts can launch a channel's build",
      load: async () => (await import("../share/shares.ts")).sharesCommand(),
    },
    rollout: {
      summary: "show or control a roll-out to Auto Scaling groups",
      load: async () => (await import("../rollout/rollout.ts")).rolloutCommand(),
    },
    fleet: {
      summary: "show which accounts run which builds",
      load: async () => (await import("../fleet/fleet.ts")).fleetCommand(),
    },
    affected: {
      summary: "find builds with a CVE, an advisory or a package",
      load: async () => (await import("../fleet/affected.ts")).affectedCommand(),
    },
    patched: {
      summary: "show how long instances took to be patched",
      load: async () => (await import("../rollout/patched.ts")).patchedCommand(),
    },
    export: {
      summary: "list, link and verify exported disk images",
      load: async () => (await import("../export/export.ts")).exportCommand(),
    },
  },
  "Undo and retire:": {
    rollback: {
      summary: "move a channel back to an earlier build",
      load: async () => (await import("../channel/rollback.ts")).rollbackCommand(),
    },
    revoke: {
      summary: "remove a build from every channel and account",
      load: async () => (await import("../revocation/revoke.ts")).revokeCommand(),
    },
    restore: {
      summary: "restore a revoked or retired build",
      load: async () => (await import("../revocation/restore.ts")).restoreCommand(),
    },
    hold: {
      summary: "keep a build from being retired until a date",
      load: async () => (await import("../retirement/hold.ts")).holdCommand(),
    },
    retire: {
      summary: "show or apply the retirement of old builds",
      load: async () => (await import("../retirement/retire.ts")).retireCommand(),
    },
  },
  "Set up and operate a factory:": {
    validate: {
      summary: "check the config, its components and the account",
      load: async () => (await import("../factory/validate.ts")).validateCommand(),
    },
    preflight: {
      summary: "check what the account would refuse to deploy or run",
      load: async () => (await import("../factory/preflight/preflight.ts")).preflightCommand(),
    },
    components: {
      summary: "check and run component documents",
      load: async () => (await import("../component/components.ts")).componentsCommand(),
    },
    blueprint: {
      summary: "write blueprint.json, every resource that is deployed",
      load: async () => (await import("../factory/blueprint.ts")).blueprintCommand(),
    },
    diff: {
      summary: "show what the next deployment changes",
      load: async () => (await import("../factory/diff.ts")).diffCommand(),
    },
    org: {
      summary: "set up the organization, or save it as YAML",
      load: async () => (await import("../organization/org.ts")).orgCommand(),
    },
    policy: {
      summary: "print policies for the organization",
      load: async () => (await import("../share/policy.ts")).policyCommand(),
    },
    slack: {
      summary: "store the Slack app's secrets",
      load: async () => (await import("../notice/slack-secrets.ts")).slackCommand(),
    },
    reconcile: {
      summary: "compare the factory with AWS and repair differences",
      load: async () => (await import("../repair/reconcile.ts")).reconcileCommand(),
    },
    cost: {
      summary: "estimate what a month cost",
      load: async () => (await import("../cost/cost.ts")).costCommand(),
    },
    ledger: {
      summary: "migrate the ledger's table to another layout",
      load: async () => (await import("../ledger/ledger.ts")).ledgerCommand(),
    },
  },
  "Run on this machine:": {
    try: {
      summary: "run a month of a factory on the embedded AWS",
      load: async () => (await import("../try/try.ts")).tryCommand(),
    },
    ...ofCheckout,
    local: {
      summary: "start an embedded AWS, deploy to it, look inside",
      load: async () => (await import("../local/local.ts")).localCommand(),
    },
  },
  "This program:": {
    completion: {
      summary: "print a completion script for bash, zsh or fish",
      load: async () => (await import("./completion/completion.ts")).completionCommand(),
    },
  },
};

/** By name, in the order of the list. */
export const commands: ReadonlyMap<string, Entry & { readonly heading: string }> = new Map(
  Object.entries(groups).flatMap(([heading, group]) =>
    Object.entries(group).map(([name, entry]) => [name, { ...entry, heading }] as const),
  ),
);
