import { readFileSync } from "node:fs";

/** The options of Node with which `npm start` runs. */
const startOptions = (): string[] => {
  const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return String(scripts.start).match(/--max-\S+/g) ?? [];
};

/** A benchmark. Its file describes what it measures. */
export interface Benchmark {
  readonly file: string;
  /** Node options. */
  readonly node?: readonly string[];
  /** Not run by default: it takes minutes, or only prints metrics. */
  readonly byName?: true;
}

export const benchmarks: Readonly<Record<string, Benchmark>> = {
  month: { file: "bench/month.ts", node: startOptions() },
  idle: { file: "bench/idle.ts" },
  house: { file: "bench/house.ts", byName: true },
  "embedded-aws": { file: "packages/embedded-aws/bench/embedded-aws.ts" },
  feeds: { file: "bench/feeds.ts" },
  bundles: { file: "bench/bundles.ts" },
  components: { file: "bench/components.ts", byName: true },
  rollout: { file: "bench/rollout.ts" },
  tests: { file: "bench/tests.ts", byName: true },
  // Node collects garbage late if it has room; these limits show the memory that is needed.
  retire: { file: "bench/retire.ts", node: ["--max-old-space-size=192", "--max-semi-space-size=4"] },
  scale: { file: "bench/scale.ts", node: ["--max-old-space-size=112", "--max-semi-space-size=4"], byName: true },
};
