import { CloudTrailClient, PutEventSelectorsCommand, StopLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { expect, test } from "vitest";
import { MANAGEMENT } from "../../world/organization.ts";
import { openValidated } from "./validated-world.ts";

const ofOrganization = { factory: { cloudTrail: "organization" as const } };

async function trailFindings(
  given: Parameters<typeof openValidated>[0],
  change?: "stop" | "exclude-kms" | "read-only",
) {
  const world = await openValidated(given);
  const management = new CloudTrailClient(world.optionsOf(MANAGEMENT, "us-east-1"));
  const TrailName = "organization-trail";
  const select = (selector: object) =>
    management.send(
      new PutEventSelectorsCommand({
        TrailName,
        EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: "All", ...selector }],
      }),
    );
  if (change === "stop") await management.send(new StopLoggingCommand({ Name: TrailName }));
  if (change === "exclude-kms") await select({ ExcludeManagementEventSources: ["kms.amazonaws.com"] });
  if (change === "read-only") await select({ ReadWriteType: "ReadOnly" });
  return (await world.findings()).filter(({ where }) => where === "cloudTrail").map(({ what }) => what);
}

test("the organization's trail that logs management events in all regions is as it should be", async () => {
  expect(await trailFindings(ofOrganization)).toEqual([]);
});

test("without a trail in the config none is looked for", async () => {
  expect(await trailFindings({}, "stop")).toEqual([]);
});

test("a trail that is stopped, or leaves out what KMS or writes report, is found", async () => {
  const stopped = await trailFindings(ofOrganization, "stop");
  const withoutKms = await trailFindings(ofOrganization, "exclude-kms");
  const readOnly = await trailFindings(ofOrganization, "read-only");

  expect(stopped).toEqual([expect.stringMatching(/trail\/organization-trail is stopped$/)]);
  expect(withoutKms).toEqual([
    expect.stringMatching(/does not log writes .* or excludes those of kms\.amazonaws\.com$/),
  ]);
  expect(readOnly).toEqual(withoutKms);
});

test("a missing trail in the factory's account is found", async () => {
  expect(await trailFindings({ factory: { cloudTrail: "own" } })).toEqual([
    expect.stringMatching(/^this account has no trail of its own/),
  ]);
});
