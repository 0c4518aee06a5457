import { requireImage } from "../../../core/factory/require-image.ts";
import { findProject } from "../../../stacks/blueprint/project.ts";
import { root } from "../../command/blueprint.ts";
import { loadProgram } from "../../try/load-program.ts";
import { openFactoryAws } from "./factory-aws.ts";
import { INSTANCE_ID } from "./open-run.ts";
import { planImage } from "./plan-documents.ts";
import type { Source } from "./source.ts";

/** With the factory deployed on the embedded AWS. */
export async function fromImage(name: string, { config }: { readonly config?: string }): Promise<Source> {
  const program = await loadProgram(config);
  const image = requireImage(program.factory, name);
  const { account, buildRegion } = program.blueprint;
  const factoryAws = await openFactoryAws(program, name, INSTANCE_ID);
  const folders = { project: findProject(config).root, program: root };
  return {
    planned: planImage(image, folders, factoryAws.filled),
    aws: factoryAws.aws,
    workingDirectory: factoryAws.workingDirectory,
    os: image.os,
    architecture: image.architecture,
    region: buildRegion,
    accountId: account,
    close: factoryAws.close,
  };
}
