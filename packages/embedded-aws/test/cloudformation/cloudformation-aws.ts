import { CloudFormation, CreateStackCommand, type CreateStackCommandInput } from "@aws-sdk/client-cloudformation";
import { FACTORY, REGION } from "../ec2/an-aws.ts";
import { sharingAws } from "../ram/sharing-aws.ts";

/** An organization, with CloudFormation's clients. */
export function cloudformationAws() {
  const world = sharingAws();
  const cloudformation = (account = FACTORY, region = REGION) => new CloudFormation(world.settings(account, region));
  const describe = async (StackName: string, account = FACTORY) =>
    (await cloudformation(account).describeStacks({ StackName })).Stacks?.[0];
  return {
    ...world,
    cloudformation,
    describe,
    create: async (TemplateBody: string, input: Partial<CreateStackCommandInput> = {}, account = FACTORY) => {
      const Capabilities = ["CAPABILITY_NAMED_IAM" as const];
      const command = new CreateStackCommand({ StackName: "stack", TemplateBody, Capabilities, ...input });
      const { StackId = "" } = await cloudformation(account).send(command);
      await world.pass(120);
      return StackId;
    },
    /** `<logical id> <status>`, the oldest first. */
    events: async (StackName: string, account = FACTORY) => {
      const { StackEvents = [] } = await cloudformation(account).describeStackEvents({ StackName });
      return StackEvents.reverse();
    },
  };
}
