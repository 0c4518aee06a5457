import type {
  CreateStateMachineCommandInput,
  CreateStateMachineCommandOutput,
  StateMachineType,
} from "@aws-sdk/client-sfn";
import { byResourceArn, type Create, known, type ResourceType, retag } from "./resource-type.ts";

const createStateMachine: Create = async (inputs, site) => {
  const name = inputs.text("name");
  const roleArn = inputs.text("roleArn");
  const { stateMachineArn = "" } = await site.call<CreateStateMachineCommandOutput>("states", "CreateStateMachine", {
    name,
    roleArn,
    definition: inputs.json("definition"),
    type: inputs.maybeText<StateMachineType>("type"),
    publish: inputs.flag("publish"),
    tags: Object.entries(inputs.textMap("tags") ?? {}).map(([key, value]) => ({ key, value })),
  } satisfies CreateStateMachineCommandInput);
  inputs.drop("there are neither logs nor traces to configure", "loggingConfiguration", "tracingConfiguration");
  return { ...known(name, stateMachineArn), id: stateMachineArn };
};

export const stateMachine: ResourceType = {
  create: createStateMachine,
  async update(inputs, site, before) {
    const stateMachineArn = before.attributes.arn;
    const [roleArn, definition] = [inputs.text("roleArn"), inputs.json("definition")];
    await site.call("states", "UpdateStateMachine", { stateMachineArn, roleArn, definition });
    await retag(inputs, before, site, {
      service: "states",
      tag: (tags) => [
        "TagResource",
        { resourceArn: stateMachineArn, tags: Object.entries(tags).map(([key, value]) => ({ key, value })) },
      ],
      untag: byResourceArn("states", stateMachineArn).untag,
    });
    inputs.drop("a change replaces the state machine", "name", "type");
    inputs.drop("versions are not kept", "publish");
    inputs.drop("there are neither logs nor traces to configure", "loggingConfiguration", "tracingConfiguration");
    return before.attributes;
  },
  delete: ({ attributes: { arn: stateMachineArn } }, site) =>
    site.call("states", "DeleteStateMachine", { stateMachineArn }),
  replacedBy: ["name", "type"],
};
