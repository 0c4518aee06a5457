import { AwsError } from "../aws-error.ts";
import { oncePer } from "./once-per.ts";
import { perStructure } from "./per-structure.ts";
import type { OperationModel, ServiceModel } from "./service-model.ts";
import { kindOf, membersOf, requiredMembers, type Shape } from "./shape.ts";

type Find = (value: unknown, path: string) => string[];

const finderOf = oncePer(({ input }: OperationModel) => finder(input));

/** Refuses an input that lacks what its model requires, in the words the service has for it. */
export function checkRequired(input: object, operation: OperationModel, model: ServiceModel): void {
  const missing = finderOf(operation)?.(input, "") ?? [];
  const [first] = missing;
  if (first === undefined) return;
  if (model.protocol === "ec2Query") throw lacking("MissingParameter", first);
  if (model.service.name === "sqs") throw lacking("MissingParameter", first);
  if (model.service.name === "sns") {
    throw refusal("InvalidParameter", `Invalid parameter: ${first} Reason: no value for required parameter`);
  }
  const errors = missing.map((path) => {
    const coral = path.replace(/(^|\.)([A-Z])/g, (_, dot, letter) => dot + letter.toLowerCase());
    return `Value null at '${coral}' failed to satisfy constraint: Member must not be null`;
  });
  const code = model.protocol === "awsQuery" ? "ValidationError" : "ValidationException";
  throw refusal(
    code,
    `${errors.length} validation error${errors.length > 1 ? "s" : ""} detected: ${errors.join("; ")}`,
  );
}

const refusal = (code: string, message: string) => new AwsError(code, message, { status: 400 });
const lacking = (code: string, name: string) => refusal(code, `The request must contain the parameter ${name}`);

/** Undefined where nothing below can be missing. */
function finder(shape: Shape): Find | undefined {
  const kind = kindOf(shape);
  if (kind === "structure") return structureFinder(shape);
  if (kind !== "list" && kind !== "map") return undefined;
  const item = finder(shape.getValueSchema());
  if (!item) return undefined;
  if (kind === "list") {
    return (list, path) => (list as unknown[]).flatMap((one, at) => item(one, `${path}.${at + 1}.member`));
  }
  return (map, path) => Object.entries(map as object).flatMap(([key, one]) => item(one, `${path}.${key}`));
}

const structureFinder = perStructure((shape): Find => {
  const required = requiredMembers(shape);
  let members: (readonly [string, Find])[] | undefined;
  return (value, path) => {
    members ??= membersOf(shape).flatMap(([name, member]) => {
      const inner = finder(member);
      return inner ? [[name, inner] as const] : [];
    });
    const source = value as Record<string, unknown>;
    const at = (name: string) => (path ? `${path}.${name}` : name);
    return [
      ...required.filter((name) => source[name] === undefined).map(at),
      ...members.flatMap(([name, inner]) => (source[name] === undefined ? [] : inner(source[name], at(name)))),
    ];
  };
});
