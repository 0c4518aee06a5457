import { type ImageResult, type ImageRun, openRun, runImage } from "component-runner";
import { fromImage } from "../../cli/component/image-source.ts";

export const IMAGE = "debian-12-web";
export const CONFIG = `${import.meta.dirname}/factory.config.ts`;
const LIMITS = { memory: 2048, processes: 4096, disk: 8192, timeLimit: 60 };

/** The documents of the example's image, ready to run for real on this machine. */
export interface Example extends AsyncDisposable {
  readonly planned: ImageRun["planned"];
  readonly aws: ImageRun["aws"];
  /** Builds the image, and tests it in a fresh system that boots from it. */
  run(changes?: Partial<ImageRun>): Promise<ImageResult>;
}

/**
 * Deploys the example's factory to the embedded AWS; `await using` closes it.
 * @param config another one, with the example's image
 */
export async function openExample(report: ImageRun["report"], config = CONFIG): Promise<Example> {
  const source = await fromImage(IMAGE, { config, cache: true });
  const opened = await openRun({ ...LIMITS, cache: true }, source, report);
  const settings = { ...opened, ...source, phases: ["build", "validate", "test"], cache: true, report };
  return {
    planned: source.planned,
    aws: source.aws,
    run: (changes) => runImage({ ...settings, ...changes }),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}
