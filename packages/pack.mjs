// Runs before `npm pack`, in the package's folder: writes JavaScript and declarations to dist/, and a package.json that refers
// to them, because Node does not strip types under node_modules. `--undo` restores package.json afterwards.
//   node pack.mjs <folder or file ...>   what to pack, besides README and LICENSE
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { transform } from "esbuild";

const KEPT = "package.json.kept";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    undo: { type: "boolean" },
    /** tsc configs that write declarations. */
    declarations: { type: "string", multiple: true, default: [] },
    target: { type: "string", default: "node24" },
  },
});

if (values.undo) renameSync(KEPT, "package.json");
else await pack();

async function pack() {
  rmSync("dist", { recursive: true, force: true });
  const files = positionals.flatMap((one) => globSync([one, `${one}/**`])).filter((one) => statSync(one).isFile());
  for (const file of files) {
    if (/\.(ts|mjs)$/.test(file) && !file.startsWith("template/")) await toJavaScript(file);
    else cpSync(file, join("dist", file));
  }
  for (const config of values.declarations) execFileSync("tsc", ["-p", config], { stdio: "inherit" });
  cpSync("package.json", KEPT);
  writeFileSync("package.json", `${JSON.stringify(published(), undefined, 2)}\n`);
}

async function toJavaScript(file) {
  const source = readFileSync(file, "utf8");
  const loader = file.endsWith(".ts") ? "ts" : "js";
  const { code } = await transform(source, { loader, format: "esm", target: values.target, sourcefile: file });
  const to = join("dist", file.replace(/\.ts$/, ".js"));
  mkdirSync(dirname(to), { recursive: true });
  // Not imports only: a module can be named for a bundle, too. Files of the user's project keep their names.
  const ours = (name) => !name.includes(".sst/") && existsSync(join(dirname(file), `${name}.ts`));
  writeFileSync(
    to,
    code.replace(/"([\w/.-]+)\.ts"/g, (text, name) => (ours(name) ? `"${name}.js"` : text)),
  );
}

/** The manifest for users, without what only the repository needs. */
function published() {
  const given = JSON.parse(readFileSync("package.json", "utf8"));
  const { scripts, devDependencies, workspaces, allowScripts, private: _, exports = {}, bin = {}, ...rest } = given;
  const entries = Object.entries(exports).filter(([name]) => !name.startsWith("./testing"));
  return {
    ...rest,
    bin: mapValues(bin, built),
    exports: Object.fromEntries(entries.map(([name, path]) => [name, entry(path)])),
  };
}

function entry(path) {
  if (path === "./package.json") return path;
  const types = built(path).replace(/\.m?js$/, ".d.ts");
  return existsSync(types) ? { types, default: built(path) } : built(path);
}

function built(path) {
  return `./${join("dist", path).replace(/\.ts$/, ".js")}`;
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
