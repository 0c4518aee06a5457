/** One thing that a role may do: actions on named resources. `*` stands only where AWS leaves no choice. */
export interface Grant {
  readonly actions: string[];
  readonly resources: $util.Input<string>[];
  readonly conditions?: { readonly test: string; readonly variable: string; readonly values: string[] }[];
}

/** The IAM policy of grants, as JSON. */
export const policyOf = (grants: Grant[]): $util.Output<string> =>
  aws.iam.getPolicyDocumentOutput({ statements: grants }).json;
