import { pipelineName } from "../../names.ts";
import type { Blueprint, BlueprintResource } from "../blueprint.ts";
import type { Factory } from "../factory-schema.ts";
import type { InputChange, ResourceChange } from "./compare-resources.ts";
import { isKeyed, isSame, valueChanges } from "./value-changes.ts";

/**
 * - `new`: the image has no pipeline yet.
 * - `recipe`: its next build uses another recipe.
 * - `parent`: its recipe stays; it is rebuilt when its parent's new build enters the channel that it follows.
 * - `removed`: the config no longer has it, so it is not built any longer.
 */
type ImageChangeKind = "new" | "recipe" | "parent" | "removed";

export interface ImageChange {
  readonly image: string;
  readonly kind: ImageChangeKind;
  /** What differs in the recipe: `content of component harden-ssh changed`. */
  readonly reasons: readonly string[];
}

/** The images whose next builds differ, in the config's order; removed images last. */
export function compareImages(
  before: Blueprint,
  now: Blueprint,
  { factory, changes }: { readonly factory: Factory; readonly changes: readonly ResourceChange[] },
): ImageChange[] {
  const own = Object.keys(factory.images).flatMap((image): ImageChange[] => {
    const name = pipelineName(factory.name, image);
    if (!before.resources.some((one) => isRecipe(one) && one.inputs.name === name)) {
      return [{ image, kind: "new", reasons: ["the image is new"] }];
    }
    const recipe = changes.find(({ resource }) => isRecipe(resource) && resource.inputs.name === name);
    if (!recipe) return [];
    if (recipe.action === "create") return [{ image, kind: "recipe", reasons: ["the recipe is of another kind"] }];
    const reasons = recipe.inputs.flatMap((change) => reasonsOf(change, now, before));
    return recipe.action === "replace" ? [{ image, kind: "recipe", reasons }] : [];
  });
  const names = new Set(now.resources.filter(isRecipe).map(({ inputs }) => inputs.name));
  const gone = before.resources.filter((one) => isRecipe(one) && !names.has(one.inputs.name));
  const removed = gone.map(({ inputs }): ImageChange => {
    const image = String(inputs.name).slice(`${before.factory}-`.length);
    return { image, kind: "removed", reasons: ["factory.config.ts no longer has the image"] };
  });
  return [...withChildren(own, factory), ...removed];
}

const isRecipe = ({ type }: BlueprintResource): boolean => /:(ImageRecipe|ContainerRecipe)$/.test(type);

/** Adds children, which follow their parents' builds, recursively. */
function withChildren(own: readonly ImageChange[], { images }: Factory): ImageChange[] {
  const found = new Map(own.map((one) => [one.image, one]));
  let size = -1;
  while (found.size > size) {
    size = found.size;
    for (const [image, { parent, triggers }] of Object.entries(images)) {
      if (found.has(image) || !triggers.parent || !("image" in parent) || !found.has(parent.image)) continue;
      const reason = `its parent ${parent.image} is rebuilt: it follows when ${parent.channel} moves`;
      found.set(image, { image, kind: "parent", reasons: [reason] });
    }
  }
  return Object.keys(images).flatMap((image) => found.get(image) ?? []);
}

/** Inputs that do not change a recipe's content. */
const WITHOUT_CONTENT = ["tags", "version"];

const nouns: Readonly<Record<string, string>> = {
  parentImage: "parent",
  dockerfileTemplateData: "Dockerfile template",
  userDataBase64: "user data",
};

function reasonsOf({ input, before, now, because }: InputChange, current: Blueprint, former: Blueprint): string[] {
  if (WITHOUT_CONTENT.includes(input)) return [];
  if (input === "components")
    return componentChanges(toComponents(before, former), toComponents(now, current), because);
  const lines = valueChanges(nouns[input] ?? input, before, now);
  return lines.length > 0 ? lines : [`${nouns[input] ?? input}: changes with ${because.join(", ")}`];
}

interface RecipeComponent {
  readonly name: string;
  /** Including the version. */
  readonly arn: string;
  readonly parameters: unknown;
  /** Undefined for AWS's components. */
  readonly document: unknown;
}

function toComponents(value: unknown, { factory, resources }: Blueprint): RecipeComponent[] {
  const list = Array.isArray(value) ? value.filter(isKeyed) : [];
  return list.map(({ componentArn, parameters }) => {
    const arn = String(componentArn);
    const full = arn.split("/")[1] ?? arn;
    const found = resources.find(({ type, inputs }) => type.endsWith(":Component") && inputs.name === full);
    const name = full.startsWith(`${factory}-`) ? full.slice(factory.length + 1) : full;
    return { name, arn, parameters, document: found?.inputs.data };
  });
}

function componentChanges(
  before: readonly RecipeComponent[],
  now: readonly RecipeComponent[],
  because: readonly string[],
): string[] {
  const byName = (list: readonly RecipeComponent[]) => new Map(list.map((one) => [one.name, one]));
  const [was, is] = [byName(before), byName(now)];
  const lines = [
    ...[...is.keys()].filter((name) => !was.has(name)).map((name) => `component ${name} added`),
    ...[...was.keys()].filter((name) => !is.has(name)).map((name) => `component ${name} removed`),
    ...[...is].flatMap(([name, one]) => sameComponent(name, was.get(name), one)),
  ];
  if (lines.length > 0) return lines;
  return [because.length > 0 ? `components: changes with ${because.join(", ")}` : "order of the components changed"];
}

function sameComponent(name: string, was: RecipeComponent | undefined, is: RecipeComponent): string[] {
  if (!was) return [];
  const version = was.document === is.document ? "version" : "content";
  return [
    ...(was.arn === is.arn ? [] : [`${version} of component ${name} changed`]),
    ...(isSame(was.parameters, is.parameters) ? [] : parameterChanges(name, was.parameters, is.parameters)),
  ];
}

function parameterChanges(component: string, before: unknown, now: unknown): string[] {
  const values = (list: unknown) =>
    Object.fromEntries((Array.isArray(list) ? list : []).map(({ name, value }) => [name, value]));
  return valueChanges(`parameter of component ${component}`, values(before), values(now)).map((line) =>
    line.replace(`parameter of component ${component}.`, `component ${component}, parameter `),
  );
}
