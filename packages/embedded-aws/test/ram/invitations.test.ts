import { expect, test } from "vitest";
import { watchBus } from "../../src/services/events/watch.ts";
import { aTrail, FACTORY, MANAGEMENT, STRANGER, WEB } from "../cloudtrail/a-trail.ts";
import { ORGANIZATION, SANDBOX, WORKLOADS_UNIT } from "../ec2/an-aws.ts";
import { sharing } from "./shared-aws.ts";

test("Without organization sharing, organization and OUs are unknown, and colleagues are invited", async () => {
  const { share, read, pass, ram, principals } = await sharing({ organization: false });

  const refusals = await Promise.all(
    [ORGANIZATION, WORKLOADS_UNIT].map((principal) => share({ principals: [principal] }).catch((one: Error) => one)),
  );
  await share({ principals: [SANDBOX] });
  await pass(10);
  const invited = [await read(SANDBOX), ...(await principals())];
  const { resourceShareInvitations = [] } = await ram(SANDBOX).getResourceShareInvitations({});
  const resourceShareInvitationArn = resourceShareInvitations[0]?.resourceShareInvitationArn;
  await ram(SANDBOX).acceptResourceShareInvitation({ resourceShareInvitationArn });
  await pass(10);

  expect(refusals).toMatchObject([
    { name: "UnknownResourceException", message: "Organization o-exampleorg1 could not be found." },
    { name: "UnknownResourceException", message: "OrganizationalUnit ou-abcd-workload could not be found." },
  ]);
  expect(invited).toEqual(["AccessDeniedException", `${SANDBOX} ASSOCIATING`]);
  expect(resourceShareInvitations).toMatchObject([{ senderAccountId: FACTORY, status: "PENDING" }]);
  expect([await read(SANDBOX), ...(await principals())]).toEqual(["ami-of-stable", `${SANDBOX} ASSOCIATED`]);
});

test("An account outside is invited where the share allows it, may reject, and has seven days", async () => {
  const { share, read, pass, ram, principals } = await sharing();
  const answer = async (account: string) => {
    const { resourceShareInvitations = [] } = await ram(account).getResourceShareInvitations({});
    return resourceShareInvitations[0]?.resourceShareInvitationArn;
  };
  const refusal = await share({ principals: [STRANGER], allowExternalPrincipals: false }).catch((one: Error) => one);
  await share({ principals: [STRANGER, "666677778888"] });

  const rejected = await answer(STRANGER);
  await ram(STRANGER).rejectResourceShareInvitation({ resourceShareInvitationArn: rejected });
  const again = ram(STRANGER).acceptResourceShareInvitation({ resourceShareInvitationArn: rejected });
  await expect(again).rejects.toMatchObject({ name: "ResourceShareInvitationAlreadyRejectedException" });
  const late = await answer("666677778888");
  await pass(8 * 24 * 3600);
  const accept = ram("666677778888").acceptResourceShareInvitation({ resourceShareInvitationArn: late });

  await expect(accept).rejects.toMatchObject({ name: "ResourceShareInvitationExpiredException" });
  expect(refusal).toMatchObject({
    name: "InvalidParameterException",
    message: `Principal ${STRANGER} is not in your AWS organization. You do not have permission to add external AWS accounts to a resource share.`,
  });
  expect(await read(STRANGER)).toBe("AccessDeniedException");
  expect(await principals()).not.toContain(`${STRANGER} ASSOCIATED`);
});

test("Pages of invitations have a separate error, as RAM documents it; other lists have the usual one", async () => {
  const { ram } = await sharing({ organization: false });
  const nameOf = (error: Error) => error.name;
  const client = ram(SANDBOX);

  const refusals = [
    await client.getResourceShareInvitations({ maxResults: 0 }).catch(nameOf),
    await client.getResourceShares({ maxResults: 501, resourceOwner: "SELF" }).catch(nameOf),
  ];

  expect(refusals).toEqual(["InvalidMaxResultsException", "ValidationException"]);
});

test("owner and principals are notified of what a share gives and takes away, in its region, and no other account is", async () => {
  const { aws, call, pass } = aTrail({ trail: "none" });
  await call("ram", "EnableSharingWithAwsOrganization", {}, { account: MANAGEMENT });
  const told: string[] = [];
  for (const account of [FACTORY, WEB, STRANGER]) {
    watchBus(aws, account, "eu-central-1", "default", (event) =>
      told.push(`${event.account} ${event["detail-type"]} ${event.detail.event} ${event.detail.status}`),
    );
  }
  const where = { region: "eu-central-1" };

  const { resourceShare } = await call<{ resourceShare: { resourceShareArn: string } }>(
    "ram",
    "CreateResourceShare",
    { name: "channels", principals: [WEB] },
    where,
  );
  await pass(60_000);
  await call(
    "ram",
    "DisassociateResourceShare",
    { resourceShareArn: resourceShare.resourceShareArn, principals: [WEB] },
    where,
  );
  await pass(60_000);

  const said = "Resource Sharing State Change Resource Share Association";
  expect(told).toEqual([
    `${FACTORY} ${said} associated`,
    `${WEB} ${said} associated`,
    `${FACTORY} ${said} disassociated`,
    `${WEB} ${said} disassociated`,
  ]);
});
