import {
  CreateResourceShareCommand,
  type CreateResourceShareCommandInput,
  GetResourceShareAssociationsCommand,
} from "@aws-sdk/client-ram";
import { FACTORY, MANAGEMENT, REGION } from "../ec2/an-aws.ts";
import { sharingAws } from "./sharing-aws.ts";

export const arnOf = (name: string) => `arn:aws:ssm:${REGION}:${FACTORY}:parameter${name}`;
export const STABLE = arnOf("/amint/base/stable");

/** A factory with an advanced parameter, and by default with organization sharing on. */
export async function sharing({ organization = true } = {}) {
  const world = sharingAws();
  if (organization) await world.ram(MANAGEMENT).enableSharingWithAwsOrganization({});
  for (const Name of ["/amint/base/stable", "/amint/base/candidate"]) {
    const input = { Name, Value: `ami-of-${Name.split("/").at(-1)}`, Type: "String", Tier: "Advanced" };
    await world.call(FACTORY, "ssm", "PutParameter", input);
  }
  const share = async (input: Partial<CreateResourceShareCommandInput> = {}) => {
    const command = new CreateResourceShareCommand({ name: "stable", resourceArns: [STABLE], ...input });
    const { resourceShare } = await world.ram().send(command);
    return resourceShare?.resourceShareArn ?? "";
  };
  const read = (account: string, Name = STABLE) =>
    world
      .ssm(account)
      .getParameter({ Name })
      .then(
        ({ Parameter }) => Parameter?.Value,
        (refusal: Error) => refusal.name,
      );
  const principals = async () => {
    const command = new GetResourceShareAssociationsCommand({ associationType: "PRINCIPAL" });
    const { resourceShareAssociations = [] } = await world.ram().send(command);
    return resourceShareAssociations.map(({ associatedEntity, status }) => `${associatedEntity} ${status}`);
  };
  return { ...world, share, read, principals };
}
