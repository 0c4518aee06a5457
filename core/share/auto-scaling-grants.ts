/** A grant for Auto Scaling on one of the factory's keys. */
export interface KnownGrant {
  readonly id: string;
  readonly account: string;
}

/** Grants by region. */
type Grants = ReadonlyMap<string, readonly KnownGrant[]>;

export interface GrantPlan {
  /** Sorted accounts, with the regions in which they lack the grant. */
  readonly make: readonly { readonly account: string; readonly regions: readonly string[] }[];
  /** Grants of accounts that no channel reaches. */
  readonly revoke: readonly { readonly region: string; readonly id: string; readonly account: string }[];
}

/**
 * Plans one grant for each account and region that a channel reaches, and no others.
 * @param wanted accounts by region
 */
export function planGrants(wanted: ReadonlyMap<string, ReadonlySet<string>>, known: Grants): GrantPlan {
  const missing = new Map<string, string[]>();
  for (const [region, accounts] of wanted) {
    const granted = new Set(known.get(region)?.map(({ account }) => account));
    for (const account of accounts) {
      if (!granted.has(account)) missing.set(account, [...(missing.get(account) ?? []), region]);
    }
  }
  const revoke = [...known].flatMap(([region, grants]) =>
    grants.filter(({ account }) => !wanted.get(region)?.has(account)).map((grant) => ({ region, ...grant })),
  );
  const make = [...missing].map(([account, regions]) => ({ account, regions }));
  return { make: make.toSorted((a, b) => (a.account < b.account ? -1 : 1)), revoke };
}
/**
 * The operations that Auto Scaling needs to launch (Auto Scaling user guide, "Required AWS KMS key policy for use with
 * encrypted volumes"). The policies of the factory's keys allow consumers to grant only these.
 */
export const AUTO_SCALING_OPERATIONS = [
  "CreateGrant",
  "Decrypt",
  "DescribeKey",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "ReEncryptFrom",
  "ReEncryptTo",
] as const;

/** Auto Scaling's service-linked role in an account. */
export const autoScalingRoleArn = (partition: string, account: string): string =>
  `arn:${partition}:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
