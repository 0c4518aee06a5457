import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import type { BuildArn } from "../../events/ids.ts";
import { IMAGE } from "./factory-of.ts";
import { FACTORY } from "./organization.ts";
import { trusting } from "./roles.ts";
import type { World } from "./world.ts";

/**
 * A promotion state machine whose executions only wait, for functions that list running promotions.
 * @param name the name in the function's environment
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
    /** @returns a function that stops it */
    async promote(build: BuildArn, image = IMAGE) {
      const { executionArn } = await states.send(
        new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ image, build }) }),
      );
      return () => states.send(new StopExecutionCommand({ executionArn }));
    },
  };
}
