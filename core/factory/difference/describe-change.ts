import { type Grant, MANAGED } from "./compare-grants.ts";
import { isLookup, type ResourceAction, type ResourceChange } from "./compare-resources.ts";
import { nameOfType } from "./type-name.ts";
import { valueChanges } from "./value-changes.ts";

export const actionWords: Readonly<Record<ResourceAction, string>> = {
  create: "created",
  update: "changed",
  replace: "replaced",
  delete: "removed",
  release: "no longer managed, kept in AWS",
  settings: "deployment settings changed, nothing in AWS",
};

/** Inputs that name a resource in AWS. */
const NAMES: readonly string[] = ["name", "bucket", "dashboardName"];

/** `KMS key ImageKeyEuWest1`, `SQS queue amint-acme-notify (NotifyDeadLetters) in us-east-1`. */
export function describeResource({ resource }: ResourceChange, buildRegion: string): string {
  const { type, name, inputs, region } = resource;
  const physical = NAMES.map((input) => inputs[input]).find((value) => value !== undefined);
  const called = typeof physical === "string" && !isLookup(type) ? `${physical} (${name})` : name;
  return `${nameOfType(type)} ${called}${region === buildRegion ? "" : ` in ${region}`}`;
}

/** One line per changed property, marked if AWS cannot change it in place. */
export function describeDetails({ action, resource, inputs, region, handler, deletedFirst }: ResourceChange): string[] {
  const lines = inputs.flatMap(({ input, before, now, replaces, because }) => {
    const changed = valueChanges(input, before, now);
    const all = changed.length > 0 ? changed : [`${input}: changes with ${because.join(", ")}`];
    return replaces ? all.map((line) => `${line} (cannot be changed in place)`) : all;
  });
  return [
    ...(region ? [`region: ${region[0]} → ${region[1]} (cannot be changed in place)`] : []),
    ...(handler ? [`handler: ${handler[0] ?? "none"} → ${handler[1] ?? "none"}`] : []),
    ...lines,
    ...(action === "replace" ? [fateOfFormer(resource, inputs, deletedFirst)] : []),
  ];
}

/** Resources that are deleted first have a fixed name, which the successor needs. */
function fateOfFormer(
  { options }: ResourceChange["resource"],
  inputs: ResourceChange["inputs"],
  deletedFirst: true | undefined,
): string {
  const isRenamed = inputs.some(({ input }) => NAMES.includes(input));
  if (!options?.retainOnDelete) return `the former one is deleted ${deletedFirst ? "first" : "afterwards"}`;
  if (!deletedFirst || isRenamed) return "the former one is kept in AWS";
  return "the deployment will fail: the former one is kept in AWS, and its name is taken";
}

/** A generated version number: it changes with the resource that uses it, which is listed as well. */
export const isDrawn = ({ resource }: ResourceChange): boolean => resource.type.startsWith("random:");

/** `role acme-notify is allowed sns:Publish on arn:...:topic` */
export function describeGrant({ holder, effect, action, resource, condition }: Grant): string {
  if (action === MANAGED) return `${holder} has the managed policy ${resource}`;
  const verb = effect === "Deny" ? "is denied" : "is allowed";
  return `${holder} ${verb} ${action} on ${resource}${condition ? ` if ${condition}` : ""}`;
}
