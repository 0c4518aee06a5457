import type { Service } from "../../engine/operation.ts";
import { type BadInput, badInput } from "../message.ts";
import { malformedCode } from "../refusal.ts";
import { missingMembers } from "../required-members.ts";
import { loadedModel, type OperationModel, type ServiceModel, serviceModel } from "../service-model.ts";
import { kindOf, membersOf, oncePer, perStructure, type Shape, type ShapeKind } from "../shape.ts";
import { refuseViolations } from "./refuse-violations.ts";

/**
 * Refuses what the wire would refuse, for input from any source: a rule's target, a schedule, a state machine's task, a
 * blueprint. Returns a promise if it must first load the service's model; hold the clock meanwhile.
 * @throws AwsError as over the wire: a value of the wrong type, a missing member, a constraint
 */
export function checkCall(service: Service, operation: string, input: object): Promise<void> | undefined {
  const loaded = loadedModel(service);
  if (!loaded) return modelOf(service).then((model) => checkBy(model, operation, input));
  checkBy(loaded, operation, input);
  return undefined;
}

function checkBy(model: ServiceModel | undefined, operation: string, input: object): void {
  const known = model?.operations.get(operation);
  if (!model || !known) return;
  const wrong = mismatch(input, known);
  if (wrong) throw malformedCode(wrong, model.protocol);
  checkInput(input, known, model);
}

/** A test's own service has no SDK client, and so no model. */
const modelOf = oncePer(async (service: Service): Promise<ServiceModel | undefined> => {
  const names = Object.keys(await service.client());
  return names.some((name) => name.endsWith("Client")) ? serviceModel(service) : undefined;
});

/**
 * Refuses an input with missing members or violated constraints.
 * @throws AwsError with the service's own message, naming every violation if the service does
 */
function checkInput(input: object, operation: OperationModel, model: ServiceModel): void {
  const [first, ...others] = [...missingMembers(input, operation), ...model.violations(operation.name, input)];
  if (first) throw refuseViolations([first, ...others], model, operation.name);
}

/** Names and positions down to a value; the same array for all values of an input. */
type Path = (string | number)[];

/** The first value that does not have its shape's type. */
type Find = (value: unknown, path: Path, depth: number) => BadInput | undefined;

/** Looks at the value of a member, item or entry. */
function findBelow(find: Find | undefined, value: unknown, name: string | number, path: Path, depth: number) {
  path.push(name);
  const found = find?.(value, path, depth);
  path.pop();
  return found;
}

/** The depth that the wire reads. */
const DEEPEST = 64;

const finderOf = oncePer(({ input }: OperationModel) => ({ find: finder(input) }));

/**
 * The first value of the wrong type in an input that did not come over the wire: a number for a string, a string for a
 * list. Unknown members are ignored.
 */
const mismatch = (input: object, operation: OperationModel): BadInput | undefined =>
  finderOf(operation).find?.(input, [], 0);

/** Undefined for shapes that accept any value. */
function finder(shape: Shape): Find | undefined {
  const kind = kindOf(shape);
  switch (kind) {
    case "structure":
      return structureFinder(shape);
    case "list":
      return listFinder(finder(shape.getValueSchema()));
    case "map":
      return mapFinder(finder(shape.getValueSchema()));
    case "document":
    case "unit":
      return undefined;
    default: {
      const fits = FITS[kind];
      return (value, path) => (fits(value) ? undefined : wrong(value, path, kind));
    }
  }
}

type Scalar = Exclude<ShapeKind, "structure" | "list" | "map" | "document" | "unit">;

const FITS: Readonly<Record<Scalar, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number" || typeof value === "bigint",
  boolean: (value) => typeof value === "boolean",
  timestamp: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
  blob: (value) => typeof value === "string" || value instanceof Uint8Array || isStream(value),
};

/** Members compile on first use: a structure may contain itself. */
const structureFinder = perStructure((shape): Find => {
  let members: ReadonlyMap<string, Find | undefined> | undefined;
  return (value, path, depth) => {
    if (depth > DEEPEST) return badInput(`The input is nested deeper than ${DEEPEST} levels`);
    if (!isRecord(value)) return wrong(value, path, "structure");
    members ??= new Map(membersOf(shape).map(([name, member]) => [name, finder(member)]));
    for (const name of Object.keys(value)) {
      const given = value[name];
      if (given === undefined || given === null) continue;
      const found = findBelow(members.get(name), given, name, path, depth + 1);
      if (found) return found;
    }
    return undefined;
  };
});

const listFinder =
  (item: Find | undefined): Find =>
  (value, path, depth) => {
    if (!Array.isArray(value)) return wrong(value, path, "list");
    for (let at = 0; at < value.length; at++) {
      const one: unknown = value[at];
      if (one === null || one === undefined) return wrong(one, [...path, at], "list");
      const found = findBelow(item, one, at, path, depth);
      if (found) return found;
    }
    return undefined;
  };

const mapFinder =
  (item: Find | undefined): Find =>
  (value, path, depth) => {
    if (!isRecord(value)) return wrong(value, path, "map");
    for (const key of Object.keys(value)) {
      const one = value[key];
      const found = one === null || one === undefined ? undefined : findBelow(item, one, key, path, depth);
      if (found) return found;
    }
    return undefined;
  };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !(value instanceof Uint8Array);

const isStream = (value: unknown): boolean => isRecord(value) && Symbol.asyncIterator in value;

function wrong(value: unknown, path: Path, wanted: ShapeKind): BadInput {
  const found = value === null || value === undefined ? "NULL" : Array.isArray(value) ? "LIST" : typeof value;
  return badInput(`${found.toUpperCase()}_VALUE at /${path.join("/")} cannot be converted to ${capitalized(wanted)}`);
}

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
