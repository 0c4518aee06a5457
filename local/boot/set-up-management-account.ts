import {
  ActivateOrganizationsAccessCommand,
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { OrganizationsClient, RegisterDelegatedAdministratorCommand } from "@aws-sdk/client-organizations";
import { EnableSharingWithAwsOrganizationCommand, RAMClient } from "@aws-sdk/client-ram";
import { forwarderName, trustedServices } from "../../core/organization/management-side.ts";
import { managementTemplate, type TemplateSettings } from "../../core/organization/management-template.ts";
import type { ClientOptions } from "./client-options.ts";

/**
 * Applies the output of `amint org setup` to an embedded AWS: its commands, then its template.
 * @param options client options for the management account in Organizations' region
 * @param pass waits while CloudFormation works
 * @throws ManagementStackFailed, and AWS's errors
 */
export async function setUpManagementAccount(
  settings: TemplateSettings,
  options: ClientOptions,
  pass: () => Promise<void>,
): Promise<void> {
  const cloudformation = new CloudFormationClient(options);
  await new RAMClient(options).send(new EnableSharingWithAwsOrganizationCommand({}));
  await cloudformation.send(new ActivateOrganizationsAccessCommand({}));
  const delegation = { AccountId: settings.account, ServicePrincipal: trustedServices.stackSets };
  await unlessThere("AccountAlreadyRegisteredException", () =>
    new OrganizationsClient(options).send(new RegisterDelegatedAdministratorCommand(delegation)),
  );
  const StackName = forwarderName(settings.factory.name);
  const TemplateBody = JSON.stringify(managementTemplate(settings));
  const stack = { StackName, TemplateBody, Capabilities: ["CAPABILITY_NAMED_IAM" as const] };
  const statusOf = async () => {
    const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
    return Stacks[0]?.StackStatus ?? "missing";
  };
  try {
    await cloudformation.send(new CreateStackCommand(stack));
  } catch (error) {
    if (!(error instanceof Error && error.name === "AlreadyExistsException")) throw error;
    // An interrupted command may have started an operation.
    while ((await statusOf()).endsWith("_IN_PROGRESS")) await pass();
    await unlessUnchanged(() => cloudformation.send(new UpdateStackCommand(stack)));
  }
  for (;;) {
    await pass();
    const status = await statusOf();
    if (status === "CREATE_COMPLETE" || status === "UPDATE_COMPLETE") return;
    if (status.endsWith("_IN_PROGRESS") && !status.includes("ROLLBACK")) continue;
    const { StackEvents = [] } = await cloudformation.send(new DescribeStackEventsCommand({ StackName }));
    const failed = StackEvents.find(({ ResourceStatus }) => ResourceStatus?.endsWith("_FAILED"));
    throw new ManagementStackFailed(StackName, failed?.ResourceStatusReason ?? status);
  }
}

async function unlessThere(refusal: string, act: () => Promise<unknown>): Promise<void> {
  await act().catch((error: Error) => {
    if (error.name !== refusal) throw error;
  });
}

/** CloudFormation reports an update without changes only in the message (API reference, UpdateStack). */
async function unlessUnchanged(act: () => Promise<unknown>): Promise<void> {
  await act().catch((error: Error) => {
    if (!error.message.includes("No updates are to be performed")) throw error;
  });
}

class ManagementStackFailed extends Error {
  override readonly name = "ManagementStackFailed";

  constructor(stack: string, reason: string) {
    super(`The stack ${stack} in the management account was not deployed: ${reason}`);
  }
}
