import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linkPackages } from "../link-packages.ts";
import type { Fault } from "./faults.ts";

/** Folders that a copy of the tree omits or shares. */
const LEFT_OUT = ["node_modules", ".git", ".sst"];

/** A copy of the working tree, in the temporary folder of the machine. */
export interface Planted extends Disposable {
  readonly folder: string;
}

/** Copies the working tree and plants a fault in the copy. The working tree stays as it is. */
export function plant({ name, file, from, to }: Fault): Planted {
  const folder = mkdtempSync(join(tmpdir(), "amint-planted-"));
  for (const entry of readdirSync(".").filter((one) => !LEFT_OUT.includes(one))) {
    cpSync(entry, join(folder, entry), { recursive: true });
  }
  linkPackages(folder);
  const pieces = readFileSync(file, "utf8").split(from);
  if (pieces.length !== 2) {
    throw new Error(`"${name}" cannot be planted: ${pieces.length - 1} times in ${file}, not once: ${from}`);
  }
  writeFileSync(join(folder, file), pieces.join(to));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
