import { Command, InvalidArgumentError } from "commander";
import * as z from "zod";
import type { Decision } from "../../core/retirement/plan-retirement.ts";
import { buildArn } from "../../events/ids.ts";
import { askFunction } from "../command/ask-function.ts";
import { readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";
import { drawDecisions } from "./draw-decisions.ts";

interface Options {
  readonly plan?: true;
  readonly apply?: true;
  readonly json?: true;
}

const decision = z.object({
  image: z.string(),
  build: buildArn,
  does: z.enum([
    "keep",
    "wait",
    "deprecate",
    "condemn",
    "withdraw",
    "disable",
    "deregister",
    "give-back",
    "gone",
  ] as const satisfies readonly Decision["does"][]),
  reasons: z.array(z.string()),
  frees: z.record(z.string(), z.number()),
  proof: z.array(
    z.object({
      region: z.string(),
      reports: z.array(z.object({ id: z.string(), askedAt: z.string() })),
      lastLaunchedAt: z.string().optional(),
    }),
  ),
});
const answer = z.object({ decisions: z.array(decision), acted: z.number() });

/** `amint retire`: the retirement plan for builds of images with a retention. */
export const retireCommand = (): Command =>
  new Command("retire")
    .description("show what happens to old builds and why, or do now what the daily run would do")
    .option("--plan", "show the plan and change nothing (the default)")
    .option("--apply", "move unused builds whose time has come to their next stage")
    .action(retire);

async function retire({ plan, apply, json }: Options): Promise<void> {
  if (plan && apply) throw new InvalidArgumentError("Use either --plan, which changes nothing, or --apply.");
  const wants = apply ? "apply" : "plan";
  const done = await askFunction(await readBlueprint(), "retire", { wants }, answer);
  if (json) {
    printJson(done);
    return;
  }
  const acted = apply ? `\n\n${done.acted} image(s) changed, counted per region` : "";
  printFound(done.decisions, (decisions) => `${drawDecisions(decisions)}${acted}`);
}
