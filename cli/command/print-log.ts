import { setTimeout as sleep } from "node:timers/promises";
import { InvalidArgumentError } from "commander";
import { askAdmin } from "../../local/running/admin-interface.ts";
import { endpointOf, type PortOption } from "../local/endpoint-option.ts";
import { printFound, printJson } from "./print.ts";

/** Options of commands that print a log. */
export interface LogOptions extends PortOption {
  readonly json?: true;
  readonly follow?: true;
  readonly last?: number;
}

interface Log<Entry> {
  /** The path in the admin interface, and the key of the list in its response. */
  readonly name: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly line: (entry: Entry) => string;
}

const POLL_MS = 500;

/** Prints a log's entries, one per line, oldest first; with `follow` until the embedded AWS stops. */
export async function printLog<Entry>(
  options: LogOptions,
  { name, query, line }: Log<Entry & Numbered>,
): Promise<void> {
  let after = 0;
  for (let last = options.last; ; last = undefined) {
    const asked = { ...query, after: String(after), last: last?.toString() };
    const answer = await askAdmin<Record<string, (Entry & Numbered)[]>>(endpointOf(options), name, { query: asked });
    const entries = answer[name] ?? [];
    for (const entry of entries) {
      if (options.json) printJson(entry);
      else printFound(entry, line);
    }
    after = entries.at(-1)?.number ?? after;
    if (!options.follow) return;
    await sleep(POLL_MS);
  }
}

interface Numbered {
  readonly number: number;
}

export function toCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Use a whole number of at least 1.");
  return Number(text);
}
