import type { KnipConfig } from "knip";
import { declaredHandlers } from "./stacks/bundle/handlers.ts";

export default {
  entry: [
    ...declaredHandlers(".").map((path) => `functions/${path}.ts`),
    "bench/*.ts",
    "bench/house/follow-build.ts",
    "local/lambda-runtime/worker.ts",
    "local/wire/constraints/generate.mjs",
    "stacks/**/*.{ts,mjs}",
    "events/aws/*.ts",
    "test/whole/deep/slice-runner.ts",
    "test/whole/deep/titles.ts",
    ".ci/*.mjs",
    "test/**/fixtures/**",
    "test/**/program/**",
  ],
  project: ["**/*.{ts,mjs}"],
  ignoreDependencies: ["sst", "@pulumi/pulumi", "@pulumi/aws", "dynalite"],
  ignoreBinaries: ["apt-ftparchive", "createrepo_c", "dpkg-deb", "dpkg-query", "gpg", "modifyrepo_c", "xz"],
} satisfies KnipConfig;
