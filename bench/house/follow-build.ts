import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * `follow-build.ts <tree> <days> <channels>` prints the files of a tree with a function that ran in one scheduled build, which
 * must reach this number of channels in this number of days. It uses V8's coverage of the functions' script, which is not
 * minified, so that esbuild names the files.
 */
const [tree = ".", days, channels] = process.argv.slice(2);
/** The day before Patch Tuesday. */
const BEGIN = Date.UTC(2026, 3, 13, 8);
const END = BEGIN + Number(days) * 86_400_000;

const load = (path: string) => import(pathToFileURL(join(tree, path)).href);
/** Earlier trees have it in another place. */
const boots = ["demo/boot-example.ts", "demo/boot-factory.ts", "cli/month/boot-factory.ts"];
const boot = boots.find((path) => existsSync(join(tree, path))) ?? boots[0] ?? "";
const instances = existsSync(join(tree, "demo")) ? "demo/instances.ts" : "cli/month/instances.ts";

/** The tree, with functions that are not minified. */
function readable(): string {
  const folder = mkdtempSync(join(tmpdir(), "amint-readable-"));
  for (const entry of readdirSync(tree).filter((one) => one !== "bundle.config.ts")) {
    symlinkSync(join(tree, entry), join(folder, entry));
  }
  const options = JSON.stringify(pathToFileURL(join(tree, "stacks/bundle/options.ts")).href);
  const config = JSON.stringify(join(tree, "factory.config.ts"));
  // Older trees export an object instead of a function.
  const made = `typeof bundleOptions === "function" ? bundleOptions(${config}) : bundleOptions`;
  const text = `import { bundleOptions } from ${options};\nexport default { ...(${made}), minify: false, preserveSymlinks: true };\n`;
  writeFileSync(join(folder, "bundle.config.ts"), text);
  return folder;
}

interface Resource {
  readonly type: string;
  readonly name: string;
}
const SCHEDULE = "BuildAl2023BaseSchedule";
/** Resources that start other work: other schedules, and rules for changes in AWS. */
const startsOther = ({ type, name }: Resource): boolean =>
  (type === "aws:scheduler/schedule:Schedule" && name !== SCHEDULE) || /^(Drift|OrganizationChanged)/.test(name);

const { bootExample, bootFactory = bootExample } = await load(boot);
const { monthOfInstances } = await load(instances);
const { default: factory } = await load("factory.config.ts");
const [blueprintFile = ""] = ["blueprint.json", "stacks/blueprint.json"]
  .map((file) => join(tree, file))
  .filter(existsSync);
const blueprint = JSON.parse(readFileSync(blueprintFile, "utf8"));
const program = readable();
const session = new Session();
session.connect();
let script = "";
session.on("Debugger.scriptParsed", ({ params: { url, scriptId } }) => {
  if (url === "program.js") script = scriptId;
});
await session.post("Debugger.enable");
await session.post("Profiler.enable");
try {
  const running = await bootFactory({
    factory,
    blueprint: { ...blueprint, resources: blueprint.resources.filter((one: Resource) => !startsOther(one)) },
    program,
    functions: "in-process",
    begin: BEGIN,
    plan: monthOfInstances,
  });
  const { clock, events, send } = running;
  // Consumers cannot launch before the organization is read.
  await send("reconcile", { wants: "full" });
  await clock.runUntil(BEGIN + 3_600_000);
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  await clock.runUntil(END);
  const { result } = await session.post("Profiler.takePreciseCoverage");
  const moved = events.filter(({ detailType }: { detailType: string }) => detailType === "channel.moved").length;
  if (moved < Number(channels)) throw new Error(`The build moved ${moved} channels.`);
  const { scriptSource } = await session.post("Debugger.getScriptSource", { scriptId: script });
  await running.close();
  const marks = [
    ...scriptSource.matchAll(
      /^\s*\/\/ ((?:functions|core|adapters|events)\/[\w./-]+\.ts|\S+:\S*|[\w@.][^\n]*\/[^\n]*)$/gm,
    ),
  ];
  const ran = new Set<string>();
  for (const { url, functions } of result) {
    if (url !== "program.js") continue;
    for (const { ranges, functionName } of functions) {
      const [{ startOffset = 0, count = 0 } = {}] = ranges;
      // Modules are also functions, named after their files.
      if (count === 0 || functionName.includes("/") || functionName === "") continue;
      const file = marks.findLast(({ index }) => index < startOffset)?.[1];
      if (file && /^(functions|core|adapters|events)\//.test(file)) ran.add(file);
    }
  }
  console.log(JSON.stringify([...ran].sort()));
} finally {
  rmSync(program, { recursive: true, force: true });
}
process.exit();
