/** The principal of a request. */
export type Principal =
  /** The account itself, allowed everything in it. A 12-digit access key id stands for it. */
  | { readonly kind: "account"; readonly account: string; readonly arn: string }
  /** A role's session; the role's policies decide. */
  | {
      readonly kind: "role";
      readonly account: string;
      /** `arn:aws:iam::<account>:role/<name>` */
      readonly roleArn: string;
      /** `arn:aws:sts::<account>:assumed-role/<name>/<session>` */
      readonly arn: string;
    }
  /** An AWS service on its own behalf, e.g. EventBridge delivering to a function: resource policies decide. */
  | {
      readonly kind: "service";
      readonly account: string;
      /** `events.amazonaws.com` */
      readonly service: string;
      readonly arn: string;
      /** The resource for which it acts: `aws:SourceArn`. */
      readonly sourceArn: string;
    };

export const accountPrincipal = (account: string): Principal => ({
  kind: "account",
  account,
  arn: `arn:aws:iam::${account}:root`,
});

export const rolePrincipal = (roleArn: string, session: string): Principal => {
  const account = roleArn.split(":")[4] ?? "";
  const role = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  return { kind: "role", account, roleArn, arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}` };
};

export const servicePrincipal = (service: string, account: string, sourceArn: string): Principal => ({
  kind: "service",
  account,
  service,
  arn: service,
  sourceArn,
});
