import { allServices } from "../../src/services/all.ts";
import { type ServiceConstraints, serviceConstraints } from "../../src/wire/constraints/find-violations.ts";
import { type OperationModel, type ProtocolName, serviceModel } from "../../src/wire/service-model.ts";
import { kindOf, membersOf, type Shape } from "../../src/wire/shape.ts";

/** One built operation, with its API model. */
export interface Target {
  readonly service: string;
  readonly protocol: ProtocolName;
  readonly operation: OperationModel;
  readonly constraints: ServiceConstraints;
  /** The SDK client's module, whose constants hold the values of enums. */
  readonly client: Readonly<Record<string, unknown>>;
}

/** Every operation that is built. */
export async function builtOperations(): Promise<Target[]> {
  const all = Object.entries(allServices).map(async ([name, load]) => {
    const service = await load();
    const [model, constraints, client] = await Promise.all([
      serviceModel(service),
      serviceConstraints(name),
      service.client(),
    ]);
    const known = Object.keys(service.operations).map((one) => model.operations.get(one));
    return known.flatMap((operation) =>
      operation ? [{ service: name, protocol: model.protocol, operation, constraints, client }] : [],
    );
  });
  return (await Promise.all(all)).flat();
}

export const isJson = ({ protocol }: Target): boolean => protocol.startsWith("awsJson");
export const isForm = ({ protocol }: Target): boolean => protocol === "awsQuery" || protocol === "ec2Query";
export const isRest = (target: Target): boolean => !isJson(target) && !isForm(target);

/** Where a member travels: in the body, unless a REST protocol puts it elsewhere. */
export type Place = "body" | "payload" | "label" | "query" | "header";

export function placeOf(target: Target, member: Shape): Place {
  if (!isRest(target)) return "body";
  const traits = member.getMergedTraits();
  if (traits.httpLabel) return "label";
  if (traits.httpQuery) return "query";
  if (traits.httpHeader || traits.httpPrefixHeaders) return "header";
  return traits.httpPayload ? "payload" : "body";
}

/** Whether the operation takes a document that can be broken: bytes and texts can be anything. */
export const takesDocument = (target: Target): boolean =>
  isJson(target) ||
  inputMembers(target).some(([, member]) => {
    const place = placeOf(target, member);
    return place === "body" || (place === "payload" && kindOf(member) === "structure");
  });

export const inputMembers = ({ operation: { input } }: Target): [string, Shape][] =>
  input.isUnitSchema() ? [] : membersOf(input);
