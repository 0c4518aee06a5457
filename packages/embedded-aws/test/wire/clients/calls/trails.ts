import { answered, type FactoryCall, ofService, PRESENT, refused } from "../factory-call.ts";

const account = "111122223333";
const Bucket = "trail-of-the-factory";
const Name = "factory";
const arn = `arn:aws:cloudtrail:eu-west-1:${account}:trail/${Name}`;
const organizations = `arn:aws:cloudtrail:us-east-1:${account}:trail/organization-trail`;
const Principal = { Service: "cloudtrail.amazonaws.com" };
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal, Action: "s3:GetBucketAcl", Resource: `arn:aws:s3:::${Bucket}` },
    { Effect: "Allow", Principal, Action: "s3:PutObject", Resource: `arn:aws:s3:::${Bucket}/AWSLogs/${account}/*` },
  ],
});
const unknown = "400 TrailNotFoundException: Unknown trail: ";
const withoutKms = {
  ReadWriteType: "WriteOnly",
  IncludeManagementEvents: true,
  DataResources: [],
  ExcludeManagementEventSources: ["kms.amazonaws.com"],
};

export const TRAIL_CALLS: readonly FactoryCall[] = ofService("cloudtrail", [
  refused("CreateTrail", { Name, S3BucketName: Bucket }).with(
    `400 S3BucketDoesNotExistException: S3 bucket ${Bucket} does not exist!`,
  ),
  answered("s3:CreateBucket", { Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
  refused("CreateTrail", { Name, S3BucketName: Bucket }).with(
    "400 InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is detected",
  ),
  answered("s3:PutBucketPolicy", { Bucket, Policy: policy }),
  refused("CreateTrail", { Name: "fa", S3BucketName: Bucket }).with(
    "400 InvalidTrailNameException: Trail name too short.",
  ),
  answered("CreateTrail", { Name, S3BucketName: Bucket, TagsList: [{ Key: "a", Value: "é" }] }).says({
    TrailARN: arn,
    IsMultiRegionTrail: false,
    IncludeGlobalServiceEvents: true,
  }),
  answered("GetTrailStatus", { Name }).says({ IsLogging: false }),
  answered("StartLogging", { Name }),
  answered("GetTrailStatus", { Name: arn }, { after: 10 }).says({
    IsLogging: true,
    StartLoggingTime: PRESENT,
    LatestDeliveryTime: PRESENT,
  }),
  answered("StopLogging", { Name }),
  answered("UpdateTrail", { Name, IsMultiRegionTrail: true }).says({ IsMultiRegionTrail: true }),
  answered("GetTrail", { Name: organizations }).says({ "Trail.IsOrganizationTrail": true }),
  answered("DescribeTrails", { includeShadowTrails: false }).says({ "trailList.0.Name": Name }),
  answered("DescribeTrails", { trailNameList: ["no-such-trail"] }).says({ trailList: [] }),
  answered("ListTrails").says({ "Trails.1.TrailARN": arn, "Trails.1.HomeRegion": "eu-west-1" }),
  answered("PutEventSelectors", { TrailName: Name, EventSelectors: [withoutKms] }).says({
    "EventSelectors.0.ExcludeManagementEventSources": ["kms.amazonaws.com"],
  }),
  refused("PutEventSelectors", {
    TrailName: Name,
    EventSelectors: [{ ...withoutKms, ExcludeManagementEventSources: ["ec2.amazonaws.com"] }],
  }).with("400 InvalidEventSelectorsException: ExcludeManagementEventSources"),
  answered("GetEventSelectors", { TrailName: arn }).says({ "EventSelectors.0.ReadWriteType": "WriteOnly" }),
  answered("AddTags", { ResourceId: arn, TagsList: [{ Key: "b", Value: "c" }] }),
  answered("RemoveTags", { ResourceId: arn, TagsList: [{ Key: "a" }] }),
  answered("ListTags", { ResourceIdList: [arn] }).says({ "ResourceTagList.0.TagsList": [{ Key: "b", Value: "c" }] }),
  answered("DeleteTrail", { Name }),
  refused("GetTrail", { Name }).with(unknown),
]);
