import type { Target } from "@aws-sdk/client-eventbridge";
import type { Json } from "../template/template.ts";
import { differs, document, list, pick, type ResourceContext, type ResourceHandler, text } from "./handler.ts";

const DEFAULT_BUS = "default";

async function put(Name: string, properties: Json, { call }: ResourceContext) {
  const bus = pick(properties, ["EventBusName"]);
  const { RuleArn } = await call<{ RuleArn: string }>("events", "PutRule", {
    Name,
    ...bus,
    ...pick(properties, ["Description", "RoleArn", "ScheduleExpression", "State"]),
    ...(properties.EventPattern !== undefined && { EventPattern: document(properties.EventPattern) }),
  });
  const Targets = list<Target>(properties.Targets);
  if (Targets.length > 0) await call("events", "PutTargets", { Rule: Name, ...bus, Targets });
  return RuleArn;
}

/**
 * For a rule that is not on the default bus, the physical id contains the bus (template reference, "Return values").
 */
const physicalIdOf = (name: string, { EventBusName = DEFAULT_BUS }: Json): string =>
  EventBusName === DEFAULT_BUS ? name : `${EventBusName}|${name}`;

const nameOf = (physicalId: string): string => physicalId.slice(physicalId.lastIndexOf("|") + 1);

async function takeTargets(
  Rule: string,
  properties: Json,
  Ids: readonly string[],
  { call }: ResourceContext,
): Promise<void> {
  if (Ids.length > 0) await call("events", "RemoveTargets", { Rule, ...pick(properties, ["EventBusName"]), Ids });
}

const idsOf = ({ Targets }: Json): string[] => list<Target>(Targets).map(({ Id = "" }) => Id);

export const eventsRule: ResourceHandler = {
  required: [],
  optional: [
    "Description",
    "EventBusName",
    "EventPattern",
    "Name",
    "RoleArn",
    "ScheduleExpression",
    "State",
    "Targets",
  ],
  async create(properties, context) {
    const name = text(properties.Name) ?? context.uniqueName(64);
    const Arn = await put(name, properties, context);
    return { physicalId: physicalIdOf(name, properties), attributes: { Arn } };
  },
  async update(properties, { physicalId, properties: before }, context) {
    if (differs(properties, before, ["Name", "EventBusName"])) return undefined;
    const name = nameOf(physicalId);
    const Arn = await put(name, properties, context);
    const kept = idsOf(properties);
    await takeTargets(
      name,
      properties,
      idsOf(before).filter((id) => !kept.includes(id)),
      context,
    );
    return { physicalId, attributes: { Arn } };
  },
  async delete({ physicalId, properties }, context) {
    const Name = nameOf(physicalId);
    await takeTargets(Name, properties, idsOf(properties), context);
    await context.call("events", "DeleteRule", { Name, ...pick(properties, ["EventBusName"]) });
  },
};
