import type * as Sdk from "@aws-sdk/client-ssm";
import type { Call, Operations } from "../../engine/operation.ts";
import { forgetResource } from "../ram/state.ts";
import { authorizeParameter } from "./authorize-parameter.ts";
import { requireParameter } from "./find-parameter.ts";
import { publishParameterChange } from "./parameter-change.ts";
import { requireWritableName } from "./parameter-name.ts";
import { latest, type Parameter, ssmState } from "./state.ts";

function remove(call: Call, parameter: Parameter): void {
  call.aws.state(ssmState, call.account, call.region).parameters.delete(parameter.name);
  forgetResource(call.aws, call.region, parameter.arn);
  const { type, description } = latest(parameter);
  publishParameterChange(call.aws, {
    account: call.account,
    region: call.region,
    arn: parameter.arn,
    name: parameter.name,
    type,
    operation: "Delete",
    description,
  });
}

export const operations = {
  DeleteParameter: {
    authorize: (input, call) => [authorizeParameter(call, input.Name)],
    run(input, call) {
      requireWritableName(input.Name ?? "");
      remove(call, requireParameter(call.aws, call, input.Name));
      return {};
    },
  },
  /** Names that aren't there come back as invalid. */
  DeleteParameters: {
    authorize: (input, call) => (input.Names ?? []).map((name) => authorizeParameter(call, name)),
    run(input, call) {
      const { parameters } = call.aws.state(ssmState, call.account, call.region);
      const names = [...new Set(input.Names)];
      const there = names.flatMap((name) => parameters.get(name) ?? []);
      for (const parameter of there) remove(call, parameter);
      const deleted = there.map(({ name }) => name);
      return { DeletedParameters: deleted, InvalidParameters: names.filter((name) => !deleted.includes(name)) };
    },
  },
} satisfies Operations<typeof Sdk>;
