/** How a service's lists are paged. */
export interface Names {
  readonly size?: string;
  readonly asked: string;
  readonly given: string;
  readonly refusal: string;
}

const awsJson = { asked: "NextToken", given: "NextToken" };
/** By service; `<service>:<operation>` where an operation differs from its service. */
export const NAMES: Readonly<Record<string, Names>> = {
  autoscaling: { ...awsJson, size: "MaxRecords", refusal: "InvalidNextToken" },
  cloudtrail: { ...awsJson, refusal: "InvalidTokenException" },
  cloudformation: { ...awsJson, size: "MaxResults", refusal: "ValidationError" },
  "cloudformation:DescribeStackEvents": { ...awsJson, refusal: "ValidationError" },
  "cloudformation:DescribeStacks": { ...awsJson, refusal: "ValidationError" },
  ecr: { asked: "nextToken", given: "nextToken", size: "maxResults", refusal: "InvalidParameterException" },
  ebs: { ...awsJson, size: "MaxResults", refusal: "ValidationException" },
  ec2: { ...awsJson, size: "MaxResults", refusal: "InvalidPaginationToken" },
  events: { ...awsJson, size: "Limit", refusal: "ValidationException" },
  iam: { asked: "Marker", given: "Marker", size: "MaxItems", refusal: "ValidationError" },
  imagebuilder: {
    asked: "nextToken",
    given: "nextToken",
    size: "maxResults",
    refusal: "InvalidPaginationTokenException",
  },
  inspector2: { asked: "nextToken", given: "nextToken", size: "maxResults", refusal: "ValidationException" },
  kms: { asked: "Marker", given: "NextMarker", size: "Limit", refusal: "InvalidMarkerException" },
  lambda: { asked: "Marker", given: "NextMarker", size: "MaxItems", refusal: "InvalidParameterValueException" },
  logs: { asked: "nextToken", given: "nextToken", size: "limit", refusal: "InvalidParameterException" },
  monitoring: { ...awsJson, size: "MaxRecords", refusal: "InvalidNextToken" },
  "monitoring:GetMetricData": { ...awsJson, size: "MaxDatapoints", refusal: "InvalidNextToken" },
  "monitoring:ListDashboards": { ...awsJson, refusal: "InvalidNextToken" },
  "monitoring:ListMetrics": { ...awsJson, refusal: "InvalidNextToken" },
  organizations: { ...awsJson, size: "MaxResults", refusal: "InvalidInputException" },
  rbin: { ...awsJson, size: "MaxResults", refusal: "ValidationException" },
  ram: { asked: "nextToken", given: "nextToken", size: "maxResults", refusal: "InvalidNextTokenException" },
  scheduler: { ...awsJson, size: "MaxResults", refusal: "ValidationException" },
  servicequotas: { ...awsJson, size: "MaxResults", refusal: "InvalidPaginationTokenException" },
  sns: { ...awsJson, refusal: "InvalidParameterException" },
  sqs: { ...awsJson, size: "MaxResults", refusal: "InvalidParameterValue" },
  ssm: { ...awsJson, size: "MaxResults", refusal: "InvalidNextToken" },
  states: { asked: "nextToken", given: "nextToken", size: "maxResults", refusal: "InvalidToken" },
  "s3:ListBuckets": {
    asked: "ContinuationToken",
    given: "ContinuationToken",
    size: "MaxBuckets",
    refusal: "InvalidArgument",
  },
  "s3:ListObjectsV2": {
    asked: "ContinuationToken",
    given: "NextContinuationToken",
    size: "MaxKeys",
    refusal: "InvalidArgument",
  },
};
