import { INSTANCE_ID, instanceAws, type Source } from "component-runner";
import { accountWithoutAws } from "../../core/factory/check-network.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { findProject, type Project, programOf, root } from "../../stacks/blueprint/project.ts";
import { loadFactory } from "../command/load-factory.ts";
import type { FactoryAws } from "./factory-aws.ts";
import { likelyBlueprint } from "./likely-blueprint.ts";
import { planImage, refuseWindows } from "./plan-documents.ts";
import { RUNS } from "./run-options.ts";

/** Deploys the factory to the embedded AWS in the background, while the caller boots the system. */
export async function fromImage(
  name: string,
  { config, cache }: { readonly config?: string; readonly cache: boolean },
): Promise<Source> {
  const factory = await loadFactory(config);
  const image = requireImage(factory, name);
  refuseWindows(`images.${name}`, image.os);
  const project = findProject(config);
  // Validated before anything starts, so a refusal leaves nothing behind.
  const planned = planImage(factory, image, { project: project.root, program: root }, async (place) =>
    (await deploying).parameters(place),
  );
  const deployed = deploy(name, factory, project, cache);
  const deploying = deployed.then(({ aws }) => aws);
  const confirmed = deployed.then(({ confirmed }) => confirmed);
  // The run reports the failure.
  for (const one of [deploying, confirmed]) one.catch(() => {});
  return {
    planned,
    aws: instanceAws(async () => (await deploying).options()),
    awsReady: confirmed,
    runs: RUNS,
    workingDirectory: deploying.then((aws) => aws.workingDirectory),
    os: image.os,
    architecture: image.architecture,
    region: factory.buildRegion,
    accountId: accountWithoutAws(factory),
    async close() {
      await confirmed.catch(() => {});
      await deploying.then(
        (aws) => aws.close(),
        () => {},
      );
    },
  };
}

/** Loading the embedded AWS takes about as long as booting a system. */
async function deploy(image: string, factory: Factory, project: Project, cache: boolean): Promise<Deployed> {
  const loading = import("./factory-aws.ts");
  const { text, confirmed } = await likelyBlueprint(project, factory, cache);
  confirmed.catch(() => {});
  const { openFactoryAws } = await loading;
  const program = { factory, blueprint: JSON.parse(text), program: programOf(project) };
  return { aws: await openFactoryAws(program, image, INSTANCE_ID), confirmed };
}

interface Deployed {
  readonly aws: FactoryAws;
  readonly confirmed: Promise<void>;
}
