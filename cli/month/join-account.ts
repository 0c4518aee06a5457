import {
  CreateAccountCommand,
  DescribeCreateAccountStatusCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { ORGANIZATIONS_REGION } from "../../core/share/management-side.ts";
import type { RunningFactory } from "./boot-factory.ts";
import { clientOptions } from "./client-options.ts";
import { joining } from "./story.ts";

/** Asks Organizations for an account. @returns what moves it into its unit, once it is there, and tells its id */
export async function openAccount(
  { options }: RunningFactory,
  { organization }: Factory,
): Promise<() => Promise<string>> {
  const organizations = new OrganizationsClient({
    ...options,
    ...clientOptions(options.endpoint, organization.managementAccountId, ORGANIZATIONS_REGION),
  });
  const { name: AccountName, email: Email, unit: DestinationParentId } = joining;
  const { CreateAccountStatus: asked } = await organizations.send(new CreateAccountCommand({ AccountName, Email }));
  return async () => {
    const { CreateAccountStatus: made } = await organizations.send(
      new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: asked?.Id }),
    );
    const AccountId = made?.AccountId ?? "";
    const SourceParentId = organization.rootId;
    await organizations.send(new MoveAccountCommand({ AccountId, SourceParentId, DestinationParentId }));
    return AccountId;
  };
}
