// Before `npm pack`: JavaScript and declarations in dist/, and a package.json that points there, because Node strips no types
// under node_modules. `node prepack.mjs --undo`, after it, brings package.json back.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { transform } from "esbuild";

const KEPT = "package.json.kept";

process.chdir(import.meta.dirname);
if (process.argv.includes("--undo")) renameSync(KEPT, "package.json");
else await build();

async function build() {
  rmSync("dist", { recursive: true, force: true });
  await Promise.all(globSync(["embedded-aws.mjs", "*.ts", "src/**/*.ts"]).map(toJavaScript));
  for (const file of globSync("src/**/*.{json,yaml}")) cpSync(file, join("dist", file));
  execFileSync("tsc", ["-p", "tsconfig.declarations.json"], { stdio: "inherit" });
  cpSync("package.json", KEPT);
  const { scripts: _, devDependencies: __, exports, bin, ...rest } = JSON.parse(readFileSync("package.json", "utf8"));
  const published = {
    ...rest,
    bin: mapValues(bin, built),
    exports: mapValues(
      Object.fromEntries(Object.entries(exports).filter(([name]) => !name.startsWith("./testing"))),
      (path) => ({ types: built(path).replace(/\.js$/, ".d.ts"), default: built(path) }),
    ),
  };
  writeFileSync("package.json", `${JSON.stringify(published, undefined, 2)}\n`);
}

async function toJavaScript(file) {
  const source = readFileSync(file, "utf8");
  const { code } = await transform(source, { loader: "ts", format: "esm", target: "node24", sourcefile: file });
  const to = join("dist", file.replace(/\.ts$/, ".js"));
  mkdirSync(dirname(to), { recursive: true });
  // Not imports only: a module can be named for a bundle, too. Files of the user's program keep their names.
  const ours = (name) => existsSync(join(dirname(file), `${name}.ts`));
  writeFileSync(
    to,
    code.replace(/"([\w/.-]+)\.ts"/g, (text, name) => (ours(name) ? `"${name}.js"` : text)),
  );
}

function built(path) {
  return `./${join("dist", path).replace(/\.ts$/, ".js")}`;
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
