import { formatError, validationError } from "../refusals.ts";
import { splitAttribute } from "./read-yaml.ts";
import { isObject, PSEUDO_PARAMETERS, type ResourceDeclaration, type Template } from "./template.ts";

/** `${Name}` and `${Name.Attribute}` in an Fn::Sub; `${!Name}` is literal. */
export const SUB_VARIABLE = /\$\{([^!}][^}]*)\}/g;

interface References {
  /** Logical ids of resources, names of parameters, pseudo parameters. */
  readonly names: Set<string>;
  readonly conditions: Set<string>;
}

/** What a value refers to, at any depth. */
function referencesIn(value: unknown, found: References = { names: new Set(), conditions: new Set() }): References {
  if (Array.isArray(value)) for (const one of value) referencesIn(one, found);
  if (!isObject(value)) return found;
  const [[key, inside] = []] = Object.entries(value);
  if (Object.keys(value).length !== 1 || key === undefined) {
    for (const one of Object.values(value)) referencesIn(one, found);
    return found;
  }
  if (key === "Ref" && typeof inside === "string") found.names.add(inside);
  else if (key === "Condition" && typeof inside === "string") found.conditions.add(inside);
  else if (key === "Fn::GetAtt") found.names.add(attributeOf(inside)[0] ?? "");
  else if (key === "Fn::Sub") subReferences(inside, found);
  else {
    if (key === "Fn::If" && Array.isArray(inside)) found.conditions.add(String(inside[0]));
    referencesIn(inside, found);
  }
  return found;
}

/** `[resource, attribute]` in either notation. */
export const attributeOf = (inside: unknown): string[] =>
  typeof inside === "string" ? splitAttribute(inside) : Array.isArray(inside) ? inside.map(String) : [];

function subReferences(inside: unknown, found: References): void {
  const [text, given] = Array.isArray(inside) ? inside : [inside];
  if (isObject(given)) for (const one of Object.values(given)) referencesIn(one, found);
  for (const [, variable = ""] of String(text).matchAll(SUB_VARIABLE)) {
    const [name = ""] = splitAttribute(variable.trim());
    if (!(isObject(given) && Object.hasOwn(given, variable.trim()))) found.names.add(name);
  }
}

/** @throws AwsError ValidationError for a name that is neither a resource, nor a parameter, nor AWS's */
export function requireKnownReferences(template: Template): void {
  const { Parameters, Resources, Conditions, Outputs } = template;
  const isName = (name: string) =>
    Object.hasOwn(Parameters, name) || Object.hasOwn(Resources, name) || PSEUDO_PARAMETERS.includes(name);
  const unknownIn = (value: unknown) => [...referencesIn(value).names].filter((name) => !isName(name));
  const inResources = Object.values(Resources).flatMap((one) => [
    ...unknownIn(one.Properties),
    ...unknownDependencies(one, Resources),
  ]);
  if (inResources.length > 0) {
    throw formatError(
      `Unresolved resource dependencies [${[...new Set(inResources)].join(", ")}] in the Resources block of the template`,
    );
  }
  const inOutputs = Object.values(Outputs).flatMap(unknownIn);
  if (inOutputs.length > 0) {
    throw formatError(
      `Unresolved resource dependencies [${[...new Set(inOutputs)].join(", ")}] in the Outputs block of the template`,
    );
  }
  const all = { Resources, Outputs, Conditions };
  const asked = [
    ...Object.values(all).flatMap((value) => Object.values(value).flatMap((one) => [...referencesIn(one).conditions])),
    ...[...Object.values(Resources), ...Object.values(Outputs)].flatMap(({ Condition }) => Condition ?? []),
  ];
  const undefinedOne = asked.find((name) => !Object.hasOwn(Conditions, name));
  if (undefinedOne !== undefined) {
    throw formatError(`Unresolved condition dependency ${undefinedOne} in the template`);
  }
  creationOrder(template);
}

const dependsOn = ({ DependsOn = [] }: ResourceDeclaration): readonly string[] => [DependsOn].flat() as string[];

const unknownDependencies = (one: ResourceDeclaration, resources: Template["Resources"]): string[] =>
  dependsOn(one).filter((id) => !Object.hasOwn(resources, id));

/** Logical ids, each after its dependencies. @throws AwsError ValidationError for a cycle */
export function creationOrder({ Resources }: Pick<Template, "Resources">): string[] {
  const order: string[] = [];
  const state = new Map<string, "open" | "done">();
  const visit = (id: string, way: readonly string[]): void => {
    if (state.get(id) === "done") return;
    if (state.get(id) === "open") {
      const circle = [...new Set(way.slice(way.indexOf(id)))].join(", ");
      throw validationError(`Circular dependency between resources: [${circle}]`);
    }
    state.set(id, "open");
    const declared = Resources[id];
    const needed = declared ? [...referencesIn(declared.Properties).names, ...dependsOn(declared)] : [];
    for (const other of needed) if (Object.hasOwn(Resources, other)) visit(other, [...way, id]);
    state.set(id, "done");
    order.push(id);
  };
  for (const id of Object.keys(Resources)) visit(id, []);
  return order;
}
