// `node stacks/bundle/write.mjs <folder>` writes the bundles of all functions, each into a folder of its own.
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundleFunctions } from "./bundle-functions.ts";
import { declaredHandlers } from "./handlers.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = process.argv[2];
if (!folder) throw new Error("Which folder? node stacks/bundle/write.mjs <folder>");
rmSync(folder, { recursive: true, force: true });
await bundleFunctions(root, declaredHandlers(root), folder);
