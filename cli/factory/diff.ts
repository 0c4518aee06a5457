import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { isDeletedFirst, replaces } from "embedded-aws/deploy";
import type { Blueprint } from "../../core/factory/blueprint.ts";
import { compareBlueprints, isDifferent } from "../../core/factory/difference/compare-blueprints.ts";
import { compareImages } from "../../core/factory/difference/compare-images.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { renamedKeysOf } from "../../core/factory/renamed-keys.ts";
import { evaluateProgram } from "../../stacks/blueprint/evaluate-program.ts";
import { describeImage } from "../build/describe-image.ts";
import { factoryNow } from "../command/factory-clock.ts";
import { loadFactory } from "../command/load-factory.ts";
import { readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";
import { type Difference, drawDifference, toJson } from "./draw-difference.ts";

interface Options {
  readonly against?: string;
  readonly json?: true;
  readonly exitCode?: true;
}

/** `amint diff`: shows what the next deployment changes. */
export const diffCommand = (): Command =>
  new Command("diff")
    .description("show what this version of Amint and factory.config.ts change, compared with the committed blueprint")
    .option("--against <blueprint.json>", "a blueprint file to compare with, instead of the committed one")
    .option("--exit-code", "exit code 1 if there are differences")
    .action(async ({ against, json, exitCode }: Options) => {
      const factory = await loadFactory();
      const before = against === undefined ? ((await readBlueprint()) as Blueprint) : await readGiven(against);
      const now = JSON.parse(await evaluateProgram()) as Blueprint;
      const difference = compare(factory, before, now, await factoryNow());
      if (json) printJson(toJson(difference));
      else printFound(difference, drawDifference);
      if (exitCode && difference.different) process.exitCode = 1;
    });

/** @param from schedules' next dates are after this time */
export function compare(factory: Factory, before: Blueprint, now: Blueprint, from: Date): Difference {
  const found = compareBlueprints(before, now, { replaces, isDeletedFirst });
  const images = compareImages(before, now, { factory, changes: found.resources });
  return {
    ...found,
    different: isDifferent(found),
    buildRegion: now.buildRegion,
    images: images.map((change) => ({
      ...change,
      ...(change.kind !== "removed" && { triggers: describeImage(factory, change.image, from, 1) }),
    })),
    renamedKeys: renamedKeysOf(factory),
  };
}

/** @throws NotABlueprint */
async function readGiven(path: string): Promise<Blueprint> {
  let given: Partial<Blueprint> | null;
  try {
    given = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new NotABlueprint(`${path} cannot be read: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  if (Array.isArray(given?.resources) && given.buildRegion !== undefined) return given as Blueprint;
  throw new NotABlueprint(`${path} is not a blueprint: \`npx amint blueprint\` writes one.`);
}

class NotABlueprint extends Error {
  override readonly name = "NotABlueprint";
}
