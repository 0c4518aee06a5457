import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/**
 * Loads a config, so that its errors are reported before SST's platform is fetched and anything is bundled.
 * @param path absolute
 * @throws FactoryConfigError, or esbuild's error with file, line and column
 */
export async function checkConfig(path: string): Promise<void> {
  // Node's own syntax errors have no column.
  await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "silent",
  });
  const { default: factory } = await import(pathToFileURL(path).href);
  if (!factory) throw new Error(`${path} has no default export: write \`export default defineFactory({ ... })\`.`);
}
