import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

/** Node's own settings for some; what they measure is said in their files. */
const benches: Readonly<Record<string, readonly string[]>> = {
  month: [],
  house: [],
  "embedded-aws": [],
  feeds: [],
  bundles: [],
  components: [],
  rollout: [],
  // Node collects late where it has room: what these need is to be seen.
  retire: ["--max-old-space-size=192", "--max-semi-space-size=4"],
  scale: ["--max-old-space-size=112", "--max-semi-space-size=4"],
};

/** Left out: all that run in about a minute. */
const usual = ["month", "embedded-aws", "feeds", "bundles", "retire", "rollout"];

/** `house <revision>`: what is no bench's name is an argument of the one before. */
const asked: { readonly name: string; readonly args: string[] }[] = [];
for (const word of process.argv.slice(2)) {
  const last = asked.at(-1);
  if (!Object.hasOwn(benches, word) && last?.name === "house") last.args.push(word);
  else asked.push({ name: word, args: [] });
}
const unknown = asked.map(({ name }) => name).filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`There is no bench "${unknown.join('", "')}"; there are ${Object.keys(benches).join(", ")}.`);
  process.exit(2);
}
const chosen = asked.length > 0 ? asked : usual.map((name) => ({ name, args: [] }));
for (const { name, args } of chosen) {
  const folder = name === "embedded-aws" ? "../packages/embedded-aws/bench" : ".";
  const file = resolve(import.meta.dirname, folder, `${name}.ts`);
  const { status } = spawnSync(process.execPath, [...(benches[name] ?? []), file, ...args], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
