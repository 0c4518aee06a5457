/** The role that Image Builder works as where it was given none. */
export const serviceLinkedRole = (account: string): string =>
  `arn:aws:iam::${account}:role/aws-service-role/imagebuilder.amazonaws.com/AWSServiceRoleForImageBuilder`;
