import type * as Sdk from "@aws-sdk/client-sfn";
import type { Inputs } from "./inputs.ts";
import { byResourceArn, known, type ResourceType, retag } from "./resource-type.ts";

function settings(
  inputs: Inputs,
): Pick<Sdk.CreateStateMachineCommandInput, "loggingConfiguration" | "tracingConfiguration"> {
  const logging = inputs.object("loggingConfiguration");
  const logGroupArn = logging?.maybeText("logDestination");
  const tracing = inputs.object("tracingConfiguration");
  return {
    ...(logging && {
      loggingConfiguration: {
        level: logging.maybeText<Sdk.LogLevel>("level"),
        includeExecutionData: logging.flag("includeExecutionData"),
        destinations: logGroupArn === undefined ? [] : [{ cloudWatchLogsLogGroup: { logGroupArn } }],
      },
    }),
    ...(tracing && { tracingConfiguration: { enabled: tracing.flag("enabled") } }),
  };
}

export const stateMachine: ResourceType = {
  async create(inputs, site) {
    const name = inputs.text("name");
    const roleArn = inputs.text("roleArn");
    const { stateMachineArn = "" } = await site.call<Sdk.CreateStateMachineCommandOutput>(
      "states",
      "CreateStateMachine",
      {
        name,
        roleArn,
        definition: inputs.json("definition"),
        type: inputs.maybeText<Sdk.StateMachineType>("type"),
        publish: inputs.flag("publish"),
        ...settings(inputs),
        tags: Object.entries(inputs.textMap("tags") ?? {}).map(([key, value]) => ({ key, value })),
      } satisfies Sdk.CreateStateMachineCommandInput,
    );
    return { ...known(name, stateMachineArn), id: stateMachineArn };
  },
  async update(inputs, site, before) {
    const stateMachineArn = before.attributes.arn;
    const [roleArn, definition] = [inputs.text("roleArn"), inputs.json("definition")];
    await site.call("states", "UpdateStateMachine", {
      stateMachineArn,
      roleArn,
      definition,
      loggingConfiguration: { level: "OFF" },
      tracingConfiguration: { enabled: false },
      ...settings(inputs),
    } satisfies Sdk.UpdateStateMachineCommandInput);
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
    return before.attributes;
  },
  delete: ({ attributes: { arn: stateMachineArn } }, site) =>
    site.call("states", "DeleteStateMachine", { stateMachineArn }),
  replacedBy: ["name", "type"],
};
