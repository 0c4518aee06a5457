import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import type { BuildArn } from "../../events/ids.ts";
import { IMAGE } from "./factory-of.ts";
import { FACTORY } from "./organization.ts";
import { trusting } from "./roles.ts";
import type { World } from "./world.ts";

/**
 * A state machine for promotions whose executions do nothing but last, for functions that ask which promotions run.
 * @param name as the function's environment names it
 */
export async function lastingPromotions({ client }: Pick<World, "client">, name = "promotion") {
  const role = { RoleName: "promotions", AssumeRolePolicyDocument: trusting("states") };
  await client(IAMClient).send(new CreateRoleCommand(role));
  const states = client(SFNClient);
  const definition = {
    QueryLanguage: "JSONata",
    StartAt: "Soak",
    States: { Soak: { Type: "Wait", Seconds: 90_000_000, End: true } },
  };
  const { stateMachineArn = "" } = await states.send(
    new CreateStateMachineCommand({
      name,
      roleArn: `arn:aws:iam::${FACTORY}:role/${role.RoleName}`,
      definition: JSON.stringify(definition),
    }),
  );
  return {
    promotionArn: stateMachineArn,
    /** @returns what stops it */
    async promote(build: BuildArn, image = IMAGE) {
      const { executionArn } = await states.send(
        new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ image, build }) }),
      );
      return () => states.send(new StopExecutionCommand({ executionArn }));
    },
  };
}
