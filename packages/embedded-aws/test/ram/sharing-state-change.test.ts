import { expect, test } from "vitest";
import { watchBus } from "../../src/services/events/watch.ts";
import { aTrail, FACTORY, MANAGEMENT, STRANGER, WEB } from "../cloudtrail/a-trail.ts";

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
