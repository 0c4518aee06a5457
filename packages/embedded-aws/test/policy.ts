/** Policies as IAM reads them. */
export const policy = (...Statement: readonly object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

/** A statement that allows actions. */
export const allow = (Action: string | readonly string[], Resource: string | readonly string[] = "*") => {
  return { Effect: "Allow", Action, Resource };
};

/** A role's trust policy. @param principal as in a statement, such as `{ Service: "ec2.amazonaws.com" }` */
export const trust = (principal: object | string): string =>
  policy({ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" });
