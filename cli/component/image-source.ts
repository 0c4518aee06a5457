import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { findCached, INSTANCE_ID, instanceAws, makeCached, type Source } from "component-runner";
import { componentsOf, documentPath, documentsAmong } from "../../core/component/image-components.ts";
import { accountWithoutAws } from "../../core/factory/check-network.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { bundleProgram } from "../../stacks/blueprint/evaluate-program.ts";
import { findProject, type Project, root as program, programOf, root } from "../../stacks/blueprint/project.ts";
import { loadFactory } from "../command/load-factory.ts";
import type { FactoryAws } from "./factory-aws.ts";
import { planImage, RUNS, refuseWindows } from "./plan-documents.ts";

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

const LONGEST_MS = 24 * 3600 * 1000;

interface LikelyBlueprint {
  readonly text: string;
  /** @throws ProgramChanged if the program now produces another blueprint */
  readonly confirmed: Promise<void>;
}

/**
 * The blueprint that an earlier run of the same sources produced, if any. The program is always evaluated as well, while
 * the blueprint is deployed; results count only after `confirmed` resolves.
 * @param cache whether to use earlier runs
 */
export async function likelyBlueprint(project: Project, factory: Factory, cache: boolean): Promise<LikelyBlueprint> {
  const { digest, evaluate } = await bundleProgram(project);
  const name = `blueprint-${digestOf([digest, ...documentsOf(factory, project)])}.json`;
  const kept = cache ? findCached(name, LONGEST_MS) : undefined;
  const evaluated = evaluate();
  const text = kept ? readFileSync(kept, "utf8") : await evaluated;
  return { text, confirmed: confirm() };

  async function confirm(): Promise<void> {
    const now = await evaluated;
    if (kept && now === text) return;
    await makeCached(name, async (path) => writeFileSync(path, now));
    if (kept) throw new ProgramChanged();
  }
}

const digestOf = (texts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 32);

/** Documents that the program reads during evaluation. */
const documentsOf = ({ images }: Factory, { root: project }: Project): string[] =>
  documentsAmong(Object.values(images).flatMap((image) => componentsOf(image)))
    .map((document) => documentPath(document, { project, program }))
    .filter(existsSync)
    .map((path) => readFileSync(path, "utf8"));

/** The program depends on something other than its sources and documents. */
class ProgramChanged extends Error {
  override readonly name = "ProgramChanged";
  readonly code = "ProgramChanged";

  constructor() {
    super("The program of sst.config.ts gives another result than earlier today for the same sources: run it again");
  }
}
