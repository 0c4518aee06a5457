import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { root } from "../../cli/command/blueprint.ts";

/**
 * The checkout's functions with another config than `factory.config.ts`.
 * @param config the other one's path
 * @returns the folder of a program that is bundled so; it is removed after the test
 */
export async function programWith(config: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "amint-program-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await symlink(join(root, "functions"), join(folder, "functions"));
  // The bundles are kept there.
  await mkdir(join(folder, "node_modules"));
  const text = [
    `import options from ${JSON.stringify(join(root, "bundle.config.ts"))};`,
    `import { withConfig } from ${JSON.stringify(join(root, "stacks/blueprint/with-config.ts"))};`,
    `export default { ...options, plugins: [withConfig(${JSON.stringify(config)}), ...options.plugins] };`,
  ];
  await writeFile(join(folder, "bundle.config.ts"), text.join("\n"));
  return folder;
}
