/** A token bucket's size and its refill rate per second. */
export interface Bucket {
  readonly burst: number;
  readonly perSecond: number;
}

/** The buckets that a request takes a token from. */
export interface PublishedLimit {
  /** For the account, in the request's region. */
  readonly account: Bucket;
  /** For all accounts of the organization together. */
  readonly organization?: Bucket;
}

const bucket = (burst: number, perSecond: number): Bucket => ({ burst, perSecond });

/**
 * EC2 developer guide, "Request throttling for the Amazon EC2 API": a bucket for each operation, account and region;
 * operations that are not listed have the bucket of their category. Not built: the second kind of bucket, which
 * counts instances (RunInstances 1000 and 2 a second).
 */
const EC2: Readonly<Record<string, Bucket>> = {
  CopyImage: bucket(100, 1),
  CreateLaunchTemplateVersion: bucket(100, 5),
  CreateRestoreImageTask: bucket(50, 0.1),
  CreateSnapshot: bucket(100, 5),
  CreateStoreImageTask: bucket(50, 0.1),
  CreateTags: bucket(100, 10),
  DeleteSnapshot: bucket(100, 5),
  DeregisterImage: bucket(100, 5),
  DisableImageBlockPublicAccess: bucket(1, 0.1),
  EnableFastLaunch: bucket(5, 2),
  EnableImageBlockPublicAccess: bucket(1, 0.1),
  ModifyImageAttribute: bucket(100, 5),
  ModifyLaunchTemplate: bucket(100, 5),
  ModifySnapshotAttribute: bucket(100, 5),
  RunInstances: bucket(5, 2),
  TerminateInstances: bucket(100, 5),
};
const EC2_READING = bucket(100, 20);
const EC2_UNFILTERED = bucket(50, 10);
const EC2_MUTATING = bucket(50, 5);

/** For these, requests with neither a filter nor a page size have a smaller bucket. */
const UNFILTERED: ReadonlySet<string> = new Set(["DescribeInstances", "DescribeSnapshots", "DescribeVolumes"]);

/**
 * Organizations user guide, "Quotas", "Throttling limits": rate and burst, by account and by organization. Operations
 * that are not listed have limits in AWS, but their values are not known here, so they are not limited.
 */
const ORGANIZATIONS: Readonly<Record<string, PublishedLimit>> = {
  DescribeAccount: { account: bucket(30, 20), organization: bucket(36, 24) },
  DescribeOrganization: { account: bucket(2, 1) },
  DescribeOrganizationalUnit: { account: bucket(2, 2), organization: bucket(3, 2) },
  ListAccounts: { account: bucket(12, 8), organization: bucket(15, 9) },
  ListAccountsForParent: { account: bucket(8, 5), organization: bucket(10, 6) },
  ListChildren: { account: bucket(10, 6), organization: bucket(12, 7) },
  ListDelegatedAdministrators: { account: bucket(8, 5), organization: bucket(10, 6) },
  ListOrganizationalUnitsForParent: { account: bucket(8, 5), organization: bucket(10, 6) },
  ListParents: { account: bucket(8, 5), organization: bucket(10, 6) },
  ListPolicies: { account: bucket(8, 5) },
  ListRoots: { account: bucket(2, 1), organization: bucket(3, 1) },
  ListTagsForResource: { account: bucket(15, 10), organization: bucket(18, 12) },
};

/** Undefined without a known published limit. `name` distinguishes the buckets of one operation. */
export function publishedLimit(
  service: string,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): (PublishedLimit & { readonly name: string }) | undefined {
  if (service === "ec2") return ec2Limit(operation, input);
  const limit = service === "organizations" && Object.hasOwn(ORGANIZATIONS, operation) && ORGANIZATIONS[operation];
  return limit ? { ...limit, name: operation } : undefined;
}

function ec2Limit(operation: string, input: Readonly<Record<string, unknown>>) {
  const own = Object.hasOwn(EC2, operation) ? EC2[operation] : undefined;
  if (own) return { name: operation, account: own };
  if (!/^(Describe|Get|List|Search)/.test(operation)) return { name: operation, account: EC2_MUTATING };
  const unfiltered = UNFILTERED.has(operation) && !input.MaxResults && !input.NextToken && !input.Filters;
  return unfiltered
    ? { name: `${operation} unfiltered`, account: EC2_UNFILTERED }
    : { name: operation, account: EC2_READING };
}
