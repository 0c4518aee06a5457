import { expect, test } from "vitest";
import { expectRefusal } from "../expect-refusal.ts";
import { aTrail, FACTORY, MANAGEMENT, STRANGER, WEB } from "./a-trail.ts";

const ORGANIZATION_TRAIL = `arn:aws:cloudtrail:us-east-1:${MANAGEMENT}:trail/organization-trail`;

interface Described {
  readonly trailList: readonly { readonly Name: string; readonly HomeRegion: string }[];
}

test("members of an organization see its trail in every region, as a shadow", async () => {
  const { call } = aTrail();

  const seen = await call<Described>("cloudtrail", "DescribeTrails", {}, { account: WEB });
  const own = await call<Described>("cloudtrail", "DescribeTrails", { includeShadowTrails: false }, { account: WEB });
  const outside = await call<Described>("cloudtrail", "DescribeTrails", {}, { account: STRANGER });

  expect(seen.trailList).toMatchObject([
    { TrailARN: ORGANIZATION_TRAIL, HomeRegion: "us-east-1", IsOrganizationTrail: true, IsMultiRegionTrail: true },
  ]);
  expect(own.trailList).toEqual([]);
  expect(outside.trailList).toEqual([]);
});

test("members read the status and the selectors of the organization's trail by its ARN, and cannot change it", async () => {
  const { call, pass } = aTrail();
  const Name = ORGANIZATION_TRAIL;
  await pass(12 * 60_000);

  const status = await call("cloudtrail", "GetTrailStatus", { Name });
  const selectors = await call("cloudtrail", "GetEventSelectors", { TrailName: Name });

  expect(status).toMatchObject({ IsLogging: true, LatestDeliveryTime: new Date(Date.UTC(2026, 3, 1, 8, 10)) });
  expect(selectors).toMatchObject({ EventSelectors: [{ ReadWriteType: "All", IncludeManagementEvents: true }] });
  await expectRefusal(call("cloudtrail", "GetTrailStatus", { Name: "organization-trail" }), "TrailNotFoundException");
  await expectRefusal(call("cloudtrail", "StopLogging", { Name }), "NotOrganizationMasterAccountException");
});

test("a trail is changed in its home region only", async () => {
  const { call } = aTrail();
  const Name = ORGANIZATION_TRAIL;

  const elsewhere = call("cloudtrail", "StopLogging", { Name }, { account: MANAGEMENT, region: "eu-west-1" });
  await expectRefusal(elsewhere, "InvalidHomeRegionException");
  await call("cloudtrail", "StopLogging", { Name }, { account: MANAGEMENT, region: "us-east-1" });

  expect(await call("cloudtrail", "GetTrailStatus", { Name })).toMatchObject({ IsLogging: false });
});

test("a trail that stopped logging records nothing, and all of it again when it starts", async () => {
  const { call, recorded } = aTrail();
  const home = { account: MANAGEMENT, region: "us-east-1" };
  const Name = ORGANIZATION_TRAIL;

  await call("cloudtrail", "StopLogging", { Name }, home);
  await call("kms", "CreateKey", {});
  await call("cloudtrail", "StartLogging", { Name }, home);
  await call("ram", "CreateResourceShare", { name: "channels" });

  expect(recorded().map(({ detail }) => detail.eventName)).toEqual(["CreateResourceShare"]);
});

test("a trail that leaves KMS out records no call of KMS", async () => {
  const { call, recorded } = aTrail();
  const EventSelectors = [{ IncludeManagementEvents: true, ExcludeManagementEventSources: ["kms.amazonaws.com"] }];
  const home = { account: MANAGEMENT, region: "us-east-1" };

  await call("cloudtrail", "PutEventSelectors", { TrailName: ORGANIZATION_TRAIL, EventSelectors }, home);
  await call("kms", "CreateKey", {});
  await call("ram", "CreateResourceShare", { name: "channels" });

  expect(recorded().map(({ detail }) => detail.eventName)).toEqual(["CreateResourceShare"]);
  expect(await call("cloudtrail", "GetTrail", { Name: ORGANIZATION_TRAIL })).toMatchObject({
    Trail: { HasCustomEventSelectors: true },
  });
});

test("advanced selectors record what they select", async () => {
  const { call, recorded } = aTrail();
  const FieldSelectors = [
    { Field: "eventCategory", Equals: ["Management"] },
    { Field: "eventSource", NotEquals: ["kms.amazonaws.com"] },
  ];
  const home = { account: MANAGEMENT, region: "us-east-1" };

  const asked = { TrailName: ORGANIZATION_TRAIL, AdvancedEventSelectors: [{ FieldSelectors }] };
  await call("cloudtrail", "PutEventSelectors", asked, home);
  await call("kms", "CreateKey", {});
  await call("ram", "CreateResourceShare", { name: "channels" });

  expect(recorded().map(({ detail }) => detail.eventName)).toEqual(["CreateResourceShare"]);
  expect(await call("cloudtrail", "GetEventSelectors", { TrailName: ORGANIZATION_TRAIL })).toEqual({
    TrailARN: ORGANIZATION_TRAIL,
    AdvancedEventSelectors: [{ FieldSelectors }],
  });
});

test("an account's own trail of one region records that region only, whatever other trails exist", async () => {
  const { call, recorded, imageIn } = aTrail({ trail: "none" });
  await aBucket(call);
  await call("cloudtrail", "CreateTrail", { Name: "own", S3BucketName: "logs" });
  const share = (region: string) => call("ec2", "DisableImage", { ImageId: imageIn(region) }, { region });

  await share("eu-west-1");
  await call("cloudtrail", "StartLogging", { Name: "own" });
  await share("eu-west-1");
  await share("us-east-1");
  await call("kms", "CreateKey", {}, { account: WEB });

  expect(recorded()).toMatchObject([{ account: FACTORY, region: "eu-west-1", detail: { eventName: "DisableImage" } }]);
});

test("only the management account of an organization that trusts CloudTrail makes an organization trail", async () => {
  const { call } = aTrail({ trail: "none" });
  await aBucket(call);
  const asked = { Name: "all", S3BucketName: "logs", IsOrganizationTrail: true };
  const made = (account: string) => call("cloudtrail", "CreateTrail", asked, { account });

  await expectRefusal(made(STRANGER), "OrganizationsNotInUseException");
  await expectRefusal(made(FACTORY), "NotOrganizationMasterAccountException");
  await expectRefusal(made(MANAGEMENT), "CloudTrailAccessNotEnabledException");
});

test("a second trail of the same name and a sixth trail of a region are refused", async () => {
  const { call } = aTrail({ trail: "none" });
  await aBucket(call);
  const made = (Name: string) => call("cloudtrail", "CreateTrail", { Name, S3BucketName: "logs" });

  await made("trail-0");
  await expectRefusal(made("trail-0"), "TrailAlreadyExistsException");
  for (const n of [1, 2, 3, 4]) await made(`trail-${n}`);

  await expectRefusal(made("trail-5"), "MaximumNumberOfTrailsExceededException");
});

/** A bucket of the factory's account that CloudTrail may write to. */
async function aBucket(call: ReturnType<typeof aTrail>["call"]): Promise<void> {
  const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" };
  await call("s3", "CreateBucket", { Bucket: "logs", CreateBucketConfiguration });
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  const Statement = [
    { Effect: "Allow", Principal, Action: "s3:GetBucketAcl", Resource: "arn:aws:s3:::logs" },
    { Effect: "Allow", Principal, Action: "s3:PutObject", Resource: "arn:aws:s3:::logs/AWSLogs/*" },
  ];
  await call("s3", "PutBucketPolicy", { Bucket: "logs", Policy: JSON.stringify({ Version: "2012-10-17", Statement }) });
}
