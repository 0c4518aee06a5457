import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { findCached, makeCached } from "component-runner";
import { documentPath } from "../../core/component/document-path.ts";
import { componentsOf, documentsAmong } from "../../core/component/image-components.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { bundleProgram } from "../../stacks/blueprint/evaluate-program.ts";
import type { Project } from "../../stacks/blueprint/project.ts";
import { root as program } from "../../stacks/blueprint/project.ts";

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
