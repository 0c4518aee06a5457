import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { accountWithoutAws } from "../../core/factory/check-network.ts";
import type { Place } from "../../core/names.ts";
import factory from "../../factory.config.ts";
import { platformOf, stage } from "./places.ts";
import { recordResources } from "./record-resources.ts";
import { serveSst } from "./serve-sst.ts";
import { toBlueprint } from "./to-blueprint.ts";

/**
 * Secrets that `sst secret set` stores for a deployment: `SlackApiUrl` replaces the URL of Slack's API, and `FeedMirrors`
 * the URLs of vendors' feeds. Slack's own secrets are not inputs of the deployment.
 */
const secretNames = ["SlackApiUrl", "FeedMirrors"] as const;

/** The project's folder: `evaluate-program.ts` starts this process there. */
const root = process.cwd();

/** Defines the globals that SST's CLI gives a program; see `src/shim` and `src/auto` in its platform. */
async function provideSstGlobals(): Promise<void> {
  Object.assign(globalThis, {
    $app: { name: "amint", stage, removal: "retain", protect: true, providers: { aws: {}, random: {} } },
    $dev: false,
    $cli: {
      // Not one of SST's commands: nothing is deployed, so SST bundles nothing.
      command: "blueprint",
      rpc: "",
      env: process.env,
      home: "/",
      state: { version: {} },
      paths: { root, home: "/", work: join(root, ".sst"), platform: platformOf(root) },
    },
  });
  Object.assign(globalThis, {
    sst: await import("../../.sst/platform/src/components/index.ts"),
    aws: await import("@pulumi/aws"),
    random: await import("@pulumi/random"),
  });
}

const evaluatedPlace: Place = {
  partition: "aws",
  region: factory.buildRegion,
  account: accountWithoutAws(factory),
};

// Runs the program with Pulumi's mocks: each resource is registered with its final inputs, and nothing is created.
const resources = recordResources(evaluatedPlace);

for (const name of secretNames) process.env[`SST_SECRET_${name}`] = `\${secret.${name}}`;

const builds = await serveSst(root);

await provideSstGlobals();

const { run } = await import("../../.sst/platform/src/auto/run.ts");

const { default: config } = await import("../../sst.config.ts");

await pulumi.runtime.runInPulumiStack(() => run(async () => config.run()));

// Outputs settle after the program returns; without this wait, resources that they create would be missing.
await pulumi.runtime.disconnect();

const blueprint = toBlueprint({ factory: factory.name, stage, place: evaluatedPlace }, resources, builds);

process.stdout.write(`${JSON.stringify(blueprint, null, 2)}\n`, () => process.exit(0));
