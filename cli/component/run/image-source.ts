import { accountWithoutAws } from "../../../core/factory/check-network.ts";
import { requireImage } from "../../../core/factory/require-image.ts";
import { findProject } from "../../../stacks/blueprint/project.ts";
import { root } from "../../command/blueprint.ts";
import { loadFactory } from "../../command/load-factory.ts";
import type { FactoryAws } from "./factory-aws.ts";
import { instanceAws } from "./instance-aws.ts";
import { INSTANCE_ID } from "./open-run.ts";
import { planImage } from "./plan-documents.ts";
import type { Source } from "./source.ts";

/** The factory is deployed on the embedded AWS while the caller goes on: the system boots meanwhile. */
export async function fromImage(name: string, { config }: { readonly config?: string }): Promise<Source> {
  const factory = await loadFactory(config);
  const image = requireImage(factory, name);
  const project = findProject(config);
  const deploying = deploy(name, config);
  // Whoever runs the documents hears of it, by `deployed`.
  deploying.catch(() => {});
  const planned = planImage(factory, image, { project: project.root, program: root }, async (place) =>
    (await deploying).parameters(place),
  );
  return {
    planned,
    aws: instanceAws(async () => (await deploying).options()),
    deployed: deploying,
    workingDirectory: deploying.then((aws) => aws.workingDirectory),
    os: image.os,
    architecture: image.architecture,
    region: factory.buildRegion,
    accountId: accountWithoutAws(factory),
    close: () =>
      deploying.then(
        (aws) => aws.close(),
        () => {},
      ),
  };
}

/** The embedded AWS takes as long to load as a system to boot. */
async function deploy(image: string, config: string | undefined): Promise<FactoryAws> {
  const [{ loadProgram }, { openFactoryAws }] = await Promise.all([
    import("../../try/load-program.ts"),
    import("./factory-aws.ts"),
  ]);
  return openFactoryAws(await loadProgram(config), image, INSTANCE_ID);
}
