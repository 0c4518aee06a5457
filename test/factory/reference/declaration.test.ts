import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { API } from "typescript/unstable/sync";
import { expect, onTestFinished, test } from "vitest";
import { factorySchema } from "../../../core/factory/factory-schema.ts";
import { formsOf } from "../../../core/factory/settings.ts";
import { declareInput } from "../../../stacks/factory/declare-input.ts";
import { readDocs } from "../../../stacks/factory/read-docs.ts";

const root = process.cwd();
const declaration = declareInput(root);

/** What TypeScript reports about a file. */
async function faultsOf(text: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "amint-declaration-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const config = join(folder, "tsconfig.json");
  const compilerOptions = { types: [], noUnusedLocals: false };
  await writeFile(
    config,
    JSON.stringify({ extends: `${root}/tsconfig.json`, compilerOptions, include: [], files: ["input.mts"] }),
  );
  await writeFile(join(folder, "input.mts"), text);
  const api = new API({ cwd: folder });
  try {
    const program = api.updateSnapshot({ openProject: config }).getProject(config)?.program;
    return (program?.getSemanticDiagnostics(join(folder, "input.mts")) ?? []).map((one) => one.text);
  } finally {
    api.close();
  }
}

const compared = (written: string): string => `
import type { FactoryInput as Inferred } from "${root}/core/factory/factory-schema.ts";
${written}
declare const inferred: Inferred;
declare const input: FactoryInput;
export const there: FactoryInput = inferred;
export const back: Inferred = input;
`;

test("the package's declaration of FactoryInput is the inferred type", async () => {
  expect(await faultsOf(compared(declaration))).toEqual([]);
});

test("a declaration that lacks a key, or has another type, differs from it", async () => {
  expect(await faultsOf(compared(declaration.replace("buildRegion: string", "buildRegion: number")))).toHaveLength(2);
  expect(await faultsOf(compared(declaration.replace("buildRegion: string;", "")))).not.toEqual([]);
});

test("the package's declaration has every key's description and example", () => {
  const written = declaration.replace(/\s*\n \* |\s+/g, " ");
  const missing = [...readDocs(root, formsOf(factorySchema))].filter(
    ([, { text, example }]) => !written.includes(text) || !written.includes(`@example ${example}`),
  );

  expect(missing.map(([{ path }]) => path)).toEqual([]);
});
