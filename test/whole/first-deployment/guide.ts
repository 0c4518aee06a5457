import { readFile } from "node:fs/promises";
import { root } from "../../../cli/command/blueprint.ts";
import factory from "../../../factory.config.ts";

export const guide = await readFile(`${root}docs/first-deployment.md`, "utf8");
export const FACTORY = "111122223333";
const MANAGEMENT = factory.organization.managementAccountId;

export interface Block {
  /** The number of its section. */
  readonly section: number;
  readonly account: string;
  readonly text: string;
  /** The commands to run: the block's, or their replacement; undefined if it has none. */
  readonly commands: string | undefined;
}

/** The first line of each block. */
const HEADER =
  /^# (factory|management|consumer) account( \d{12})?(, not on the embedded AWS(?: \((.+) stands in\))?)?$/;

/** The guide's shell blocks, in order. @throws Error if a block does not name the account whose credentials it needs */
export function shellBlocks(): Block[] {
  let section = 0;
  const found: Block[] = [];
  for (const [, number, header = "", text = ""] of guide.matchAll(/^## (\d+)\. |^```sh\n(.*)\n([\s\S]*?)^```$/gm)) {
    if (number !== undefined) {
      section = Number(number);
      continue;
    }
    const [, whose, consumer, isLeftOut, standIn] = HEADER.exec(header) ?? [];
    if (whose === undefined) throw new Error(`"${header}" does not say which account's credentials its block needs.`);
    const account = consumer?.trim() ?? (whose === "management" ? MANAGEMENT : FACTORY);
    found.push({ section, account, text, commands: isLeftOut ? standIn : text });
  }
  return found;
}

/** The policy of the section about permissions, in JSON. */
export const deployerPolicy = (): string => /^```json\n([\s\S]*?)^```$/m.exec(guide)?.[1] ?? "";
