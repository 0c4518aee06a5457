import type {
  CreateStateMachineCommandInput,
  CreateStateMachineCommandOutput,
  StateMachineType,
} from "@aws-sdk/client-sfn";
import { type Creator, known } from "./creator.ts";

export const createStateMachine: Creator = async (inputs, site) => {
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
