import { rmSync } from "node:fs";
import { join } from "node:path";
import { makeCacheWork } from "../isolation/cache.ts";
import { type Backend, type BootSettings, type System, SystemError } from "../isolation/system.ts";
import { cleanUpScript } from "./clean-up.ts";
import type { InstanceAws } from "./instance-aws.ts";
import { openLayers } from "./layers.ts";
import type { PlannedDocument } from "./plan-documents.ts";
import { phasesOf, runOne } from "./run-document.ts";
import type { DocumentResult, RunEvent, Stage } from "./run-events.ts";

export interface ImageRun {
  readonly backend: Backend;
  readonly boot: Omit<BootSettings, "from">;
  readonly planned: readonly PlannedDocument[];
  /** Subset of `build`, `validate` and `test`. */
  readonly phases: readonly string[];
  readonly aws: InstanceAws;
  /** The recipe's. */
  readonly workingDirectory: string | Promise<string>;
  /** Whether layers of earlier runs may be used. */
  readonly cache: boolean;
  /** Whether tests continue after a failed document; default `false`, as in Image Builder. */
  readonly keepGoing?: boolean;
  /** Folder for the results. */
  readonly results: string;
  readonly report: (event: RunEvent) => void;
  /** Called with the built system, before the clean-up. */
  readonly afterBuild?: (system: System) => Promise<void>;
  /** Called after the tests with the image file, which is deleted afterwards. */
  readonly withImage?: (file: string, result: ImageResult) => Promise<void>;
  /** Called with the system after a document failed. */
  readonly onFailure?: (system: System) => Promise<void>;
  /** Called with the last system before it is closed. */
  readonly atEnd?: (system: System) => Promise<void>;
}

export interface ImageResult {
  readonly documents: readonly DocumentResult[];
  readonly restarts: number;
  /** Whether the tests ran in a system booted from the image. */
  readonly tested: boolean;
}

/**
 * Processes a recipe as Image Builder does: build stage in one system, clean-up, image; then the test stage in a
 * fresh system booted from the image.
 */
export async function runImage(run: ImageRun): Promise<ImageResult> {
  const { backend, planned, phases, report } = run;
  const documents: DocumentResult[] = [];
  let restarts = 0;
  let current: System | undefined;
  const work = makeCacheWork();

  /** Some backends know this only once the system runs. */
  const hasInit = (system: System): boolean => system.hasInit ?? backend.hasInit;

  const boot = async (from: string | undefined, stage: Stage, text: string): Promise<System> => {
    // The next system has a separate disk, so it need not wait until this one is closed.
    const closing = current?.close();
    current = undefined;
    report({ type: "stage", stage, text });
    try {
      current = await backend.boot({ ...run.boot, from });
      return current;
    } finally {
      await closing;
    }
  };

  const carryOut = async (system: System, stage: Stage, document: PlannedDocument): Promise<DocumentResult> => {
    const chosen = phasesOf[stage].filter((phase) => phases.includes(phase));
    if (document.kind === "elsewhere") {
      return notRun(document, stage, "its text is in AWS: not run, and not tested here");
    }
    report({ type: "document", document: document.title, text: "" });
    const instance = {
      backend: { ...backend, hasInit: hasInit(system) },
      system,
      aws: run.aws,
      signal: run.boot.signal,
      onRestart() {
        restarts++;
        report({ type: "restart" });
      },
    };
    return runOne(document, instance, { stage, phases: chosen, results: run.results, report });
  };

  /** @returns false if a failure stopped the remaining documents */
  const carryOutAll = async (system: System, stage: Stage, from: number, after?: (place: number) => Promise<void>) => {
    for (const [place, document] of planned.entries()) {
      if (place < from || !hasPhases(document, stage, phases)) continue;
      const result = await carryOut(system, stage, document);
      documents.push(result);
      if (result.status === "failed") {
        if (run.keepGoing && stage === "test") {
          await run.onFailure?.(system);
          continue;
        }
        const later = planned.filter((one, other) => other > place && hasPhases(one, stage, phases));
        documents.push(...later.map((one) => notRun(one, stage, "after a failure")));
        await run.onFailure?.(system);
        return false;
      }
      await after?.(place);
    }
    return true;
  };

  const buildStage = async (): Promise<string | "failed" | undefined> => {
    const chosen = phasesOf.build.filter((phase) => phases.includes(phase));
    if (chosen.length === 0) return undefined;
    const about = [backend.name, run.boot.root, chosen.join(",")];
    const layers = openLayers(
      planned.filter((one) => hasPhases(one, "build", phases)),
      about,
    );
    const own = planned.filter((one) => hasPhases(one, "build", phases));
    const found = run.cache ? layers.find() : undefined;
    const cached = own.slice(0, found ? found.place + 1 : 0);
    documents.push(...cached.map((one) => ({ ...notRun(one, "build", "unchanged"), status: "cached" as const })));
    const text = found
      ? `build: from the system after ${cached.at(-1)?.title}, of an earlier run; what ran or lay in memory then is gone`
      : "build: a fresh system";
    const system = await boot(found?.file, "build", text);
    const first = planned.indexOf(own[cached.length] ?? (undefined as never));
    const places = new Map(own.map((one, place) => [planned.indexOf(one), place]));
    const keep = async (place: number) => {
      const isLast = places.get(place) === own.length - 1;
      if (run.cache && !isLast) await layers.keep(places.get(place) ?? -1, system);
    };
    if (first >= 0 && !(await carryOutAll(system, "build", first, keep))) return "failed";
    await run.afterBuild?.(system);
    // Without an init system, an image cannot boot.
    if (!hasInit(system)) return undefined;
    await cleanUp(system, run);
    const image = join(work, "image");
    await system.snapshot(image);
    return image;
  };

  try {
    const image = await buildStage();
    if (image === "failed") return { documents, restarts, tested: false };
    const tests = planned.filter((one) => hasPhases(one, "test", phases));
    if (tests.length === 0) return { documents, restarts, tested: false };
    if (!image && phases.includes("build")) {
      documents.push(...tests.map((one) => notRun(one, "test", `${backend.name} runs build phases only`)));
      return { documents, restarts, tested: false };
    }
    const system = await boot(
      image,
      "test",
      image ? "test: a fresh system, booted from the image" : "test: a fresh system of the root",
    );
    await carryOutAll(system, "test", 0);
    const result = { documents, restarts, tested: true };
    if (image) await run.withImage?.(image, result);
    return result;
  } finally {
    if (current && !run.boot.signal.aborted) await run.atEnd?.(current);
    await current?.close();
    rmSync(work, { recursive: true, force: true });
  }
}

const notRun = ({ title }: PlannedDocument, stage: Stage, why: string): DocumentResult => ({
  document: title,
  stage,
  status: "not-run",
  why,
  steps: [],
  durationMs: 0,
});

/** A component whose text only AWS has counts for the build stage, because its phases are unknown. */
const hasPhases = (planned: PlannedDocument, stage: Stage, phases: readonly string[]): boolean =>
  planned.kind === "elsewhere"
    ? stage === "build" && phases.includes("build")
    : planned.document.phases.some(({ name }) => phasesOf[stage].includes(name) && phases.includes(name));

async function cleanUp(system: System, { workingDirectory, report, boot }: ImageRun): Promise<void> {
  report({ type: "document", document: "Image Builder's clean-up", text: "" });
  const { exitCode } = await system.run({ script: cleanUpScript(await workingDirectory), signal: boot.signal });
  if (exitCode !== 0) throw new SystemError(`The clean-up ended with ${exitCode}: the image was not made`);
}
