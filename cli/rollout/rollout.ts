import { Command, InvalidArgumentError, Option } from "commander";
import { findRollout, listTargets } from "../../adapters/rollout/rollouts.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { requireChannel } from "../../core/factory/require-image.ts";
import { rolledOutChannels } from "../../core/rollout/opening.ts";
import { steered } from "../../core/rollout/slack-steering.ts";
import { askFunction, whoAsks } from "../command/ask-function.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";
import { toReason } from "../command/wait-options.ts";
import { drawPlan, plannedRollout } from "./draw-plan.ts";
import { drawRollout, sayNone, toShown } from "./draw-rollout.ts";

const actions = ["halt", "resume", "back"] as const;
type Action = (typeof actions)[number];

interface Options extends Partial<Readonly<Record<Action, true>>> {
  readonly plan?: true;
  readonly reason?: string;
  readonly json?: true;
}

/** These options exclude each other. */
const exclusive = (name: "plan" | Action, description: string): Option =>
  new Option(`--${name}`, description).conflicts(["plan", ...actions].filter((other) => other !== name));

/** `amint rollout <image> <channel>`: shows or controls a channel's roll-out to running instances. */
export const rolloutCommand = (): Command =>
  new Command("rollout")
    .description("show a channel's newest roll-out to Auto Scaling groups; plan, halt, resume or roll one back")
    .argument("<image>", "an image of factory.config.ts")
    .argument("<channel>", "one of its channels with rollout")
    .addOption(exclusive("plan", "show what a roll-out of the channel's build would do now; nothing changes"))
    .addOption(exclusive("halt", "start no further instance refreshes; those in progress run to their end"))
    .addOption(exclusive("resume", "continue a halted roll-out; failures so far no longer halt it"))
    .addOption(exclusive("back", "roll back every group that it reached to its previous configuration"))
    .addOption(
      new Option("--reason <text>", "why; kept with the roll-out, and part of its notice")
        .argParser(toReason)
        .conflicts("plan"),
    )
    .action(rollout);

async function rollout(image: string, channel: string, options: Options): Promise<void> {
  const factory = await loadFactory();
  requireRollout(factory, image, channel);
  const action = actions.find((one) => options[one]);
  if (options.reason !== undefined && !action) {
    throw new InvalidArgumentError("--reason requires --halt, --resume or --back.");
  }
  const asked = { image, channel };
  if (options.plan) await plan(asked, options);
  else if (action) await steer(asked, { action, ...options });
  else await show(asked, options);
}

type Asked = { readonly image: string; readonly channel: string };

async function show(at: Asked, { json }: Options): Promise<void> {
  const ledger = openLedger(await readBlueprint());
  const record = await findRollout(ledger, at);
  const targets = record ? await listTargets(ledger, { ...at, rollout: record.id }) : [];
  const shown = record && toShown(at, record, targets);
  if (json) printJson(shown ?? { ...at, rollout: null });
  else if (shown) printFound(shown, drawRollout);
  else printFound(at, sayNone);
}

async function plan(at: Asked, { json }: Options): Promise<void> {
  const planned = await askFunction(await readBlueprint(), "roll-out", { plan: at }, plannedRollout);
  if (json) printJson(planned);
  else printFound(planned, drawPlan);
}

async function steer(at: Asked, { action, reason, json }: Options & { readonly action: Action }): Promise<void> {
  const blueprint = await readBlueprint();
  // The operator means this roll-out, even if a newer one starts meanwhile.
  const seen = await findRollout(openLedger(blueprint), at);
  const by = await whoAsks(blueprint);
  const event = { ...at, action, by, reason: reason ?? "no reason given", ...(seen && { rollout: seen.id }) };
  const done = await askFunction(blueprint, "steer-roll-out", event, steered);
  if (json) {
    printJson({ ...at, ...done });
    return;
  }
  const { already, build } = done;
  printFound({ ...at, version: buildVersion(build) }, ({ image, channel, version }) => [
    `${image} ${channel}: the roll-out of ${version} ${already ? said[action].already : said[action].done}`,
    `\`amint rollout ${image} ${channel}\` shows its progress`,
  ]);
}

const said: Readonly<Record<Action, { readonly done: string; readonly already: string }>> = {
  halt: {
    done: "is halted: no further instance refreshes start, those in progress run to their end",
    already: "was halted already",
  },
  resume: {
    done: "is resumed: groups that failed so far stay as they are, and no longer halt it",
    already: "is running already",
  },
  back: {
    done: "is being rolled back: every group that it reached returns to its previous configuration",
    already: "is being rolled back already",
  },
};

/** @throws UnknownImage, UnknownChannel, NotRolledOut */
function requireRollout(factory: Factory, image: string, channel: string): void {
  if (!requireChannel(factory, image, channel).rollout) throw new NotRolledOut(factory, image, channel);
}

class NotRolledOut extends Error {
  override readonly name = "NotRolledOut";

  constructor(factory: Factory, image: string, channel: string) {
    const channels = rolledOutChannels(factory).map((one) => `${one.image} ${one.channel}`);
    const others = channels.length > 0 ? `; these channels do: ${channels.join(", ")}` : "";
    super(`The channel ${channel} of ${image} has no rollout in factory.config.ts${others}.`);
  }
}
