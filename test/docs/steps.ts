import { executedOf } from "./left-out.ts";
import type { Page } from "./markdown.ts";

/** What a reader of README or docs/getting-started.md does with a block. */
export type Step =
  | { readonly kind: "run"; readonly commands: string }
  /** Something that stays up; `until` is what it prints when it is ready. The next block is for another shell. */
  | { readonly kind: "start"; readonly commands: string; readonly until: string }
  /** A file to save. */
  | { readonly kind: "save"; readonly path: string; readonly text: string }
  /** Lines for the config, into one of its keys. */
  | { readonly kind: "add"; readonly key: string; readonly text: string };

/**
 * The steps of a page, in order. The HTML comment above a block says what is done with it: `file: <path>`, `into: <key>`,
 * `background: <text that it prints>`; without one, the commands of a block in `sh` run.
 */
export function stepsOf({ blocks }: Page): Step[] {
  return blocks.flatMap((block): Step[] => {
    const [kind, value = ""] = block.mark?.split(": ") ?? [];
    const text = `${block.code}\n`;
    if (kind === "file") return [{ kind: "save", path: value, text }];
    if (kind === "into") return [{ kind: "add", key: value, text }];
    const commands = block.language === "sh" ? executedOf(block) : "";
    if (commands === "") return [];
    return kind === "background" ? [{ kind: "start", commands, until: value }] : [{ kind: "run", commands }];
  });
}
