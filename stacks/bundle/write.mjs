// `node stacks/bundle/write.mjs <folder> <config>` bundles all functions, each into its own folder.
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundleFunctions } from "./bundle-functions.ts";
import { declaredHandlers } from "./handlers.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [, , folder, config] = process.argv;
if (!folder || !config) throw new Error("Usage: node stacks/bundle/write.mjs <folder> <config>");
rmSync(folder, { recursive: true, force: true });
await bundleFunctions(root, config, declaredHandlers(root), folder);
