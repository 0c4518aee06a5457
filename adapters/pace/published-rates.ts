/** A token bucket: requests at once, and additional requests per second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** The bucket that a request takes its token from. */
export interface NamedRate extends Rate {
  /** Unique within a service. */
  readonly name: string;
}

/** Burst, then tokens per second. */
type Row = readonly [burst: number, perSecond: number];

/**
 * EC2 developer guide, "Request throttling for the Amazon EC2 API": each action has a bucket per account and region;
 * these are the actions with their own numbers. RunInstances and TerminateInstances also count instances, of which the
 * factory has only a few.
 */
const EC2: Readonly<Record<string, Row>> = {
  RunInstances: [5, 2],
  TerminateInstances: [100, 5],
  CopyImage: [100, 1],
  DeregisterImage: [100, 5],
  ModifyImageAttribute: [100, 5],
  ModifySnapshotAttribute: [100, 5],
  CreateTags: [100, 10],
  CreateSnapshot: [100, 5],
  DeleteSnapshot: [100, 5],
  CreateLaunchTemplateVersion: [100, 5],
  ModifyLaunchTemplate: [100, 5],
  CreateStoreImageTask: [50, 0.1],
  CreateRestoreImageTask: [50, 0.1],
  EnableImageBlockPublicAccess: [1, 0.1],
  DisableImageBlockPublicAccess: [1, 0.1],
  EnableFastLaunch: [5, 2],
};

/** The same page's categories, for all other actions. */
const NON_MUTATING: Row = [100, 20];
const UNFILTERED: Row = [50, 10];
const MUTATING: Row = [50, 5];

/** Without filters and page size, these count as unfiltered. */
const BETTER_FILTERED: readonly string[] = ["DescribeInstances", "DescribeSnapshots", "DescribeVolumes"];

/**
 * Organizations user guide, "Quotas", "Throttling limits": the limits per account, which are below the organization's.
 */
const ORGANIZATIONS: Readonly<Record<string, Row>> = {
  DescribeAccount: [30, 20],
  DescribeOrganization: [2, 1],
  DescribeOrganizationalUnit: [2, 2],
  ListAccounts: [12, 8],
  ListAccountsForParent: [8, 5],
  ListChildren: [10, 6],
  ListDelegatedAdministrators: [8, 5],
  ListOrganizationalUnitsForParent: [8, 5],
  ListParents: [8, 5],
  ListPolicies: [8, 5],
  ListRoots: [2, 1],
  ListTagsForResource: [15, 10],
};

/**
 * AWS's published rate for a request; undefined where none is known here.
 * @param service the SDK client's service id: `EC2`, `Organizations`
 * @param operation the API's name: `CopyImage`
 */
export function publishedRate(service: string, operation: string, input: object): NamedRate | undefined {
  if (service === "EC2") return ec2Rate(operation, input);
  const row = service === "Organizations" ? rowOf(ORGANIZATIONS, operation) : undefined;
  return row && toRate(operation, row);
}

function ec2Rate(operation: string, input: object): NamedRate {
  const own = rowOf(EC2, operation);
  if (own) return toRate(operation, own);
  if (!/^(Describe|Get|List|Search)/.test(operation)) return toRate(operation, MUTATING);
  const filtered = ["Filters", "MaxResults", "NextToken"].some((name) => (input as Record<string, unknown>)[name]);
  if (filtered || !BETTER_FILTERED.includes(operation)) return toRate(operation, NON_MUTATING);
  return toRate(`${operation} unfiltered`, UNFILTERED);
}

const rowOf = (rows: Readonly<Record<string, Row>>, operation: string): Row | undefined =>
  Object.hasOwn(rows, operation) ? rows[operation] : undefined;

const toRate = (name: string, [burst, perSecond]: Row): NamedRate => ({ name, burst, perSecond });
