import * as pulumi from "@pulumi/pulumi";
import factory from "../../factory.config.ts";
import { secretNames } from "../secret-names.ts";
import { evaluatedPlace } from "./evaluated-place.ts";
import { root, stage } from "./places.ts";
import { provideSstGlobals } from "./provide-sst-globals.ts";
import { recordResources } from "./record-resources.ts";
import { serveSst } from "./serve-sst.ts";
import { toBlueprint } from "./to-blueprint.ts";

// The program under Pulumi's own mocks: each resource is registered with its final inputs, and nothing is created.
const resources = recordResources(evaluatedPlace);
for (const name of secretNames) process.env[`SST_SECRET_${name}`] = `\${secret.${name}}`;
const builds = await serveSst(root);
await provideSstGlobals();

const { run } = await import("../../.sst/platform/src/auto/run.ts");
const { default: config } = await import("../../sst.config.ts");
await pulumi.runtime.runInPulumiStack(() => run(async () => config.run()));
// Outputs settle after the program has returned; without the wait, what they create would be missing.
await pulumi.runtime.disconnect();

const blueprint = toBlueprint({ factory: factory.name, stage, place: evaluatedPlace }, resources, builds);
process.stdout.write(`${JSON.stringify(blueprint, null, 2)}\n`, () => process.exit(0));
