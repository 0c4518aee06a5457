import type { KnipConfig } from "knip";
import { declaredHandlers } from "./stacks/bundle/handlers.ts";

export default {
  workspaces: {
    ".": {
      entry: [
        ...declaredHandlers(".").map((path) => `functions/${path}.ts`),
        "bench/*.ts",
        "bench/bundles/import-bundle.ts",
        "bench/house/{follow-build,instrument,trails}.ts",
        "bench/tests/file-times.ts",
        "stacks/**/*.{ts,mjs}",
        "events/aws/*.ts",
        "test/whole/deep/slice-runner.ts",
        "test/whole/deep/titles.ts",
        "test/whole/deep/write-titles.ts",
        "test/whole/first-deployment/newer-than-cli.mjs",
        "test/world/needs/packages.ts",
        ".ci/*.mjs",
        "test/**/{fixtures,program}/**",
        "test/try/configs/*.ts",
        "demo/debian/*.ts",
      ],
      project: ["**/*.{ts,mjs}"],
      // For readers who have the CDK; it is too large to install for a parser's sake.
      ignore: ["docs/consumers/cdk.ts"],
      ignoreDependencies: ["@pulumi/pulumi", "@pulumi/aws", "@pulumi/random"],
      ignoreBinaries: [
        ...["apt-ftparchive", "createrepo_c", "debugfs", "dnf", "dpkg-deb", "dpkg-query", "gpg", "modifyrepo_c"],
        ...["openssl", "pkill", "qemu-system-x86_64", "rpm", "rpmbuild", "sha256sum", "terraform", "xz"],
      ],
    },
    "packages/create-amint": { entry: ["src/main.ts"], ignore: ["template/**"] },
    "packages/component-runner": {
      entry: ["test/**/*.test.ts", "test/**/{fixtures,program}/**"],
      project: ["**/*.{ts,mjs}"],
    },
    "packages/embedded-aws": {
      entry: [
        "bench/*.ts",
        "src/lambda-runtime/worker.ts",
        "src/wire/constraints/generate.mjs",
        "test/**/*.test.ts",
        "test/**/{fixtures,program}/**",
        "test/**/program/**",
      ],
      project: ["**/*.{ts,mjs}"],
      ignoreBinaries: ["chromium"],
    },
  },
} satisfies KnipConfig;
