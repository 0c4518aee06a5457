import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

/** The benchmarks with Node options; their files describe what they measure. */
const benches: Readonly<Record<string, readonly string[]>> = {
  month: [],
  house: [],
  "embedded-aws": [],
  feeds: [],
  bundles: [],
  components: [],
  rollout: [],
  tests: [],
  // Node collects garbage late if it has room; these limits show the memory that is needed.
  retire: ["--max-old-space-size=192", "--max-semi-space-size=4"],
  scale: ["--max-old-space-size=112", "--max-semi-space-size=4"],
};

/** By default, the benchmarks that take about a minute together. */
const usual = ["month", "embedded-aws", "feeds", "bundles", "retire", "rollout"];

/** `house <revision>`: a word that is not a benchmark is an argument of `house`. */
const asked: { readonly name: string; readonly args: string[] }[] = [];
for (const word of process.argv.slice(2)) {
  const last = asked.at(-1);
  if (!Object.hasOwn(benches, word) && last?.name === "house") last.args.push(word);
  else asked.push({ name: word, args: [] });
}
const unknown = asked.map(({ name }) => name).filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`Unknown benchmark "${unknown.join('", "')}"; expected one of ${Object.keys(benches).join(", ")}.`);
  process.exit(2);
}
const chosen = asked.length > 0 ? asked : usual.map((name) => ({ name, args: [] }));
for (const { name, args } of chosen) {
  const folder = name === "embedded-aws" ? "../packages/embedded-aws/bench" : ".";
  const file = resolve(import.meta.dirname, folder, `${name}.ts`);
  const { status } = spawnSync(process.execPath, [...(benches[name] ?? []), file, ...args], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
