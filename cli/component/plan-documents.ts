import { resolve } from "node:path";
import type { Command } from "commander";
import { type PlannedDocument, planDocument, WindowsRefused } from "component-runner";
import { withRunOptions as withRunnerOptions } from "component-runner/command";
import { deployedParameters } from "../../core/component/added-documents.ts";
import { filledParameters } from "../../core/component/filled-parameters.ts";
import { componentsOf, describeComponent, documentPath, type Folders } from "../../core/component/image-components.ts";
import { imageOsNames, imageSystemOf } from "../../core/component/image-system.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Image } from "../../core/factory/image-schema.ts";

const ADVICE =
  '"amint components check" checks their PowerShell, and "amint try" builds the factory\'s images with simulated instances.';

/** @param os as written in the config or on the command line @throws WindowsRefused */
export function refuseWindows(what: string, os: string): void {
  const known = imageOsNames.find((name) => name === os);
  if (known && imageSystemOf(known).platform === "Windows") throw new WindowsRefused(`${what} (${os})`, ADVICE);
}

/** The file of a document that the command line names; its paths are relative to the current folder. */
export const pathOf = (document: string, program: string): string =>
  document.startsWith("amint:") ? documentPath(document, { project: process.cwd(), program }) : resolve(document);

/** A document that the command line names. */
export const planNamed = (
  document: string,
  program: string,
  parameters: Readonly<Record<string, string>>,
): PlannedDocument => planDocument({ title: document, path: pathOf(document, program), parameters, advice: ADVICE });

/**
 * The documents of an image's recipe.
 * @param recipe the deployed recipe's parameters for the component at an index
 */
export const planImage = (
  factory: Factory,
  image: Image,
  folders: Folders,
  recipe: (place: number) => Promise<Readonly<Record<string, string>>>,
): PlannedDocument[] =>
  componentsOf(image).map((component, place) => {
    const title = describeComponent(component);
    if (!("document" in component)) return { kind: "elsewhere", title };
    const { document } = component;
    const filled = Object.entries(filledParameters(document, image, factory));
    const parameters = {
      ...component.parameters,
      ...Object.fromEntries(filled.map(([name, { value }]) => [name, value])),
    };
    const names = deployedParameters(document);
    const later = names.length > 0 ? { names, values: () => recipe(place) } : undefined;
    return planDocument({ title, path: documentPath(document, folders), parameters, later, advice: ADVICE });
  });

/** Below it are the logs of runs. */
export const RUNS = ".amint/runs";

/** Options that `amint components test` and `amint build --here` share. */
export const withRunOptions = (command: Command): Command =>
  withRunnerOptions(command.hook("preAction", nameCache), RUNS);

/** AMINT_CACHE is Amint's name for the runner's variable. */
function nameCache(): void {
  const { AMINT_CACHE } = process.env;
  if (AMINT_CACHE) process.env.COMPONENT_RUNNER_CACHE ??= AMINT_CACHE;
}
