import { readFile } from "node:fs/promises";
import factory from "../../../factory.config.ts";
import { root } from "../../../stacks/blueprint/project.ts";
import { executedOf } from "../../docs/left-out.ts";
import { readPage } from "../../docs/markdown.ts";

const PAGE = "docs/first-deployment.md";
export const guide = await readFile(`${root}${PAGE}`, "utf8");
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

/**
 * The guide's shell blocks, in order.
 * @throws Error if a block does not name the account whose credentials it needs, or does not say whether it is left out
 */
export function shellBlocks(): Block[] {
  const { blocks, prose } = readPage(PAGE, guide);
  const sections = prose.flatMap(({ number: line, text }) => {
    const [, section] = /^## (\d+)\. /.exec(text) ?? [];
    return section === undefined ? [] : [{ line, section: Number(section) }];
  });
  return blocks
    .filter(({ language }) => language === "sh")
    .map((block): Block => {
      const [header = "", ...lines] = block.code.split("\n");
      const [, whose, consumer, mark, standIn] = HEADER.exec(header) ?? [];
      if (whose === undefined) throw new Error(`"${header}" does not say which account's credentials its block needs.`);
      const executed = executedOf(block);
      if ((mark !== undefined) !== (executed === "")) {
        throw new Error(`${PAGE}:${block.line}: "${header}" contradicts test/docs/left-out.ts.`);
      }
      return {
        section: sections.findLast(({ line }) => line < block.line)?.section ?? 0,
        account: consumer?.trim() ?? (whose === "management" ? MANAGEMENT : FACTORY),
        text: lines.join("\n"),
        commands: standIn ?? (executed || undefined),
      };
    });
}

/** The policy of the section about permissions, in JSON. */
export const deployerPolicy = (): string => /^```json\n([\s\S]*?)^```$/m.exec(guide)?.[1] ?? "";
