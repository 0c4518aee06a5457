import { answered, type FactoryCall, PRESENT, refused } from "../factory-call.ts";

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
const unknown = { code: "TrailNotFoundException", status: 400, message: "Unknown trail: " };
const withoutKms = {
  ReadWriteType: "WriteOnly",
  IncludeManagementEvents: true,
  DataResources: [],
  ExcludeManagementEventSources: ["kms.amazonaws.com"],
};

export const TRAIL_CALLS: readonly FactoryCall[] = [
  refused(
    "cloudtrail:CreateTrail",
    { Name, S3BucketName: Bucket },
    { code: "S3BucketDoesNotExistException", status: 400, message: `S3 bucket ${Bucket} does not exist!` },
  ),
  answered("s3:CreateBucket", { Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
  refused(
    "cloudtrail:CreateTrail",
    { Name, S3BucketName: Bucket },
    { code: "InsufficientS3BucketPolicyException", status: 400, message: "Incorrect S3 bucket policy is detected" },
  ),
  answered("s3:PutBucketPolicy", { Bucket, Policy: policy }),
  refused(
    "cloudtrail:CreateTrail",
    { Name: "fa", S3BucketName: Bucket },
    { code: "InvalidTrailNameException", status: 400, message: "Trail name too short." },
  ),
  answered(
    "cloudtrail:CreateTrail",
    { Name, S3BucketName: Bucket, TagsList: [{ Key: "a", Value: "é" }] },
    { TrailARN: arn, IsMultiRegionTrail: false, IncludeGlobalServiceEvents: true },
  ),
  answered("cloudtrail:GetTrailStatus", { Name }, { IsLogging: false }),
  answered("cloudtrail:StartLogging", { Name }),
  answered(
    "cloudtrail:GetTrailStatus",
    { Name: arn },
    { IsLogging: true, StartLoggingTime: PRESENT, LatestDeliveryTime: PRESENT },
    { after: 10 },
  ),
  answered("cloudtrail:StopLogging", { Name }),
  answered("cloudtrail:UpdateTrail", { Name, IsMultiRegionTrail: true }, { IsMultiRegionTrail: true }),
  answered("cloudtrail:GetTrail", { Name: organizations }, { "Trail.IsOrganizationTrail": true }),
  answered("cloudtrail:DescribeTrails", { includeShadowTrails: false }, { "trailList.0.Name": Name }),
  answered("cloudtrail:DescribeTrails", { trailNameList: ["no-such-trail"] }, { trailList: [] }),
  answered("cloudtrail:ListTrails", {}, { "Trails.1.TrailARN": arn, "Trails.1.HomeRegion": "eu-west-1" }),
  answered(
    "cloudtrail:PutEventSelectors",
    { TrailName: Name, EventSelectors: [withoutKms] },
    { "EventSelectors.0.ExcludeManagementEventSources": ["kms.amazonaws.com"] },
  ),
  refused(
    "cloudtrail:PutEventSelectors",
    { TrailName: Name, EventSelectors: [{ ...withoutKms, ExcludeManagementEventSources: ["ec2.amazonaws.com"] }] },
    { code: "InvalidEventSelectorsException", status: 400, message: "ExcludeManagementEventSources" },
  ),
  answered("cloudtrail:GetEventSelectors", { TrailName: arn }, { "EventSelectors.0.ReadWriteType": "WriteOnly" }),
  answered("cloudtrail:AddTags", { ResourceId: arn, TagsList: [{ Key: "b", Value: "c" }] }),
  answered("cloudtrail:RemoveTags", { ResourceId: arn, TagsList: [{ Key: "a" }] }),
  answered(
    "cloudtrail:ListTags",
    { ResourceIdList: [arn] },
    { "ResourceTagList.0.TagsList": [{ Key: "b", Value: "c" }] },
  ),
  answered("cloudtrail:DeleteTrail", { Name }),
  refused("cloudtrail:GetTrail", { Name }, unknown),
];
