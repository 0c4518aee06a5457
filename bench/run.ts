import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

/** Node's own settings for some; what they measure is said in their files. */
const benches: Readonly<Record<string, readonly string[]>> = {
  month: [],
  "embedded-aws": [],
  feeds: [],
  bundles: [],
  // Node collects late where it has room: what these need is to be seen.
  retire: ["--max-old-space-size=192", "--max-semi-space-size=4"],
  scale: ["--max-old-space-size=112", "--max-semi-space-size=4"],
};

/** Left out: all that run in about a minute. */
const usual = ["month", "embedded-aws", "feeds", "bundles", "retire"];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`There is no bench "${unknown.join('", "')}"; there are ${Object.keys(benches).join(", ")}.`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : usual) {
  const file = resolve(import.meta.dirname, `${name}.ts`);
  const { status } = spawnSync(process.execPath, [...(benches[name] ?? []), file], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
