import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Blueprint } from "embedded-aws/deploy";
import { onTestFinished } from "vitest";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { root } from "../../stacks/blueprint/project.ts";
import { linkPackages } from "../whole/deep/link-packages.ts";
import { linkPlatform } from "../whole/deep/link-platform.ts";

/** Sources by their path, each with its change. */
export type Edits = Readonly<Record<string, (text: string) => string>>;

/** The example's config without approvals, so that a month passes without manual steps. */
export const withoutApprovals = (config: string): string =>
  config
    .replace(/\n +approval,\n/, "\n")
    .replace(", approval }", " }")
    .replace(/^const approval.*$/m, "");

export interface EditedCheckout {
  readonly root: string;
  readonly blueprint: Blueprint;
  readonly factory: Factory;
}

/** The program's files and its functions. */
const SOURCES = [
  "adapters",
  "core",
  "events",
  "functions",
  "images",
  "stacks",
  "bundle.config.ts",
  "SECURITY.md",
  "factory.config.ts",
  "package.json",
  "sst.config.ts",
];

/**
 * A copy of the checkout with changed sources, and its program's blueprint; removed after the test.
 * @param more files besides the program and its functions
 * @throws Error if an edit changes nothing, or the program fails
 */
export async function checkoutWith(edits: Edits, more: readonly string[] = []): Promise<EditedCheckout> {
  const folder = await copyOfCheckout(more);
  for (const [path, edit] of Object.entries(edits)) {
    const before = await readFile(join(folder, path), "utf8");
    const after = edit(before);
    if (after === before) throw new Error(`The edit of ${path} changes nothing.`);
    await writeFile(join(folder, path), after);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, ["stacks/blueprint/write.mjs"], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`The edited program has no blueprint:\n${stdout}${stderr}`);
  const { default: factory } = (await import(pathToFileURL(join(folder, "factory.config.ts")).href)) as {
    default: Factory;
  };
  const blueprint = JSON.parse(await readFile(join(folder, "blueprint.json"), "utf8")) as Blueprint;
  return { root: folder, blueprint, factory };
}

/**
 * A copy of the checkout, without tests; removed after the test.
 * @param more files besides the program and its functions
 */
export async function copyOfCheckout(more: readonly string[] = []): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "amint-edited-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const one of [...SOURCES, ...more]) await cp(join(root, one), join(folder, one), { recursive: true });
  linkPackages(folder);
  linkPlatform(root, folder);
  return folder;
}
